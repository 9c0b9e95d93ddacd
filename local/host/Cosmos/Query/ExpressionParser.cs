using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>Parses expressions by precedence: ? : and ??, OR, AND, NOT, comparisons, || , + -, * / %, unary, paths.</summary>
internal sealed class ExpressionParser(
    TokenReader tokens, List<string> aliases, IReadOnlyDictionary<string, SqlValue> parameters)
{
    private const int DepthLimit = 200;
    private readonly List<Aggregate> aggregates = [];
    private int depth;

    public IReadOnlyList<Aggregate> Aggregates => aggregates;

    public SqlExpression Parse()
    {
        // A stack overflow would take the whole process.
        if (++depth > DepthLimit)
        {
            throw new RefusedException($"The query is nested deeper than {DepthLimit} levels.");
        }
        SqlExpression condition = Or();
        if (tokens.Accept("??"))
        {
            condition = new Coalesce(condition, Parse());
        }
        else if (tokens.Accept("?"))
        {
            SqlExpression then = Parse();
            tokens.Expect(":");
            condition = new Conditional(condition, then, Parse());
        }
        depth--;
        return condition;
    }

    /// <summary>A number, string, true, false, null, undefined or parameter.</summary>
    public SqlValue Literal()
    {
        Token token = tokens.Current;
        SqlValue? value = token.Kind switch
        {
            TokenKind.Number => SqlValue.Of(double.Parse(token.Text, CultureInfo.InvariantCulture)),
            TokenKind.Text => SqlValue.Of(token.Text),
            TokenKind.Parameter => parameters.TryGetValue(token.Text, out SqlValue bound)
                ? bound
                : throw new RefusedException($"The parameter '{token.Text}' has no value."),
            TokenKind.Name when token.Is("true") => SqlValue.True,
            TokenKind.Name when token.Is("false") => SqlValue.False,
            TokenKind.Name when token.Is("null") => SqlValue.Null,
            TokenKind.Name when token.Is("undefined") => SqlValue.Undefined,
            _ => null,
        };
        tokens.Position += value is null ? 0 : 1;
        return value ?? throw tokens.Unexpected("a value expected");
    }

    /// <summary>Any number of <c>.name</c> and <c>[…]</c> after an expression.</summary>
    public SqlExpression Path(SqlExpression owner)
    {
        while (true)
        {
            if (tokens.Accept("."))
            {
                owner = new Member(owner, tokens.Name());
            }
            else if (tokens.Accept("["))
            {
                SqlExpression index = Parse();
                tokens.Expect("]");
                owner = index is Constant { Value.Type: SqlType.Text } name
                    ? new Member(owner, name.Value.Text)
                    : new Element(owner, index);
            }
            else
            {
                return owner;
            }
        }
    }

    private SqlExpression Or()
    {
        SqlExpression left = And();
        while (tokens.Accept("OR"))
        {
            left = new Logical(left, And(), IsAnd: false);
        }
        return left;
    }

    private SqlExpression And()
    {
        SqlExpression left = Negation();
        while (tokens.Accept("AND"))
        {
            left = new Logical(left, Negation(), IsAnd: true);
        }
        return left;
    }

    private SqlExpression Negation() => tokens.Accept("NOT") ? new Not(Negation()) : Compared();

    private SqlExpression Compared()
    {
        SqlExpression left = Sum();
        if (tokens.Current.Kind == TokenKind.Symbol && tokens.Current.Text is "=" or "!=" or "<>" or "<" or ">" or "<=" or ">=")
        {
            string op = tokens.Take().Text;
            return new Comparison(op == "<>" ? "!=" : op, left, Sum());
        }
        bool negated = tokens.Current.Is("NOT");
        tokens.Position += negated ? 1 : 0;
        SqlExpression? test =
            tokens.Accept("IN") ? InList(left)
            : tokens.Accept("BETWEEN") ? Between(left)
            : tokens.Accept("LIKE") ? Like.Parse(left, Sum(), tokens)
            : null;
        if (test is null)
        {
            return negated ? throw tokens.Unexpected("IN, BETWEEN or LIKE expected") : left;
        }
        return negated ? new Not(test) : test;
    }

    private In InList(SqlExpression value)
    {
        tokens.Expect("(");
        if (tokens.Current.Is("SELECT"))
        {
            throw new RefusedException("Subqueries are not supported by the embedded endpoint.");
        }
        return new In(value, List(")"));
    }

    private Logical Between(SqlExpression value)
    {
        SqlExpression low = Sum();
        tokens.Expect("AND");
        return new Logical(new Comparison(">=", value, low), new Comparison("<=", value, Sum()), IsAnd: true);
    }

    private SqlExpression Sum()
    {
        SqlExpression left = Product();
        while (tokens.Current.Kind == TokenKind.Symbol && tokens.Current.Text is "+" or "-" or "||")
        {
            string op = tokens.Take().Text;
            left = op == "||"
                ? SystemFunctions.Call("CONCAT", [left, Product()])
                : new Arithmetic(op, left, Product());
        }
        return left;
    }

    private SqlExpression Product()
    {
        SqlExpression left = Unary();
        while (tokens.Current.Kind == TokenKind.Symbol && tokens.Current.Text is "*" or "/" or "%")
        {
            left = new Arithmetic(tokens.Take().Text, left, Unary());
        }
        return left;
    }

    private SqlExpression Unary()
    {
        if (tokens.Accept("-"))
        {
            return Unary() switch
            {
                Constant { Value.Type: SqlType.Number } number => new Constant(SqlValue.Of(-number.Value.Number)),
                { } inner => new Arithmetic("-", new Constant(SqlValue.Of(0)), inner),
            };
        }
        return tokens.Accept("+") ? Unary() : Path(Primary());
    }

    private SqlExpression Primary()
    {
        if (tokens.Accept("("))
        {
            if (tokens.Current.Is("SELECT"))
            {
                throw new RefusedException("Subqueries are not supported by the embedded endpoint.");
            }
            SqlExpression inner = Parse();
            tokens.Expect(")");
            return inner;
        }
        if (tokens.Accept("["))
        {
            return new ArrayLiteral(List("]"));
        }
        if (tokens.Accept("{"))
        {
            return ObjectLiteral();
        }
        Token token = tokens.Current;
        if (token.Kind == TokenKind.Name && tokens.Ahead.Is("("))
        {
            return Call();
        }
        int alias = token.Kind == TokenKind.Name ? aliases.IndexOf(token.Text) : -1;
        if (alias >= 0)
        {
            tokens.Take();
            return new Alias(alias, token.Text);
        }
        bool isLiteral = token.Kind != TokenKind.Name
            || token.Is("true") || token.Is("false") || token.Is("null") || token.Is("undefined");
        return isLiteral
            ? new Constant(Literal())
            : throw new RefusedException($"Identifier '{token.Text}' could not be resolved.");
    }

    private SqlExpression Call()
    {
        string name = tokens.Take().Text;
        tokens.Expect("(");
        if (tokens.Current.Is("SELECT"))
        {
            throw new RefusedException($"{name.ToUpperInvariant()} over a subquery is not supported by the embedded endpoint.");
        }
        List<SqlExpression> arguments = List(")");
        if (!Enum.TryParse(name, ignoreCase: true, out AggregateKind kind) || char.IsAsciiDigit(name[0]))
        {
            return SystemFunctions.Call(name, arguments);
        }
        if (arguments.Count != 1)
        {
            throw new RefusedException($"The aggregate '{name}' takes one argument.");
        }
        var aggregate = new Aggregate(kind, aggregates.Count, arguments[0]);
        aggregates.Add(aggregate);
        return aggregate;
    }

    private ObjectLiteral ObjectLiteral()
    {
        var properties = new List<(string, SqlExpression)>();
        while (!tokens.Accept("}"))
        {
            if (properties.Count > 0)
            {
                tokens.Expect(",");
            }
            string name = tokens.Current.Kind == TokenKind.Text ? tokens.Take().Text : tokens.Name();
            tokens.Expect(":");
            properties.Add((name, Parse()));
        }
        return new ObjectLiteral(properties);
    }

    private List<SqlExpression> List(string close)
    {
        var list = new List<SqlExpression>();
        while (!tokens.Accept(close))
        {
            if (list.Count > 0)
            {
                tokens.Expect(",");
            }
            list.Add(Parse());
        }
        return list;
    }
}
