using System.Net;
using System.Runtime.CompilerServices;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>
/// The container <c>giveaways</c>: reads, queries and transactional batches, as the stores here need them.
/// </summary>
public sealed class GiveawayDocuments(CosmosClient cosmos)
{
    /// <summary>Tries of a write whose condition failed because somebody else was first.</summary>
    public const int MaxTries = 50;

    /// <summary>Operations in one transactional batch.</summary>
    public const int MaxBatch = 100;

    public static TransactionalBatchItemRequestOptions NoBody { get; } = new() { EnableContentResponseOnWrite = false };

    public Container Container { get; } = cosmos.GetContainer(Containers.Database, Containers.Giveaways);

    public async Task<T?> FindAsync<T>(string partition, string id, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await Container.ReadItemStreamAsync(
            id, new PartitionKey(partition), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Rows of a query, in one giveaway, or in all where no partition is named.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(
        QueryDefinition query, string? partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryRequestOptions options = partition is null ? new() : new() { PartitionKey = new PartitionKey(partition) };
        using FeedIterator<T> pages = Container.GetItemQueryIterator<T>(query, requestOptions: options);
        while (pages.HasMoreResults)
        {
            foreach (T row in await pages.ReadNextAsync(cancellationToken))
            {
                yield return row;
            }
        }
    }

    public TransactionalBatch Batch(string partition) =>
        Container.CreateTransactionalBatch(new PartitionKey(partition));

    /// <summary>Runs a batch: done, or the operation that kept it from being done and how.</summary>
    /// <exception cref="CosmosException">Any other failure than a condition, a conflict or a document that is not
    /// there.</exception>
    public static async Task<BatchOutcome> RunAsync(TransactionalBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return BatchOutcome.Done;
        }

        int failed = Enumerable.Range(0, response.Count)
            .FirstOrDefault(i => response[i].StatusCode != HttpStatusCode.FailedDependency, -1);
        HttpStatusCode status = failed < 0 ? response.StatusCode : response[failed].StatusCode;
        return status is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound
            ? new(failed, status)
            : throw new CosmosException(
                $"Giveaways were not written: {status}.", status, 0, response.ActivityId, response.RequestCharge);
    }

    /// <summary>
    /// Changes one document under a condition; false when that does not hold or there is no document.
    /// </summary>
    public async Task<bool> PatchAsync(
        string partition, string id, string condition, IReadOnlyList<PatchOperation> changes,
        CancellationToken cancellationToken)
    {
        using ResponseMessage response = await Container.PatchItemStreamAsync(
            id, new PartitionKey(partition), changes,
            new PatchItemRequestOptions { FilterPredicate = condition, EnableContentResponseOnWrite = false },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>False when there is a document of that id.</summary>
    public async Task<bool> CreateAsync<T>(string partition, T document, CancellationToken cancellationToken)
    {
        try
        {
            await Container.CreateItemAsync(
                document, new PartitionKey(partition),
                new ItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    public static TransactionalBatchPatchItemRequestOptions Only(string condition) =>
        new() { FilterPredicate = condition, EnableContentResponseOnWrite = false };
}

/// <summary>What became of a batch.</summary>
/// <param name="Failed">The operation that kept it from being done, or -1.</param>
/// <param name="Status">How: conflict, precondition failed, not found; OK when it is done.</param>
public readonly record struct BatchOutcome(int Failed, HttpStatusCode Status)
{
    public static BatchOutcome Done { get; } = new(-1, HttpStatusCode.OK);

    public bool IsDone => Status == HttpStatusCode.OK;
}
