using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>Parses what stands between operators: literals, paths, calls, objects, arrays and brackets.</summary>
internal sealed class OperandParser(
    TokenReader tokens, List<string> aliases, IReadOnlyDictionary<string, SqlValue> parameters,
    ExpressionParser expressions)
{
    private readonly List<Aggregate> aggregates = [];

    public IReadOnlyList<Aggregate> Aggregates => aggregates;

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
                SqlExpression index = expressions.Parse();
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

    public SqlExpression Primary()
    {
        if (tokens.Accept("("))
        {
            if (tokens.Current.Is("SELECT"))
            {
                throw new RefusedException("Subqueries are not supported by the embedded endpoint.");
            }
            SqlExpression inner = expressions.Parse();
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
            throw new RefusedException(
                $"{name.ToUpperInvariant()} over a subquery is not supported by the embedded endpoint.");
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
            properties.Add((name, expressions.Parse()));
        }
        return new ObjectLiteral(properties);
    }

    public List<SqlExpression> List(string close)
    {
        var list = new List<SqlExpression>();
        while (!tokens.Accept(close))
        {
            if (list.Count > 0)
            {
                tokens.Expect(",");
            }
            list.Add(expressions.Parse());
        }
        return list;
    }
}
