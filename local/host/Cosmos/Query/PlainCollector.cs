namespace FinVault.Local.Cosmos;

/// <summary>Answers rows as they come, until the page is full or TOP or LIMIT is reached.</summary>
internal sealed class PlainCollector(
    SqlQuery query, ProjectionWriter rows, ResultPage page, QueryContinuation from) : IRowCollector
{
    private readonly long most = Math.Min(query.Top ?? long.MaxValue, query.Limit ?? long.MaxValue);
    private readonly QueryContinuation start = from;
    private QueryContinuation at = from;
    private int inside;

    /// <summary>Null when the query is at its end.</summary>
    public QueryContinuation? Next { get; private set; }

    public void Begin(StoredDocument stored)
    {
        at = at with { Row = stored.Row };
        inside = 0;
    }

    public bool Add(Row row, StoredDocument stored, ReadOnlySpan<byte> body)
    {
        bool isOnlyOne = query.Joins.Count == 0 && query.FromElements is null;
        at = at with { Row = stored.Row, Inside = isOnlyOne ? -1 : ++inside };
        bool answeredBefore = stored.Row == start.Row && inside > 0 && inside <= start.Inside;
        if (answeredBefore)
        {
            return true;
        }
        if (at.Skipped < query.Offset)
        {
            at = at with { Skipped = at.Skipped + 1 };
            return true;
        }
        if (at.Answered >= most)
        {
            return false;
        }
        ReadOnlySpan<byte> json = rows.Write(row, stored, body);
        if (json.IsEmpty)
        {
            return true;
        }
        page.Add(json);
        at = at with { Answered = at.Answered + 1 };
        if (at.Answered >= most)
        {
            return false;
        }
        Next = page.IsFull ? at : null;
        return !page.IsFull;
    }
}
