using System.Net;
using System.Runtime.CompilerServices;
using FinVault.Audit;
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
    private const int CountedSeconds = 2 * 24 * 3600;
    private const string IdPrefix = "UPLOAD_";
    private const string AfterEveryId = "UPLOAD_~";

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

    /// <summary>
    /// Writes what an upload has become, and gives its room back when it is open no longer. Null when somebody else was
    /// first, else as it is stored now.
    /// </summary>
    public async Task<Upload?> ReplaceAsync(Upload read, Upload changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(changed);
        TransactionalBatch batch = _uploads.CreateTransactionalBatch(new PartitionKey(read.Owner)).ReplaceItem(
            read.Id,
            UploadDocument.Of(changed, KeptSeconds),
            new TransactionalBatchItemRequestOptions { IfMatchEtag = read.ETag });
        if (read.IsOpen && !changed.IsOpen)
        {
            batch = batch.PatchItem(QuotaId, Quota(-1, -read.Bytes));
        }

        using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
        if (response[0].StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return null;
        }

        Expect(response);
        return changed with { ETag = response[0].ETag };
    }

    /// <summary>Uploads of everybody that the sweeper must look at.</summary>
    public async IAsyncEnumerable<Upload> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.dueAt < @now")
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

    /// <summary>Uploads of everybody, newest first, for operators. Their ids sort by time.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<Upload>> ListAsync(
        UploadState? state, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string cursor = $"uploads:{state}";
        string only = state is null ? "" : " AND c.state = @state";
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE c.id > @from AND c.id < @before{only} ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@from", IdPrefix)
            .WithParameter("@before", page.After<UploadPlace>(cursor)?.Before ?? AfterEveryId)
            .WithParameter("@state", state);
        List<Upload> rows = [];
        using FeedIterator<Upload> pages = _uploads.GetItemQueryIterator<Upload>(query);
        while (pages.HasMoreResults)
        {
            rows.AddRange(await pages.ReadNextAsync(cancellationToken));
        }

        Upload[] data = [.. rows.Take(page.Limit).Select(upload => upload with { ETag = null })];
        return new Page<Upload>(
            data, rows.Count > page.Limit ? Cursor.Write(cursor, new UploadPlace(data[^1].Id)) : null);
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
        PatchItemRequestOptions room = new() { FilterPredicate = $"FROM c WHERE c.open < {options.MaxPerEntityADay}" };
        while (true)
        {
            using ResponseMessage answer = await _uploads.PatchItemStreamAsync(
                QuotaId, new PartitionKey(scope), [PatchOperation.Increment("/open", 1)], room, cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.NotFound:
                    await CreateQuotaAsync(new QuotaDocument(QuotaId, scope, 0, 0, CountedSeconds), cancellationToken);
                    continue;
                case HttpStatusCode.PreconditionFailed:
                    throw Problems.UploadQuotaExceeded.With($"{entityId} has had its uploads for today.");
                default:
                    answer.EnsureSuccessStatusCode();
                    return;
            }
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

    private sealed record UploadPlace(string Before);

    [NotAudited("It is a counter.")]
    private sealed record QuotaDocument(string Id, string Owner, int Open, long Bytes, int Ttl = -1);

    /// <summary>An upload with the time it is kept.</summary>
    [NotAudited("It is on its way to what it is for, and that is.")]
    private sealed record UploadDocument(
        string Id, string Owner, string Tenant, string Kind, string EntityId, string ContentType, long Bytes,
        string Sha256, UploadState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? DueAt,
        Uri? Url, string? Refusal, int Ttl)
    {
        public static UploadDocument Of(Upload u, int ttl) => new(
            u.Id, u.Owner, u.Tenant, u.Kind, u.EntityId, u.ContentType, u.Bytes,
            u.Sha256, u.State, u.CreatedAt, u.ExpiresAt, u.DueAt, u.Url, u.Refusal, ttl);
    }
}
