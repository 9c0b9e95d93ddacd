using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Accounts with their transactions and holdings, an account a partition. Every change goes through
/// <see cref="CommitAsync"/>: one batch, fenced by the account's ETag.
/// </summary>
public sealed class PortfolioStore(PortfolioDocuments documents, HoldingGenerations generations)
{
    private static readonly TransactionalBatchItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    /// <exception cref="ProblemException">too_many_portfolios.</exception>
    internal async Task AddAccountAsync(PortfolioAccount account, CancellationToken cancellationToken)
    {
        // First the account, which nobody knows of until it is listed.
        await documents.CreateAsync(account.Id, AccountDocument.New(account), cancellationToken);
        string owner = OwnedAccountDocument.PartitionOf(account.Tenant, account.Owner);
        while (true)
        {
            TransactionalBatch batch = documents.Batch(owner)
                .PatchItem(
                    OwnedCount.DocumentId, [PatchOperation.Increment("/total", 1)],
                    new() { FilterPredicate = $"FROM c WHERE c.total < {PortfolioAccount.MaxPerOwner}" })
                .CreateItem(new OwnedAccountDocument(account.Id, owner), NoBody);
            BatchOutcome outcome = await Documents.ExecuteAsync(batch, cancellationToken);
            if (outcome.IsDone)
            {
                return;
            }

            if (outcome is not { Failed: 0, Status: HttpStatusCode.NotFound })
            {
                await documents.DeleteAsync(account.Id, AccountDocument.DocumentId, null, cancellationToken);
                throw Problems.TooManyPortfolios.With($"A user has {PortfolioAccount.MaxPerOwner} accounts at most.");
            }

            await documents.CreateAsync(owner, new OwnedCount(owner, 0), cancellationToken);
        }
    }

    /// <summary>Ids of a user's accounts, oldest first.</summary>
    internal async Task<IReadOnlyList<string>> AccountsOfAsync(
        string tenant, string owner, CancellationToken cancellationToken)
    {
        List<OwnedAccountDocument> owned = await documents.ListAsync<OwnedAccountDocument>(
            OwnedAccountDocument.PartitionOf(tenant, owner), new("SELECT * FROM c WHERE c.type = 'owned'"),
            cancellationToken);
        return [.. owned.Select(o => o.Id).Order(StringComparer.Ordinal)];
    }

    internal Task<Versioned<AccountDocument>?> FindAccountAsync(string account, CancellationToken cancellationToken) =>
        documents.FindVersionedAsync<AccountDocument>(account, AccountDocument.DocumentId, cancellationToken);

    internal Task<HoldingDocument?> FindHoldingAsync(
        AccountDocument account, string symbol, CancellationToken cancellationToken) =>
        documents.FindAsync<HoldingDocument>(
            account.Account, HoldingDocument.IdOf(account.Generation, symbol), cancellationToken);

    internal async Task<PortfolioTransaction?> FindTransactionAsync(
        string account, string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, PortfolioTransaction.Prefix)
            ? (await documents.FindAsync<TransactionDocument>(account, id, cancellationToken))?.Entry
            : null;

    /// <summary>The transaction that a caller's own id stands for.</summary>
    internal async Task<PortfolioTransaction?> FindByClientIdAsync(
        string account, string clientId, CancellationToken cancellationToken) =>
        await documents.FindAsync<ClientIdDocument>(account, ClientIdDocument.IdOf(clientId), cancellationToken) is { } known
            ? await FindTransactionAsync(account, known.Transaction, cancellationToken)
            : null;

    /// <summary>Everything that was recorded of an account, or of one symbol in it, in no order.</summary>
    internal async Task<List<PortfolioTransaction>> TransactionsAsync(
        string account, string? symbol, CancellationToken cancellationToken)
    {
        string only = symbol is null ? "" : " AND c.symbol = @symbol";
        List<TransactionDocument> rows = await documents.ListAsync<TransactionDocument>(
            account,
            new QueryDefinition($"SELECT * FROM c WHERE c.type = 'transaction'{only}").WithParameter("@symbol", symbol),
            cancellationToken);
        return [.. rows.Select(row => row.Entry)];
    }

    /// <summary>Accounts everywhere of which somebody left work unfinished.</summary>
    internal async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        List<DueRow> rows = await documents.ListAsync<DueRow>(
            null,
            new QueryDefinition("SELECT c.account FROM c WHERE c.type = 'account' AND c.state = @state")
                .WithParameter("@state", AccountDocument.UnfinishedState),
            cancellationToken);
        return [.. rows.Select(row => row.Account)];
    }

    /// <summary>Accounts everywhere with pending transactions whose time has come.</summary>
    internal async Task<IReadOnlyList<string>> AccountsWithDueAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<DueRow> rows = await documents.ListAsync<DueRow>(
            null,
            new QueryDefinition("SELECT DISTINCT c.account FROM c WHERE c.isDue = true AND c.place <= @now")
                .WithParameter("@now", TransactionDocument.PlaceOf(now, 9_999_999_999)),
            cancellationToken);
        return [.. rows.Select(row => row.Account).Distinct()];
    }

    /// <summary>An account's pending transactions whose time has come, in the order in which they take effect.</summary>
    internal async Task<IReadOnlyList<PortfolioTransaction>> DueAsync(
        string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<TransactionDocument> rows = await documents.ListAsync<TransactionDocument>(
            account,
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'transaction' AND c.isDue = true AND c.place <= @now")
                .WithParameter("@now", TransactionDocument.PlaceOf(now, 9_999_999_999)),
            cancellationToken);
        return [.. rows.Select(row => row.Entry).OrderBy(t => t.TradedAt).ThenBy(t => t.Sequence)];
    }

    /// <summary>The account's holdings, by symbol.</summary>
    internal async Task<IReadOnlyList<HoldingDocument>> HoldingsAsync(
        string account, CancellationToken cancellationToken) =>
        (await generations.ReadAsync(account, cancellationToken))?.Holdings ?? [];

    /// <summary>A page of an account's transactions, those that took effect last first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<PortfolioTransaction>> ListAsync(
        string account, TransactionFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        string kind = $"portfolio:{account}:{filter}";
        string? before = page.After<Place>(kind)?.Before;
        string only = (filter.Symbol is null ? "" : " AND c.symbol = @symbol")
            + (filter.Status is null ? "" : " AND c.status = @status")
            + (filter.Import is null ? "" : " AND c.import = @import")
            + (before is null ? "" : " AND c.place < @before");
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE c.type = 'transaction'{only} ORDER BY c.place DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@symbol", filter.Symbol)
            .WithParameter("@status", filter.Status?.ToString().ToLowerInvariant())
            .WithParameter("@import", filter.Import)
            .WithParameter("@before", before);
        List<TransactionDocument> rows = await documents.ListAsync<TransactionDocument>(account, query, cancellationToken);
        TransactionDocument[] shown = [.. rows.Take(page.Limit)];
        return new(
            [.. shown.Select(row => row.Entry)],
            rows.Count > shown.Length ? Cursor.Write(kind, new Place(shown[^1].Place)) : null);
    }

    /// <summary>False when the account has changed since it was read: read it again.</summary>
    internal async Task<bool> CommitAsync(AccountChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        bool isDone = await WriteWholeAsync(SnapshotsDue.Mark(change), cancellationToken);
        if (isDone)
        {
            // A purchase takes away a loss that the owner's view may still show. Where this is cut off, it is an hour old.
            PortfolioAccount data = change.After.Data;
            await documents.DeleteAsync(
                TaxLossDocument.PartitionOf(data.Tenant, data.Owner), TaxLossDocument.DocumentId, null, cancellationToken);
        }

        return isDone;
    }

    private async Task<bool> WriteWholeAsync(AccountChange change, CancellationToken cancellationToken)
    {
        if (change.Operations <= PortfolioDocuments.MaxBatch && !change.ReplacesAll)
        {
            return await WriteAsync(change, cancellationToken);
        }

        // Too many holdings for one batch: the whole set is written anew beside the old one, and then takes over.
        string generation = await generations.WriteAsync(change, cancellationToken);
        AccountChange rest = change with { After = change.After with { Generation = generation }, Holdings = [] };
        bool isDone = await WriteAsync(rest, cancellationToken);
        await generations.DropAsync(
            change.Account, isDone ? change.Before.Document.Generation : generation, cancellationToken);
        return isDone;
    }

    private async Task<bool> WriteAsync(AccountChange change, CancellationToken cancellationToken)
    {
        if (change.Operations > PortfolioDocuments.MaxBatch)
        {
            throw new InvalidOperationException($"A change of {change.Operations} documents fits no batch.");
        }

        TransactionalBatch batch = documents.Batch(change.Account).ReplaceItem(
            AccountDocument.DocumentId, change.After,
            new() { IfMatchEtag = change.Before.ETag, EnableContentResponseOnWrite = false });
        foreach (PortfolioTransaction added in change.Added)
        {
            batch.CreateItem(TransactionDocument.Of(added), NoBody);
            if (added.ClientId is { } clientId)
            {
                batch.CreateItem(new ClientIdDocument(change.Account, clientId, added.Id), NoBody);
            }
        }

        foreach (PortfolioTransaction changed in change.Changed)
        {
            batch.ReplaceItem(changed.Id, TransactionDocument.Of(changed), NoBody);
        }

        foreach (HoldingDocument holding in change.Holdings)
        {
            batch.UpsertItem(holding, NoBody);
        }

        if (change.Import is { } import)
        {
            batch.PatchItem(
                import.After.Id, [PatchOperation.Replace("/state", ImportDocument.Text(import.After.State))],
                new() { FilterPredicate = ImportDocument.In(import.Before), EnableContentResponseOnWrite = false });
        }

        change.Plan?.Write(batch);
        return (await Documents.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    private sealed record DueRow(string Account);

    private sealed record Place(string Before);
}

/// <summary>Which transactions are wanted; null for any.</summary>
internal sealed record TransactionFilter(string? Symbol, TransactionStatus? Status, string? Import);
