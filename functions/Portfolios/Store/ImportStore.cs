using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Imports: their rows are written first, as <c>processing</c>, which count for nothing; then one batch decides that
/// they count; then each row says so.
/// </summary>
public sealed class ImportStore(PortfolioDocuments documents)
{
    // A reversal and its original are two operations.
    private const int PairsPerBatch = PortfolioDocuments.MaxBatch / 2;

    private static readonly TransactionalBatchItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    internal Task<ImportDocument?> FindAsync(string account, string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, ImportDocument.Prefix)
            ? documents.FindAsync<ImportDocument>(account, id, cancellationToken)
            : Task.FromResult<ImportDocument?>(null);

    /// <summary>An account's imports, newest first.</summary>
    internal async Task<IReadOnlyList<ImportDocument>> ListAsync(string account, CancellationToken cancellationToken)
    {
        List<ImportDocument> all = await documents.ListAsync<ImportDocument>(
            account, new("SELECT * FROM c WHERE c.type = 'import'"), cancellationToken);
        return [.. all.OrderByDescending(import => import.Id, StringComparer.Ordinal)];
    }

    internal async Task<IReadOnlyList<PortfolioTransaction>> RowsAsync(
        string account, string import, CancellationToken cancellationToken)
    {
        List<TransactionDocument> rows = await documents.ListAsync<TransactionDocument>(
            account,
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'transaction' AND c.import = @import")
                .WithParameter("@import", import),
            cancellationToken);
        return [.. rows.Select(row => row.Entry).OrderBy(t => t.Sequence)];
    }

    /// <summary>Fingerprints of everything in force from one day to another, each as often as it is there.</summary>
    internal async Task<Dictionary<string, int>> PrintsAsync(
        string account, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        List<PrintRow> rows = await documents.ListAsync<PrintRow>(
            account,
            new QueryDefinition("SELECT c.print, c.status, c.entry.reverses, c.entry.reversedBy FROM c "
                    + "WHERE c.type = 'transaction' AND c.place >= @from AND c.place < @to")
                .WithParameter("@from", TransactionDocument.PlaceOf(from, 0))
                .WithParameter("@to", TransactionDocument.PlaceOf(to, 0)),
            cancellationToken);
        return rows
            .Where(row => row is { Reverses: null, ReversedBy: null } && row.Status != TransactionStatus.Processing)
            .GroupBy(row => row.Print)
            .ToDictionary(same => same.Key, same => same.Count());
    }

    /// <summary>Writes an import and its rows; none of them counts yet.</summary>
    internal async Task StageAsync(
        ImportDocument import, IReadOnlyList<PortfolioTransaction> rows, CancellationToken cancellationToken)
    {
        await documents.CreateAsync(import.Account, import, cancellationToken);
        foreach (PortfolioTransaction[] some in rows.Chunk(PortfolioDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(import.Account);
            foreach (PortfolioTransaction row in some)
            {
                batch.CreateItem(
                    TransactionDocument.Of(row with { Status = TransactionStatus.Processing }), NoBody);
            }

            await Documents.ExecuteAsync(batch, cancellationToken);
        }
    }

    /// <summary>Says on each row of a completed import that it counts, or is still to come.</summary>
    internal async Task CompleteAsync(string account, string import, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IEnumerable<PortfolioTransaction> left = (await RowsAsync(account, import, cancellationToken))
            .Where(row => row.Status == TransactionStatus.Processing);
        foreach (PortfolioTransaction[] some in left.Chunk(PortfolioDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(account);
            foreach (PortfolioTransaction row in some)
            {
                TransactionStatus status = row.TradedAt > now ? TransactionStatus.Pending : TransactionStatus.Completed;
                batch.ReplaceItem(row.Id, TransactionDocument.Of(row with { Status = status }), NoBody);
            }

            await Documents.ExecuteAsync(batch, cancellationToken);
        }
    }

    /// <summary>Writes a reversal of each row that has none.</summary>
    internal async Task ReverseAsync(
        string account, string import, long sequence, DateTimeOffset at, CancellationToken cancellationToken)
    {
        IReadOnlyList<PortfolioTransaction> rows = await RowsAsync(account, import, cancellationToken);
        (PortfolioTransaction Row, long Sequence)[] left =
        [
            .. rows.Where(row => row.Reverses is null).Select((row, i) => (row, sequence + i + 1))
                .Where(pair => pair.row.ReversedBy is null),
        ];
        foreach ((PortfolioTransaction Row, long Sequence)[] some in left.Chunk(PairsPerBatch))
        {
            TransactionalBatch batch = documents.Batch(account);
            foreach ((PortfolioTransaction row, long number) in some)
            {
                string id = Ids.Derive(PortfolioTransaction.Prefix, at, System.Text.Encoding.UTF8.GetBytes(row.Id));
                batch.CreateItem(TransactionDocument.Of(Transactions.ReversalOf(row, id, number, at)), NoBody);
                batch.ReplaceItem(row.Id, TransactionDocument.Of(row with { ReversedBy = id }), NoBody);
            }

            await Documents.ExecuteAsync(batch, cancellationToken);
        }
    }

    /// <summary>Gives up what was never finished: the rows go, and the import says so.</summary>
    internal async Task AbandonAsync(ImportDocument import, CancellationToken cancellationToken)
    {
        bool isMine = await documents.PatchAsync(
            import.Account, import.Id, ImportDocument.In(ImportState.Staging), cancellationToken,
            PatchOperation.Replace("/state", ImportDocument.Text(ImportState.Abandoned)));
        if (!isMine && (await FindAsync(import.Account, import.Id, cancellationToken))?.State != ImportState.Abandoned)
        {
            return;
        }

        foreach (PortfolioTransaction[] some in
            (await RowsAsync(import.Account, import.Id, cancellationToken)).Chunk(PortfolioDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(import.Account);
            foreach (PortfolioTransaction row in some)
            {
                batch.DeleteItem(row.Id);
            }

            await Documents.ExecuteAsync(batch, cancellationToken);
        }
    }

    /// <summary>Imports everywhere that began before a time and were never finished.</summary>
    internal Task<List<ImportDocument>> LeftBehindAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        documents.ListAsync<ImportDocument>(
            null,
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'import' AND c.state = 'staging' AND c.at < @before")
                .WithParameter("@before", before.ToUnixTimeMilliseconds()),
            cancellationToken);

    private sealed record PrintRow(string Print, TransactionStatus Status, string? Reverses = null, string? ReversedBy = null);
}
