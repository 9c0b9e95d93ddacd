namespace FinVault.Local.Cosmos;

/// <summary>AND and OR with three truth values: false decides AND, true decides OR, else undefined spreads.</summary>
internal sealed record Logical(SqlExpression Left, SqlExpression Right, bool IsAnd) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Left, Right];

    public override SqlValue Evaluate(Row row)
    {
        SqlValue left = Left.Evaluate(row);
        if (IsAnd ? left.IsFalse : left.IsTrue)
        {
            return left;
        }
        SqlValue right = Right.Evaluate(row);
        if (IsAnd ? right.IsFalse : right.IsTrue)
        {
            return right;
        }
        return left.Type == SqlType.Boolean && right.Type == SqlType.Boolean ? right : SqlValue.Undefined;
    }
}

internal sealed record Not(SqlExpression Inner) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Inner];

    public override SqlValue Evaluate(Row row)
    {
        SqlValue inner = Inner.Evaluate(row);
        return inner.Type == SqlType.Boolean ? SqlValue.Of(!inner.IsTrue) : SqlValue.Undefined;
    }
}

/// <summary>=, !=, &lt;, &gt;, &lt;=, &gt;=. Order is defined within one scalar type only.</summary>
internal sealed record Comparison(string Operator, SqlExpression Left, SqlExpression Right) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Left, Right];

    public override SqlValue Evaluate(Row row) => Compare(Operator, Left.Evaluate(row), Right.Evaluate(row));

    public static SqlValue Compare(string op, in SqlValue left, in SqlValue right)
    {
        if (op is "=" or "!=")
        {
            SqlValue equal = SqlValue.AreEqual(left, right);
            return op == "=" || !equal.IsDefined ? equal : SqlValue.Of(!equal.IsTrue);
        }
        if (left.Type != right.Type || left.Type is not (SqlType.Number or SqlType.Text or SqlType.Boolean))
        {
            return SqlValue.Undefined;
        }
        int order = SqlValue.Order(left, right);
        return SqlValue.Of(op switch
        {
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        });
    }
}

internal sealed record In(SqlExpression Value, IReadOnlyList<SqlExpression> List) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Value, .. List];

    public override SqlValue Evaluate(Row row)
    {
        SqlValue value = Value.Evaluate(row);
        if (!value.IsDefined)
        {
            return SqlValue.Undefined;
        }
        foreach (SqlExpression candidate in List)
        {
            if (SqlValue.Same(value, candidate.Evaluate(row)))
            {
                return SqlValue.True;
            }
        }
        return SqlValue.False;
    }
}

/// <summary>+, -, *, / and % over numbers; anything else is undefined.</summary>
internal sealed record Arithmetic(string Operator, SqlExpression Left, SqlExpression Right) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Left, Right];

    public override SqlValue Evaluate(Row row)
    {
        SqlValue left = Left.Evaluate(row), right = Right.Evaluate(row);
        if (left.Type != SqlType.Number || right.Type != SqlType.Number)
        {
            return SqlValue.Undefined;
        }
        return SqlValue.Of(Operator switch
        {
            "+" => left.Number + right.Number,
            "-" => left.Number - right.Number,
            "*" => left.Number * right.Number,
            "/" => left.Number / right.Number,
            _ => left.Number % right.Number,
        });
    }
}

internal sealed record Conditional(SqlExpression Condition, SqlExpression Then, SqlExpression Else) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Condition, Then, Else];

    public override SqlValue Evaluate(Row row) =>
        Condition.Evaluate(row).IsTrue ? Then.Evaluate(row) : Else.Evaluate(row);
}

internal sealed record Coalesce(SqlExpression First, SqlExpression Second) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [First, Second];

    public override SqlValue Evaluate(Row row) =>
        First.Evaluate(row) is { IsDefined: true } first ? first : Second.Evaluate(row);
}
