using System.Net;
using System.Runtime.CompilerServices;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>A document and the ETag that a change of it is conditioned on.</summary>
internal sealed record Stored<T>(T Document, string ETag);

/// <summary>
/// The container <c>identity</c> as the stores of this slice use it. A partition is a user (<c>USER_…</c>), a tenant, or
/// what leads to a user: the hash of an e-mail address or of a login elsewhere.
/// </summary>
public sealed class IdentityDocuments(CosmosClient cosmos)
{
    private static readonly ItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    private readonly Container _identity = cosmos.GetContainer(Containers.Database, Containers.Identity);

    internal async Task<Stored<T>?> FindAsync<T>(string user, string id, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await _identity.ReadItemStreamAsync(
            id, new PartitionKey(user), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : new(await Json.ReadAsync<T>(response, cancellationToken), response.Headers.ETag);
    }

    /// <summary>False when a document of that id is there already.</summary>
    internal async Task<bool> CreateAsync<T>(string user, T document, CancellationToken cancellationToken)
    {
        try
        {
            await _identity.CreateItemAsync(document, new PartitionKey(user), NoBody, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>False when the document is no longer the one that was read.</summary>
    internal async Task<bool> ReplaceAsync<T>(
        string user, string id, T document, string etag, CancellationToken cancellationToken)
    {
        try
        {
            await _identity.ReplaceItemAsync(
                document, id, new PartitionKey(user),
                new ItemRequestOptions { IfMatchEtag = etag, EnableContentResponseOnWrite = false }, cancellationToken);
            return true;
        }
        catch (CosmosException changed) when (
            changed.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Changes fields of a document that fits <paramref name="filter"/>; false when it does not, or is gone.</summary>
    internal async Task<bool> PatchAsync(
        string user, string id, string? filter, CancellationToken cancellationToken, params PatchOperation[] changes)
    {
        using ResponseMessage response = await _identity.PatchItemStreamAsync(
            id, new PartitionKey(user), changes,
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
    internal async Task<bool> DeleteAsync(string user, string id, string? etag, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _identity.DeleteItemStreamAsync(
            id, new PartitionKey(user), new ItemRequestOptions { IfMatchEtag = etag }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    internal TransactionalBatch Batch(string user) => _identity.CreateTransactionalBatch(new PartitionKey(user));

    /// <summary>False when an operation found something there, gone or changed: then nothing was written.</summary>
    internal static async Task<bool> ExecuteAsync(TransactionalBatch batch, CancellationToken cancellationToken)
    {
        using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
        HttpStatusCode status = response.Select(one => one.StatusCode)
            .FirstOrDefault(one => one is not HttpStatusCode.FailedDependency && (int)one >= 400, response.StatusCode);
        return response.IsSuccessStatusCode
            || (status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
                ? false
                : throw new CosmosException(
                    $"The batch was not written: {status}.", status, 0, response.ActivityId, response.RequestCharge));
    }

    /// <summary>Rows of one partition, or with null of all.</summary>
    internal async IAsyncEnumerable<T> QueryAsync<T>(
        string? user, QueryDefinition query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryRequestOptions options = user is null ? new() : new() { PartitionKey = new PartitionKey(user) };
        using FeedIterator<T> pages = _identity.GetItemQueryIterator<T>(query, requestOptions: options);
        while (pages.HasMoreResults)
        {
            foreach (T row in await pages.ReadNextAsync(cancellationToken))
            {
                yield return row;
            }
        }
    }
}
