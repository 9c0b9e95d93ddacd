namespace FinVault.Local.Cosmos;

/// <summary>A parsed query. Parameters are already constants.</summary>
internal sealed record SqlQuery
{
    public required Selection Selection { get; init; }
    public bool Distinct { get; init; }
    public int? Top { get; init; }

    /// <summary>How many aliases a row has: FROM's and one for each JOIN.</summary>
    public required int Aliases { get; init; }

    /// <summary>Null for <c>FROM c</c>; the array for <c>FROM x IN c.items</c>.</summary>
    public SqlExpression? FromElements { get; init; }

    /// <summary>The arrays that are joined, in order; the n-th fills alias n + 1.</summary>
    public IReadOnlyList<SqlExpression> Joins { get; init; } = [];

    public SqlExpression? Where { get; init; }
    public IReadOnlyList<SqlExpression> GroupBy { get; init; } = [];
    public IReadOnlyList<(SqlExpression Key, bool Descending)> OrderBy { get; init; } = [];
    public int Offset { get; init; }
    public int? Limit { get; init; }
    public IReadOnlyList<Aggregate> Aggregates { get; init; } = [];

    public bool IsGrouped => Aggregates.Count > 0 || GroupBy.Count > 0;
}

/// <summary>What a query answers for each row.</summary>
/// <param name="Value">SELECT VALUE's expression.</param>
/// <param name="Items">SELECT's list; both null for SELECT *.</param>
internal sealed record Selection(SqlExpression? Value, IReadOnlyList<(string Name, SqlExpression Expression)>? Items)
{
    public bool IsWholeDocument => Value is null && Items is null || Value is Alias { Index: 0 };
}

internal enum AggregateKind
{
    Count,
    Sum,
    Min,
    Max,
    Avg,
}

/// <summary>An aggregate of a query; its value is put into the row once the group is complete.</summary>
internal sealed record Aggregate(AggregateKind Kind, int Index, SqlExpression Argument) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => [Argument];

    public override SqlValue Evaluate(Row row) => row.Aggregates[Index];
}
