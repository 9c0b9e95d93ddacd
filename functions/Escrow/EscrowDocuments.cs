using System.Net;
using System.Runtime.CompilerServices;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>The container <c>escrow</c> as the stores of this slice use it.</summary>
public sealed class EscrowDocuments(CosmosClient cosmos)
{
    private static readonly ItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    private readonly Container _escrow = cosmos.GetContainer(Containers.Database, Containers.Escrow);

    /// <summary>A document with its ETag, or null.</summary>
    internal async Task<Versioned<T>?> FindAsync<T>(string tenant, string id, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await _escrow.ReadItemStreamAsync(
            id, new PartitionKey(tenant), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : new(await Json.ReadAsync<T>(response, cancellationToken), response.Headers.ETag);
    }

    /// <summary>False when a document of that id is there already.</summary>
    internal async Task<bool> CreateAsync<T>(string tenant, T document, CancellationToken cancellationToken)
    {
        try
        {
            await _escrow.CreateItemAsync(document, new PartitionKey(tenant), NoBody, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Changes fields of a document that fits <paramref name="filter"/>; false when it does not, or is gone.</summary>
    internal async Task<bool> PatchAsync(
        string tenant, string id, string? filter, CancellationToken cancellationToken, params PatchOperation[] changes)
    {
        using ResponseMessage response = await _escrow.PatchItemStreamAsync(
            id, new PartitionKey(tenant), changes,
            new PatchItemRequestOptions { FilterPredicate = filter, EnableContentResponseOnWrite = false },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>The filter of a condition on the document <c>c</c>.</summary>
    internal static string When(string condition) => $"FROM c WHERE {condition}";

    /// <summary>A change in a batch that is made under a condition on the document <c>c</c>.</summary>
    internal static TransactionalBatchPatchItemRequestOptions Only(string condition) =>
        new() { FilterPredicate = When(condition), EnableContentResponseOnWrite = false };

    internal TransactionalBatch Batch(string tenant) => _escrow.CreateTransactionalBatch(new PartitionKey(tenant));

    /// <summary>
    /// Carries a batch out. Null when it was; else the first operation that kept it from being so, and its status.
    /// </summary>
    /// <exception cref="CosmosException">Anything but 404, 409 and 412.</exception>
    internal static async Task<(int Operation, HttpStatusCode Status)?> ExecuteAsync(
        TransactionalBatch batch, CancellationToken cancellationToken)
    {
        using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        int failed = Enumerable.Range(0, response.Count)
            .FirstOrDefault(i => response[i].StatusCode != HttpStatusCode.FailedDependency, -1);
        HttpStatusCode status = failed < 0 ? response.StatusCode : response[failed].StatusCode;
        return status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
            ? (failed, status)
            : throw new CosmosException(
                $"The batch was not written: {status}.", status, 0, response.ActivityId, response.RequestCharge);
    }

    /// <summary>Rows of one tenant's partition, or with null of all.</summary>
    internal async IAsyncEnumerable<T> QueryAsync<T>(
        string? tenant, QueryDefinition query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryRequestOptions options = tenant is null ? new() : new() { PartitionKey = new PartitionKey(tenant) };
        using FeedIterator<T> pages = _escrow.GetItemQueryIterator<T>(query, requestOptions: options);
        while (pages.HasMoreResults)
        {
            foreach (T row in await pages.ReadNextAsync(cancellationToken))
            {
                yield return row;
            }
        }
    }

    /// <summary>
    /// A page of a tenant's documents by id, newest first, since ids begin with their time.
    /// </summary>
    /// <param name="tenant">The partition; null for all of them.</param>
    /// <param name="kind">Names the list and its filters, for the cursor.</param>
    /// <param name="filter">The condition, without the cursor's.</param>
    /// <param name="page">What was asked for.</param>
    /// <param name="idOf">The id of a row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="parameters">Of <paramref name="filter"/>.</param>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<T>> PageAsync<T>(
        string? tenant, string kind, string filter, PageRequest page, Func<T, string> idOf,
        CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        string? before = page.After<Place>(kind)?.Before;
        string behind = before is null ? "" : " AND c.id < @before";
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE {filter}{behind} ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@before", before);
        foreach ((string name, object value) in parameters)
        {
            query = query.WithParameter(name, value);
        }

        List<T> rows = [];
        await foreach (T row in QueryAsync<T>(tenant, query, cancellationToken))
        {
            rows.Add(row);
        }

        T[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new Place(idOf(data[^1]))) : null);
    }

    private sealed record Place(string Before);
}

/// <summary>A document and the ETag that a change of it is conditioned on.</summary>
internal sealed record Versioned<T>(T Document, string ETag);
