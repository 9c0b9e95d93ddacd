using System.Net;
using System.Runtime.CompilerServices;
using FinVault.Audit;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform;

/// <summary>A document and the ETag that a change of it is conditioned on.</summary>
public sealed record Versioned<T>(T Document, string ETag);

/// <summary>What became of a batch.</summary>
/// <param name="Failed">The operation that kept it from being done, or -1.</param>
/// <param name="Status">How: conflict, precondition failed, not found; OK when it is done.</param>
public readonly record struct BatchOutcome(int Failed, HttpStatusCode Status)
{
    public static BatchOutcome Done { get; } = new(-1, HttpStatusCode.OK);

    public bool IsDone => Status == HttpStatusCode.OK;
}

/// <summary>
/// One container, as a slice's stores use it. What others may have done first (a conflict, a condition that does not
/// hold, a document that is gone) is an answer; any other failure is a <see cref="CosmosException"/>. What changes an
/// audited document tells the trail in the same transaction (<see cref="AuditedBatch"/>), so that none is missed.
/// </summary>
public abstract class Documents(CosmosClient cosmos, string container)
{
    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    public Container Container { get; } = cosmos.GetContainer(Containers.Database, container);

    /// <summary>The document, or null.</summary>
    public async Task<T?> FindAsync<T>(string partition, string id, CancellationToken cancellationToken)
        where T : class => (await FindVersionedAsync<T>(partition, id, cancellationToken))?.Document;

    /// <summary>The document with its ETag, or null.</summary>
    public async Task<Versioned<T>?> FindVersionedAsync<T>(
        string partition, string id, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await Container.ReadItemStreamAsync(
            id, new PartitionKey(partition), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : new(await Json.ReadAsync<T>(response, cancellationToken), response.Headers.ETag);
    }

    /// <summary>False when a document of that id is there already.</summary>
    public async Task<bool> CreateAsync<T>(string partition, T document, CancellationToken cancellationToken)
    {
        if (AuditedBatch.Tells<T>())
        {
            return (await ExecuteAsync(Batch(partition).CreateItem(document), cancellationToken)).IsDone;
        }

        try
        {
            await Container.CreateItemAsync(document, new PartitionKey(partition), NoContent, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Puts a document in the place of the one that was read; false when that has changed since, or is gone.</summary>
    public async Task<bool> ReplaceAsync<T>(
        string partition, string id, T document, string etag, CancellationToken cancellationToken)
    {
        if (AuditedBatch.Tells<T>())
        {
            TransactionalBatch batch = Batch(partition).ReplaceItem(id, document, new() { IfMatchEtag = etag });
            return (await ExecuteAsync(batch, cancellationToken)).IsDone;
        }

        try
        {
            ItemRequestOptions unchanged = new() { IfMatchEtag = etag, EnableContentResponseOnWrite = false };
            await Container.ReplaceItemAsync(document, id, new PartitionKey(partition), unchanged, cancellationToken);
            return true;
        }
        catch (CosmosException gone) when (
            gone.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Changes fields of a document that fits <paramref name="filter"/>; false when it does not, or is gone.</summary>
    public async Task<bool> PatchAsync(
        string partition, string id, string? filter, CancellationToken cancellationToken,
        params PatchOperation[] changes)
    {
        if (AuditedBatch.IsStamped(changes))
        {
            TransactionalBatch batch = Batch(partition).PatchItem(
                id, changes, new() { FilterPredicate = filter, EnableContentResponseOnWrite = false });
            return (await ExecuteAsync(batch, cancellationToken)).IsDone;
        }

        using ResponseMessage response = await Container.PatchItemStreamAsync(
            id, new PartitionKey(partition), changes,
            new PatchItemRequestOptions { FilterPredicate = filter, EnableContentResponseOnWrite = false },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>False when it is gone, or no longer the one that was read: of two who delete, one is told true.</summary>
    public async Task<bool> DeleteAsync(string partition, string id, string? etag, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await Container.DeleteItemStreamAsync(
            id, new PartitionKey(partition), new ItemRequestOptions { IfMatchEtag = etag }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    public TransactionalBatch Batch(string partition) =>
        new AuditedBatch(Container.CreateTransactionalBatch(new PartitionKey(partition)), container, partition);

    /// <summary>Carries a batch out: done, or the first operation that kept it from being so, and its status.</summary>
    public static async Task<BatchOutcome> ExecuteAsync(TransactionalBatch batch, CancellationToken cancellationToken)
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
        return status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
            ? new(failed, status)
            : throw new CosmosException(
                $"The batch was not written: {status}.", status, 0, response.ActivityId, response.RequestCharge);
    }

    /// <summary>Rows of one partition, or with null of all.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(
        string? partition, QueryDefinition query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Each page as large as the service makes it.
        QueryRequestOptions options = new()
        {
            PartitionKey = partition is null ? null : new PartitionKey(partition), MaxItemCount = -1,
        };
        using FeedIterator<T> pages = Container.GetItemQueryIterator<T>(query, requestOptions: options);
        while (pages.HasMoreResults)
        {
            foreach (T row in await pages.ReadNextAsync(cancellationToken))
            {
                yield return row;
            }
        }
    }
}
