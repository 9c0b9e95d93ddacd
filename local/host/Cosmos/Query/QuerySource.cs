namespace FinVault.Local.Cosmos;

/// <summary>Receives a document; the bytes are valid until it returns. False: enough.</summary>
internal delegate bool VisitDocument(StoredDocument stored, ReadOnlySpan<byte> body);

/// <summary>Feeds the documents that a query may concern, in the order of their creation.</summary>
internal static class QuerySource
{
    /// <param name="partition">The partition the request names, or null for all.</param>
    /// <param name="afterRow">Where the last page ended; 0 at the start.</param>
    public static void Visit(
        Connection connection, CosmosContainer container, SqlQuery query, string? partition, long afterRow, long now,
        VisitDocument visit)
    {
        IReadOnlyList<KeyCandidate>? candidates = query.FromElements is null
            ? KeyCandidate.Of(query.Where, container.PartitionKey)
            : null;
        if (candidates is not null && candidates.All(c => c.Id is not null))
        {
            SortedSet<long> rows = RowsOf(connection, container, candidates, partition);
            VisitRows(connection, container, rows, afterRow, now, visit);
            return;
        }
        if (partition is null && candidates is [{ Partition: { } only }])
        {
            partition = only;
        }
        Statement scan = connection.Prepare(partition is null ? container.Sql.Scan : container.Sql.ScanPartition)
            .Bind(1, afterRow).Bind(3, now);
        if (partition is not null)
        {
            scan.Bind(2, partition);
        }
        try
        {
            while (scan.Step() && visit(new StoredDocument(scan.Int64(0), scan.Int64(1), scan.Int64(2)), scan.Blob(3)))
            {
            }
        }
        finally
        {
            scan.Reset();
        }
    }

    private static SortedSet<long> RowsOf(
        Connection connection, CosmosContainer container, IReadOnlyList<KeyCandidate> candidates, string? partition)
    {
        var rows = new SortedSet<long>();
        foreach (KeyCandidate candidate in candidates)
        {
            string? key = partition ?? candidate.Partition;
            Statement find = key is null
                ? connection.Prepare(container.Sql.RowsOfId).Bind(1, candidate.Id!)
                : connection.Prepare(container.Sql.RowOfKey).Bind(1, key).Bind(2, candidate.Id!);
            while (find.Step())
            {
                rows.Add(find.Int64(0));
            }
            find.Reset();
        }
        return rows;
    }

    private static void VisitRows(
        Connection connection, CosmosContainer container, SortedSet<long> rows, long afterRow, long now,
        VisitDocument visit)
    {
        Statement read = connection.Prepare(container.Sql.ReadRow);
        foreach (long row in rows.Where(r => r > afterRow))
        {
            bool more = true;
            if (read.Bind(1, row).Bind(3, now).Step())
            {
                more = visit(new StoredDocument(read.Int64(0), read.Int64(1), read.Int64(2)), read.Blob(3));
            }
            read.Reset();
            if (!more)
            {
                return;
            }
        }
    }
}
