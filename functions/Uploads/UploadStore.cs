using System.Net;
using System.Runtime.CompilerServices;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Uploads;

/// <summary>
/// Uploads, a partition an owner. Beside them stands the owner's quota: it changes in the same transaction, so however
/// many uploads are asked for at once, no more are open than it allows.
/// </summary>
public sealed class UploadStore(CosmosClient cosmos, UploadOptions options, TimeProvider time)
{
    private const string QuotaId = "quota";
    private const int KeptSeconds = 90 * 24 * 3600;

    private readonly Container _uploads = cosmos.GetContainer(Containers.Database, Containers.Uploads);

    public async Task<Upload?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _uploads.ReadItemStreamAsync(
            id, new PartitionKey(owner), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<Upload>(response, cancellationToken);
    }

    /// <summary>Keeps a new upload.</summary>
    /// <exception cref="ProblemException">upload_quota_exceeded.</exception>
    public async Task AddAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        await CountForEntityAsync(upload.EntityId, cancellationToken);
        string room = $"FROM c WHERE c.open < {options.MaxOpen} AND c.bytes <= {options.MaxOpenBytes - upload.Bytes}";
        while (true)
        {
            using TransactionalBatchResponse response = await _uploads
                .CreateTransactionalBatch(new PartitionKey(upload.Owner))
                .PatchItem(QuotaId, Quota(1, upload.Bytes), new TransactionalBatchPatchItemRequestOptions { FilterPredicate = room })
                .CreateItem(UploadDocument.Of(upload, KeptSeconds))
                .ExecuteAsync(cancellationToken);
            switch (response[0].StatusCode)
            {
                case HttpStatusCode.PreconditionFailed:
                    throw Problems.UploadQuotaExceeded.With("Confirm or wait for the uploads that are open.");
                case HttpStatusCode.NotFound:
                    await CreateQuotaAsync(new QuotaDocument(QuotaId, upload.Owner, 0, 0), cancellationToken);
                    continue;
                default:
                    Expect(response);
                    return;
            }
        }
    }

    /// <summary>Writes what an open upload has become, and gives its room back. False when somebody else was first.</summary>
    public async Task<bool> CloseAsync(Upload closed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(closed);
        using TransactionalBatchResponse response = await _uploads
            .CreateTransactionalBatch(new PartitionKey(closed.Owner))
            .ReplaceItem(
                closed.Id,
                UploadDocument.Of(closed, KeptSeconds),
                new TransactionalBatchItemRequestOptions { IfMatchEtag = closed.ETag })
            .PatchItem(QuotaId, Quota(-1, -closed.Bytes))
            .ExecuteAsync(cancellationToken);
        if (response[0].StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }

        Expect(response);
        return true;
    }

    /// <summary>Open uploads of everybody that are over.</summary>
    public async IAsyncEnumerable<Upload> ExpiredAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.state = @state AND c.expiresAt < @now")
            .WithParameter("@state", "issued")
            .WithParameter("@now", time.GetUtcNow());
        using FeedIterator<Upload> pages = _uploads.GetItemQueryIterator<Upload>(query);
        while (pages.HasMoreResults)
        {
            foreach (Upload upload in await pages.ReadNextAsync(cancellationToken))
            {
                yield return upload;
            }
        }
    }

    /// <summary>Uploads of everybody, newest first, for operators.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<Upload>> ListAsync(
        UploadState? state, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string kind = $"uploads:{state}";
        string only = state is null ? "" : " AND c.state = @state";
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE c.createdAt < @before{only} ORDER BY c.createdAt DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@before", page.After<UploadPlace>(kind)?.Before ?? DateTimeOffset.MaxValue)
            .WithParameter("@state", state);
        List<Upload> rows = [];
        using FeedIterator<Upload> pages = _uploads.GetItemQueryIterator<Upload>(query);
        while (pages.HasMoreResults)
        {
            rows.AddRange(await pages.ReadNextAsync(cancellationToken));
        }

        Upload[] data = [.. rows.Take(page.Limit)];
        return new Page<Upload>(
            data, rows.Count > page.Limit ? Cursor.Write(kind, new UploadPlace(data[^1].CreatedAt)) : null);
    }

    private static PatchOperation[] Quota(int uploads, long bytes) =>
        [PatchOperation.Increment("/open", uploads), PatchOperation.Increment("/bytes", bytes)];

    private static void Expect(TransactionalBatchResponse response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new CosmosException(
                $"The upload was not written: {response.StatusCode}.",
                response.StatusCode, 0, response.ActivityId, response.RequestCharge);
        }
    }

    private async Task CountForEntityAsync(string entityId, CancellationToken cancellationToken)
    {
        // A day's count stands in a document of its own, which goes away by itself.
        string scope = $"{entityId}:{time.GetUtcNow():yyyy-MM-dd}";
        try
        {
            await CreateQuotaAsync(new QuotaDocument(QuotaId, scope, 0, 0, 2 * 24 * 3600), cancellationToken);
            await _uploads.PatchItemAsync<QuotaDocument>(
                QuotaId,
                new PartitionKey(scope),
                [PatchOperation.Increment("/open", 1)],
                new PatchItemRequestOptions { FilterPredicate = $"FROM c WHERE c.open < {options.MaxPerEntityADay}" },
                cancellationToken);
        }
        catch (CosmosException full) when (full.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw Problems.UploadQuotaExceeded.With($"{entityId} has had its uploads for today.");
        }
    }

    private async Task CreateQuotaAsync(QuotaDocument quota, CancellationToken cancellationToken)
    {
        try
        {
            await _uploads.CreateItemAsync(quota, new PartitionKey(quota.Owner), cancellationToken: cancellationToken);
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            // Somebody made it first, which is as good.
        }
    }

    private sealed record UploadPlace(DateTimeOffset Before);

    private sealed record QuotaDocument(string Id, string Owner, int Open, long Bytes, int Ttl = -1);

    /// <summary>An upload with the time it is kept.</summary>
    private sealed record UploadDocument(
        string Id, string Owner, string Tenant, string Kind, string EntityId, string ContentType, long Bytes,
        string Sha256, UploadState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, Uri? Url, string? Refusal,
        int Ttl)
    {
        public static UploadDocument Of(Upload u, int ttl) => new(
            u.Id, u.Owner, u.Tenant, u.Kind, u.EntityId, u.ContentType, u.Bytes,
            u.Sha256, u.State, u.CreatedAt, u.ExpiresAt, u.Url, u.Refusal, ttl);
    }
}
