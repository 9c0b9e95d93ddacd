namespace FinVault.Local.Cosmos;

/// <summary>Parses expressions by precedence: ? : and ??, OR, AND, NOT, comparisons, || , + -, * / %, unary, paths.</summary>
internal sealed class ExpressionParser(
    TokenReader tokens, List<string> aliases, IReadOnlyDictionary<string, SqlValue> parameters)
{
    private const int DepthLimit = 200;
    private OperandParser? operands;
    private int depth;

    /// <summary>Literals, paths, calls and brackets, which in turn hold expressions.</summary>
    public OperandParser Operands => operands ??= new OperandParser(tokens, aliases, parameters, this);

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
        if (tokens.Current is { Kind: TokenKind.Symbol, Text: "=" or "!=" or "<>" or "<" or ">" or "<=" or ">=" })
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
        return new In(value, Operands.List(")"));
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
        while (tokens.Current is { Kind: TokenKind.Symbol, Text: "+" or "-" or "||" })
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
        while (tokens.Current is { Kind: TokenKind.Symbol, Text: "*" or "/" or "%" })
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
        return tokens.Accept("+") ? Unary() : Operands.Path(Operands.Primary());
    }
}
