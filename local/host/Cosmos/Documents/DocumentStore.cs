namespace FinVault.Local.Cosmos;

/// <summary>Reads and writes documents of the one SQLite file.</summary>
internal sealed class DocumentStore(SqliteFile file, TimeProvider time)
{
    public long NowSeconds => time.GetUtcNow().ToUnixTimeSeconds();

    public DocumentResult Read(CosmosContainer container, DocumentOperation operation) =>
        file.Read((container, operation, NowSeconds),
            static (connection, a) => DocumentReader.Read(connection, a.container, a.operation, a.NowSeconds));

    /// <summary>One write, its own transaction.</summary>
    public Task<DocumentResult> WriteAsync(CosmosContainer container, DocumentOperation operation) =>
        file.Writes.RunAsync(connection =>
        {
            var transaction = new DocumentTransaction(connection, container, NowSeconds);
            DocumentResult result = transaction.Apply(operation);
            return (result, !result.Failed);
        });

    /// <summary>
    /// All of the operations or none: at the first that fails the others are undone, and answer 424.
    /// </summary>
    public Task<DocumentResult[]> WriteAsync(CosmosContainer container, IReadOnlyList<DocumentOperation> operations) =>
        file.Writes.RunAsync(connection =>
        {
            var transaction = new DocumentTransaction(connection, container, NowSeconds);
            var results = new DocumentResult[operations.Count];
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = transaction.Apply(operations[i]);
                if (results[i].Failed)
                {
                    BlameOnly(results, i);
                    return (results, false);
                }
            }
            return (results, true);
        });

    /// <summary>Removes documents whose time has come, a bounded number of them. Answers how many went.</summary>
    public Task<int> SweepAsync(CosmosContainer container, int most) => file.Writes.RunAsync(connection =>
    {
        if (container.Sequence.Dropped)
        {
            return (0, true);
        }
        connection.Prepare(container.Sql.Sweep).Bind(1, NowSeconds).Bind(2, most).Run();
        return (SQLitePCL.raw.sqlite3_changes(connection.Handle), true);
    });

    private static void BlameOnly(DocumentResult[] results, int failed)
    {
        for (int i = 0; i < results.Length; i++)
        {
            if (i != failed)
            {
                results[i] = new DocumentResult(424, results[i].Charge);
            }
        }
    }
}
