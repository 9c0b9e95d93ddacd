using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Reconciliations in the container <c>ledger</c>: a run and its items share the partition <c>reconciliation:ID</c>.
/// </summary>
public sealed class ReconciliationStore(CosmosClient cosmos)
{
    // The most that a transaction takes is 100.
    private const int ItemsAtOnce = 100;

    private static readonly TransactionalBatchItemRequestOptions NoBody =
        new() { EnableContentResponseOnWrite = false };

    private readonly LedgerDocuments _ledger = new(cosmos);

    internal Task<ReconciliationRun?> FindAsync(string id, CancellationToken cancellationToken) =>
        _ledger.FindAsync<ReconciliationRun>(
            ReconciliationRun.PartitionOf(id), ReconciliationRun.DocumentId, cancellationToken);

    /// <summary>Takes the run's id; answers the run that stands, which may be an older one.</summary>
    internal async Task<ReconciliationRun> ClaimAsync(ReconciliationRun run, CancellationToken cancellationToken) =>
        await _ledger.CreateAsync(run.Account, run, cancellationToken)
            ? run
            : await MustFindAsync(run, cancellationToken);

    /// <summary>
    /// Adds items, the same for whoever completes the run: a chunk that is there already is there whole, and stays as
    /// it is, since somebody may have resolved some of it.
    /// </summary>
    internal async Task AddItemsAsync(
        string account, IReadOnlyList<UnmatchedDocument> items, CancellationToken cancellationToken)
    {
        foreach (UnmatchedDocument[] chunk in items.Chunk(ItemsAtOnce))
        {
            TransactionalBatch batch = _ledger.Batch(account);
            foreach (UnmatchedDocument item in chunk)
            {
                batch.CreateItem(item, NoBody);
            }

            BatchOutcome outcome = await LedgerDocuments.ExecuteAsync(batch, cancellationToken);
            if (outcome is not ({ IsDone: true } or { Status: HttpStatusCode.Conflict }))
            {
                throw new InvalidOperationException($"The items of {account} were not written: {outcome}.");
            }
        }
    }

    /// <summary>Says that all items are there. Nothing to do when another call said it.</summary>
    internal async Task<ReconciliationRun> FinishAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        PatchOperation[] changes =
        [
            PatchOperation.Set("/state", "done"),
            PatchOperation.Set("/lines", run.Lines),
            PatchOperation.Set("/matched", run.Matched),
            PatchOperation.Set("/inStatementOnly", run.InStatementOnly),
            PatchOperation.Set("/inBooksOnly", run.InBooksOnly),
            PatchOperation.Set("/amountDiffers", run.AmountDiffers),
        ];
        await _ledger.PatchAsync(run.Account, run.Id, "FROM c WHERE c.state = 'open'", cancellationToken, changes);
        return await MustFindAsync(run, cancellationToken);
    }

    /// <summary>A run's items in their order.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<UnmatchedItem>> UnmatchedAsync(
        string id, UnmatchedState? state, PageRequest page, CancellationToken cancellationToken)
    {
        string kind = $"unmatched:{id}:{state}";
        string only = state is null ? "" : $" AND c.state = '{state.ToString()!.ToLowerInvariant()}'";
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE c.type = 'unmatched' AND c.sequence > @after{only} ORDER BY c.sequence")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@after", page.After<ItemPlace>(kind)?.After ?? 0);
        List<UnmatchedDocument> rows = [];
        await foreach (UnmatchedDocument row in _ledger.QueryAsync<UnmatchedDocument>(
            ReconciliationRun.PartitionOf(id), query, cancellationToken))
        {
            rows.Add(row);
        }

        UnmatchedDocument[] data = [.. rows.Take(page.Limit)];
        string? next = rows.Count > data.Length ? Cursor.Write(kind, new ItemPlace(data[^1].Sequence)) : null;
        return new([.. data.Select(item => item.ToItem())], next);
    }

    /// <summary>The item as it stands now, resolved by this call or an earlier one; null if there is none.</summary>
    internal async Task<UnmatchedDocument?> ResolveAsync(
        string id, string item, string note, string by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        string account = ReconciliationRun.PartitionOf(id);
        PatchOperation[] changes =
        [
            PatchOperation.Set("/state", "resolved"), PatchOperation.Set("/note", note),
            PatchOperation.Set("/resolvedBy", by), PatchOperation.Set("/resolvedAt", at),
        ];
        // The run, which is no item, has another type.
        TransactionalBatchPatchItemRequestOptions open = new()
        {
            FilterPredicate = "FROM c WHERE c.state = 'open' AND c.type = 'unmatched'",
            EnableContentResponseOnWrite = false,
        };
        TransactionalBatch batch = _ledger.Batch(account)
            .PatchItem(item, changes, open)
            .PatchItem(ReconciliationRun.DocumentId, [PatchOperation.Increment("/resolved", 1)]);
        await LedgerDocuments.ExecuteAsync(batch, cancellationToken);
        return item == ReconciliationRun.DocumentId
            ? null
            : await _ledger.FindAsync<UnmatchedDocument>(account, item, cancellationToken);
    }

    private async Task<ReconciliationRun> MustFindAsync(ReconciliationRun run, CancellationToken cancellationToken) =>
        await FindAsync(run.Reconciliation, cancellationToken)
            ?? throw new InvalidOperationException($"{run.Reconciliation} is gone; none is ever removed.");

    private sealed record ItemPlace(int After);
}
