namespace FinVault.Local.Cosmos;

/// <summary>Gathers rows for ORDER BY and DISTINCT, then answers the part of them that the page is for.</summary>
internal sealed class SortedCollector(SqlQuery query, ProjectionWriter rows) : IRowCollector
{
    /// <summary>With TOP or LIMIT, more than a few times that many rows are never held.</summary>
    private const int Slack = 4;

    private readonly List<Found> found = [];
    private readonly HashSet<string> seen = [];
    private readonly long most = Math.Min(query.Top ?? long.MaxValue, query.Limit ?? long.MaxValue);

    public void Begin(StoredDocument stored)
    {
    }

    public bool Add(Row row, StoredDocument stored, ReadOnlySpan<byte> body)
    {
        byte[] json = rows.Write(row, stored, body).ToArray();
        if (json.Length == 0 || query.Distinct && !seen.Add(System.Text.Encoding.UTF8.GetString(json)))
        {
            return true;
        }
        var keys = new SqlValue[query.OrderBy.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = query.OrderBy[i].Key.Evaluate(row).Detach();
        }
        found.Add(new Found(keys, found.Count, json));
        long needed = most == long.MaxValue ? long.MaxValue : most + query.Offset;
        if (needed < 10_000 && found.Count > Slack * needed + 1000)
        {
            Sort();
            found.RemoveRange((int)needed, found.Count - (int)needed);
        }
        return true;
    }

    /// <summary>Fills the page and tells where the next one begins, or null.</summary>
    public QueryContinuation? Answer(ResultPage page, QueryContinuation start)
    {
        Sort();
        long end = Math.Min(found.Count, most > found.Count ? found.Count : query.Offset + most);
        long index = query.Offset + start.Answered;
        while (index < end && !page.IsFull)
        {
            page.Add(found[(int)index++].Json);
        }
        return index < end ? start with { Answered = index - query.Offset } : null;
    }

    private void Sort()
    {
        if (query.OrderBy.Count > 0)
        {
            found.Sort(Compare);
        }
    }

    private int Compare(Found a, Found b)
    {
        for (int i = 0; i < a.Keys.Length; i++)
        {
            int order = SqlValue.Order(a.Keys[i], b.Keys[i]);
            if (order != 0)
            {
                return query.OrderBy[i].Descending ? -order : order;
            }
        }
        // Equal keys stay in the order of creation.
        return a.Sequence.CompareTo(b.Sequence);
    }

    private readonly record struct Found(SqlValue[] Keys, int Sequence, byte[] Json);
}
