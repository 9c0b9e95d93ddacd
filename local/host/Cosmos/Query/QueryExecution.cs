using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>Runs one page of a query: reads, filters, joins and hands each row to a collector.</summary>
internal sealed class QueryExecution(CosmosContainer container, SqlQuery query, IRowCollector collector)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly Row row = new(query.Aliases);

    // A query for whole documents without a condition needs no parsing at all.
    private readonly bool needsParsing = !(query is
    {
        Where: null, Joins.Count: 0, FromElements: null, OrderBy.Count: 0, Distinct: false, IsGrouped: false,
        Selection.IsWholeDocument: true,
    });

    /// <summary>Request units for loading what was read so far.</summary>
    public double Loaded { get; private set; }

    public void Run(Connection connection, string? partition, QueryContinuation from, long now)
    {
        // Rows of the last document may remain when a JOIN made several of it.
        long after = from.Inside >= 0 ? from.Row - 1 : from.Row;
        QuerySource.Visit(connection, container, query, partition, after, now, Visit);
    }

    private bool Visit(StoredDocument stored, ReadOnlySpan<byte> body)
    {
        Loaded += RequestCharge.Read(body.Length);
        if (!needsParsing)
        {
            return collector.Add(row, stored, body);
        }
        byte[] complete = stored.Complete(container, body);
        using JsonDocument document = JsonDocument.Parse(complete, Options);
        row.Values[0] = SqlValue.Of(document.RootElement);
        collector.Begin(stored);
        if (query.FromElements is null)
        {
            return Join(0, stored, body);
        }
        SqlValue elements = query.FromElements.Evaluate(row);
        return Each(elements, 0, () => Join(0, stored, default));
    }

    private bool Join(int index, StoredDocument stored, ReadOnlySpan<byte> body)
    {
        if (index < query.Joins.Count)
        {
            SqlValue elements = query.Joins[index].Evaluate(row);
            return Each(elements, index + 1, () => Join(index + 1, stored, default));
        }
        bool holds = query.Where is null || query.Where.Evaluate(row).IsTrue;
        return !holds || collector.Add(row, stored, body);
    }

    private bool Each(SqlValue array, int alias, Func<bool> next)
    {
        if (array.Type != SqlType.Array)
        {
            return true;
        }
        foreach (JsonElement element in array.Json.EnumerateArray())
        {
            row.Values[alias] = SqlValue.Of(element);
            if (!next())
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>Takes the rows that meet a query's condition.</summary>
internal interface IRowCollector
{
    /// <summary>The rows that follow come from this document.</summary>
    void Begin(StoredDocument stored);

    /// <summary>A row; the body is empty when JOIN made it. False: the page is complete.</summary>
    bool Add(Row row, StoredDocument stored, ReadOnlySpan<byte> body);
}
