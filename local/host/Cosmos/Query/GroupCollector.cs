namespace FinVault.Local.Cosmos;

/// <summary>Folds rows into groups for GROUP BY and aggregates; without GROUP BY all rows are one group.</summary>
internal sealed class GroupCollector(SqlQuery query, ProjectionWriter rows) : IRowCollector
{
    private readonly Dictionary<string, Group> groups = [];
    private readonly List<Group> inOrder = [];

    public void Begin(StoredDocument stored)
    {
    }

    public bool Add(Row row, StoredDocument stored, ReadOnlySpan<byte> body)
    {
        string key = string.Join('\u0001', query.GroupBy.Select(e => e.Evaluate(row).Key()));
        if (!groups.TryGetValue(key, out Group? group))
        {
            group = NewGroup(key);
            for (int i = 0; i < row.Values.Length && query.GroupBy.Count > 0; i++)
            {
                group.First.Values[i] = row.Values[i].Detach();
            }
        }
        for (int i = 0; i < query.Aggregates.Count; i++)
        {
            group.Folds[i].Add(query.Aggregates[i].Argument.Evaluate(row));
        }
        return true;
    }

    /// <summary>Fills the page and tells where the next one begins, or null.</summary>
    public QueryContinuation? Answer(ResultPage page, QueryContinuation start)
    {
        if (inOrder.Count == 0 && query.GroupBy.Count == 0)
        {
            NewGroup("");
        }
        long most = Math.Min(query.Top ?? long.MaxValue, query.Limit ?? long.MaxValue);
        long end = most > inOrder.Count ? inOrder.Count : Math.Min(inOrder.Count, query.Offset + most);
        long index = query.Offset + start.Answered;
        while (index < end && !page.IsFull)
        {
            Group group = inOrder[(int)index++];
            group.First.Aggregates = [.. group.Folds.Select(f => f.Result())];
            ReadOnlySpan<byte> json = rows.Write(group.First, default, default);
            if (!json.IsEmpty)
            {
                page.Add(json);
            }
        }
        return index < end ? start with { Answered = index - query.Offset } : null;
    }

    private Group NewGroup(string key)
    {
        var group = new Group(new Row(query.Aliases), [.. query.Aggregates.Select(a => new Fold(a.Kind))]);
        groups.Add(key, group);
        inOrder.Add(group);
        return group;
    }

    private sealed record Group(Row First, Fold[] Folds);

    /// <summary>One aggregate as it grows. Undefined values are passed over; a wrong type makes it undefined.</summary>
    private sealed class Fold(AggregateKind kind)
    {
        private long count;
        private double sum;
        private SqlValue best;
        private bool undefined;

        public void Add(in SqlValue value)
        {
            if (!value.IsDefined)
            {
                return;
            }
            count++;
            if (kind is AggregateKind.Sum or AggregateKind.Avg)
            {
                undefined |= value.Type != SqlType.Number;
                sum += value.Number;
            }
            else if (kind is AggregateKind.Min or AggregateKind.Max)
            {
                undefined |= value.Type is SqlType.Array or SqlType.Object;
                int order = best.IsDefined ? SqlValue.Order(value, best) : 0;
                bool better = !best.IsDefined || (kind == AggregateKind.Min ? order < 0 : order > 0);
                best = better ? value.Detach() : best;
            }
        }

        public SqlValue Result() => kind switch
        {
            AggregateKind.Count => SqlValue.Of(count),
            _ when undefined => SqlValue.Undefined,
            AggregateKind.Sum => SqlValue.Of(sum),
            AggregateKind.Avg => count == 0 ? SqlValue.Undefined : SqlValue.Of(sum / count),
            _ => best,
        };
    }
}
