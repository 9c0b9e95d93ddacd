namespace FinVault.Local.Cosmos;

/// <summary>
/// The partition keys and ids that a condition leaves possible, so that a query for named documents reads only them.
/// Null parts are open; the condition itself is still evaluated on every document found.
/// </summary>
internal readonly record struct KeyCandidate(string? Partition, string? Id)
{
    private const int ProductLimit = 1000;

    /// <summary>Null when the condition leaves every document possible.</summary>
    public static IReadOnlyList<KeyCandidate>? Of(SqlExpression? condition, PartitionKeyPaths paths)
    {
        switch (condition)
        {
            case Logical { IsAnd: true } and:
                return Both(Of(and.Left, paths), Of(and.Right, paths));
            case Logical or:
                return Of(or.Left, paths) is { } left && Of(or.Right, paths) is { } right
                    ? [.. left.Concat(right).Distinct()]
                    : null;
            case Comparison { Operator: "=", Left: var path, Right: Constant value }:
                return One(path, [value.Value], paths);
            case Comparison { Operator: "=", Left: Constant value, Right: var path }:
                return One(path, [value.Value], paths);
            case In list when list.List.All(e => e is Constant):
                return One(list.Value, list.List.Select(e => ((Constant)e).Value), paths);
            default:
                return null;
        }
    }

    private static IReadOnlyList<KeyCandidate>? Both(IReadOnlyList<KeyCandidate>? a, IReadOnlyList<KeyCandidate>? b)
    {
        if (a is null || b is null || (long)a.Count * b.Count > ProductLimit)
        {
            return a ?? b;
        }
        return
        [
            .. from x in a
               from y in b
               where Agree(x.Partition, y.Partition) && Agree(x.Id, y.Id)
               select new KeyCandidate(x.Partition ?? y.Partition, x.Id ?? y.Id),
        ];
    }

    private static bool Agree(string? a, string? b) => a is null || b is null || a == b;

    private static IReadOnlyList<KeyCandidate>? One(
        SqlExpression path, IEnumerable<SqlValue> values, PartitionKeyPaths paths)
    {
        string[]? names = PathOf(path);
        if (names is ["id"])
        {
            bool isKey = paths.Paths is [["id"]];
            return
            [
                .. values.Where(v => v.Type == SqlType.Text)
                    .Select(v => new KeyCandidate(isKey ? "s" + v.Text : null, v.Text)).Distinct(),
            ];
        }
        bool isPartition = names is not null && paths.Paths is [var only] && only.SequenceEqual(names)
            && values.All(v => v.Type == SqlType.Text);
        return isPartition ? [.. values.Select(v => new KeyCandidate("s" + v.Text, null)).Distinct()] : null;
    }

    /// <summary>The property names of <c>c.a.b</c>; null for anything else.</summary>
    public static string[]? PathOf(SqlExpression expression) => expression switch
    {
        Member { Owner: Alias { Index: 0 } } member => [member.Name],
        Member member when PathOf(member.Owner) is { } owner => [.. owner, member.Name],
        _ => null,
    };
}
