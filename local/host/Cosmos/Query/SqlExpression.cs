namespace FinVault.Local.Cosmos;

/// <summary>The values in reach of an expression: one for each alias of FROM and JOIN, in their order.</summary>
internal sealed class Row(int aliases)
{
    public SqlValue[] Values { get; } = new SqlValue[aliases];

    /// <summary>Of the group the row stands for, when the query groups.</summary>
    public SqlValue[] Aggregates { get; set; } = [];
}

/// <summary>An expression that can be computed for a row.</summary>
internal abstract record SqlExpression
{
    public abstract SqlValue Evaluate(Row row);

    /// <summary>The expressions it is made of.</summary>
    public virtual IEnumerable<SqlExpression> Parts => [];
}

internal sealed record Constant(SqlValue Value) : SqlExpression
{
    public override SqlValue Evaluate(Row row) => Value;
}

internal sealed record Alias(int Index, string Name) : SqlExpression
{
    public override SqlValue Evaluate(Row row) => row.Values[Index];
}

internal sealed record Member(SqlExpression Owner, string Name) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Owner];

    public override SqlValue Evaluate(Row row) => Owner.Evaluate(row).Member(Name);
}

internal sealed record Element(SqlExpression Owner, SqlExpression Index) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Owner, Index];

    public override SqlValue Evaluate(Row row)
    {
        SqlValue index = Index.Evaluate(row);
        return index.Type switch
        {
            SqlType.Text => Owner.Evaluate(row).Member(index.Text),
            SqlType.Number => Owner.Evaluate(row).Element(index.Number),
            _ => SqlValue.Undefined,
        };
    }
}
