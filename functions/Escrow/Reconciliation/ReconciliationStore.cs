using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Reconciliations in the container <c>ledger</c>: a run and its items share the partition <c>reconciliation:ID</c>.
/// </summary>
public sealed class ReconciliationStore
{
    // The most that a transaction takes is 100.
    private const int ItemsAtOnce = 100;

    private static readonly TransactionalBatchItemRequestOptions NoBody =
        new() { EnableContentResponseOnWrite = false };

    private readonly Container _ledger;

    public ReconciliationStore(CosmosClient cosmos)
    {
        ArgumentNullException.ThrowIfNull(cosmos);
        _ledger = cosmos.GetContainer(Containers.Database, Containers.Ledger);
    }

    internal Task<ReconciliationRun?> FindAsync(string id, CancellationToken cancellationToken) =>
        FindAsync<ReconciliationRun>(
            ReconciliationRun.DocumentId, ReconciliationRun.PartitionOf(id), cancellationToken);

    /// <summary>Takes the run's id; answers the run that stands, which may be an older one.</summary>
    internal async Task<ReconciliationRun> ClaimAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        try
        {
            await _ledger.CreateItemAsync(run, new PartitionKey(run.Account), null, cancellationToken);
            return run;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return await MustFindAsync(run, cancellationToken);
        }
    }

    /// <summary>
    /// Adds items, the same for whoever completes the run: a chunk that is there already is there whole, and stays as
    /// it is, since somebody may have resolved some of it.
    /// </summary>
    internal async Task AddItemsAsync(
        string account, IReadOnlyList<UnmatchedDocument> items, CancellationToken cancellationToken)
    {
        foreach (UnmatchedDocument[] chunk in items.Chunk(ItemsAtOnce))
        {
            TransactionalBatch batch = _ledger.CreateTransactionalBatch(new PartitionKey(account));
            foreach (UnmatchedDocument item in chunk)
            {
                batch.CreateItem(item, NoBody);
            }

            using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.Conflict)
            {
                throw Failed(response);
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
        using ResponseMessage response = await _ledger.PatchItemStreamAsync(
            run.Id, new PartitionKey(run.Account), changes,
            new PatchItemRequestOptions { FilterPredicate = "FROM c WHERE c.state = 'open'" }, cancellationToken);
        return response.StatusCode == HttpStatusCode.PreconditionFailed
            ? await MustFindAsync(run, cancellationToken)
            : await Json.ReadAsync<ReconciliationRun>(response, cancellationToken);
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
        QueryRequestOptions options = new() { PartitionKey = new PartitionKey(ReconciliationRun.PartitionOf(id)) };
        List<UnmatchedDocument> rows = [];
        using FeedIterator<UnmatchedDocument> pages =
            _ledger.GetItemQueryIterator<UnmatchedDocument>(query, requestOptions: options);
        while (pages.HasMoreResults)
        {
            rows.AddRange(await pages.ReadNextAsync(cancellationToken));
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
        using TransactionalBatchResponse response = await _ledger.CreateTransactionalBatch(new PartitionKey(account))
            .PatchItem(item, changes, open)
            .PatchItem(ReconciliationRun.DocumentId, [PatchOperation.Increment("/resolved", 1)])
            .ExecuteAsync(cancellationToken);
        bool refused = response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound;
        if (!response.IsSuccessStatusCode && !refused)
        {
            throw Failed(response);
        }

        UnmatchedDocument? now = item == ReconciliationRun.DocumentId
            ? null
            : await FindAsync<UnmatchedDocument>(item, account, cancellationToken);
        return now;
    }

    private async Task<ReconciliationRun> MustFindAsync(ReconciliationRun run, CancellationToken cancellationToken) =>
        await FindAsync(run.Reconciliation, cancellationToken)
            ?? throw new InvalidOperationException($"{run.Reconciliation} is gone; none is ever removed.");

    private async Task<T?> FindAsync<T>(string id, string account, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await _ledger.ReadItemStreamAsync(
            id, new PartitionKey(account), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<T>(response, cancellationToken);
    }

    private static CosmosException Failed(TransactionalBatchResponse response) => new(
        $"The reconciliation was not written: {response.StatusCode}.", response.StatusCode, 0, response.ActivityId,
        response.RequestCharge);

    private sealed record ItemPlace(int After);
}
