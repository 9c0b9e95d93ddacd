using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Snapshots, a document a day in their account's partition. They are written in one batch with the account's head,
/// under its ETag: a transaction that came in between has them made again, and none is ever made twice.
/// </summary>
public sealed class SnapshotStore(PortfolioDocuments documents)
{
    /// <summary>Snapshots in one batch; the head is one operation more.</summary>
    public const int MaxTogether = 90;

    private static readonly TransactionalBatchItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    /// <summary>Accounts everywhere whose snapshots do not reach a day yet, by id.</summary>
    internal async Task<IReadOnlyList<string>> DueAsync(
        DateOnly day, string after, int limit, CancellationToken cancellationToken)
    {
        List<DueRow> rows = await documents.ListAsync<DueRow>(
            null,
            new QueryDefinition(
                "SELECT TOP @limit c.account FROM c WHERE c.type = 'account' AND c.snapshotsThrough < @day "
                + "AND c.account > @after ORDER BY c.account")
                .WithParameter("@limit", limit)
                .WithParameter("@day", SnapshotDocument.IdOf(day))
                .WithParameter("@after", after),
            cancellationToken);
        return [.. rows.Select(row => row.Account)];
    }

    /// <summary>The snapshot of a day; null when the account had none then.</summary>
    internal Task<SnapshotDocument?> FindAsync(string account, DateOnly day, CancellationToken cancellationToken) =>
        documents.FindAsync<SnapshotDocument>(account, SnapshotDocument.IdOf(day), cancellationToken);

    /// <summary>The last snapshot up to a day, inclusive.</summary>
    internal async Task<SnapshotDocument?> LastAsync(string account, DateOnly day, CancellationToken cancellationToken) =>
        (await documents.ListAsync<SnapshotDocument>(
            account,
            new QueryDefinition(
                "SELECT TOP 1 * FROM c WHERE c.type = 'snapshot' AND c.place <= @day ORDER BY c.place DESC")
                .WithParameter("@day", SnapshotDocument.IdOf(day)),
            cancellationToken)).FirstOrDefault();

    /// <summary>What a window is measured by, ascending; both ends in it.</summary>
    internal async Task<List<SnapshotRow>> RowsAsync(
        string account, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        // Sorted here: for a query that sorts, the client first asks for a plan.
        List<SnapshotRow> rows = await documents.ListAsync<SnapshotRow>(
            account,
            new QueryDefinition(
                "SELECT c.day, c.total, c.flows, c.fx, c.earned, c.growth, c.broken, c.missing FROM c "
                + "WHERE c.type = 'snapshot' AND c.place >= @from AND c.place <= @to")
                .WithParameter("@from", SnapshotDocument.IdOf(from))
                .WithParameter("@to", SnapshotDocument.IdOf(to)),
            cancellationToken);
        rows.Sort((one, other) => one.Day.CompareTo(other.Day));
        return rows;
    }

    /// <summary>An account's transactions that took effect on a day or later.</summary>
    internal async Task<IReadOnlyList<PortfolioTransaction>> TransactionsSinceAsync(
        string account, DateOnly day, CancellationToken cancellationToken)
    {
        List<TransactionDocument> rows = await documents.ListAsync<TransactionDocument>(
            account,
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'transaction' AND c.place >= @from")
                .WithParameter("@from", TransactionDocument.PlaceOf(new(day, TimeOnly.MinValue, TimeSpan.Zero), 0)),
            cancellationToken);
        return [.. rows.Select(row => row.Entry)];
    }

    /// <summary>Drops snapshots of days on which, as it turned out, there was nothing: after one day, before the other.</summary>
    internal async Task DropAsync(string account, DateOnly after, DateOnly before, CancellationToken cancellationToken)
    {
        List<IdRow> rows = await documents.ListAsync<IdRow>(
            account,
            new QueryDefinition("SELECT c.id FROM c WHERE c.type = 'snapshot' AND c.place > @after AND c.place < @before")
                .WithParameter("@after", SnapshotDocument.IdOf(after))
                .WithParameter("@before", SnapshotDocument.IdOf(before)),
            cancellationToken);
        foreach (IdRow row in rows)
        {
            await documents.DeleteAsync(account, row.Id, null, cancellationToken);
        }
    }

    /// <summary>False when the account has changed since it was read: nothing is written then.</summary>
    internal async Task<bool> WriteAsync(
        Versioned<AccountDocument> head, IReadOnlyList<SnapshotDocument> made, DateOnly through,
        CancellationToken cancellationToken)
    {
        string account = head.Document.Account;
        TransactionalBatch batch = documents.Batch(account).ReplaceItem(
            AccountDocument.DocumentId, head.Document with { SnapshotsThrough = through },
            new() { IfMatchEtag = head.ETag, EnableContentResponseOnWrite = false });
        foreach (SnapshotDocument one in made)
        {
            batch.UpsertItem(one, NoBody);
        }

        return (await Documents.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    private sealed record DueRow(string Account);

    private sealed record IdRow(string Id);
}
