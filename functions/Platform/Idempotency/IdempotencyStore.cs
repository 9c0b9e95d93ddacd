using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.Idempotency;

/// <summary>How a call with a key begins.</summary>
internal enum KeyUse
{
    /// <summary>Nobody used it before, or whoever did has died: go on and record what comes of it.</summary>
    Fresh,

    /// <summary>It is answered already.</summary>
    Answered,

    /// <summary>Another call works on it now.</summary>
    Running,

    /// <summary>It was used for something else.</summary>
    OtherContent,
}

/// <summary>The container <c>idempotency</c>: a document a key, which goes away by itself.</summary>
internal sealed class IdempotencyStore(CosmosClient cosmos, TimeProvider time)
{
    private const int KeptSeconds = 24 * 3600;

    /// <summary>Longer than any call may take; after it the process that worked on the key is gone.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    private static readonly ItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    private readonly Container _keys = cosmos.GetContainer(Containers.Database, Containers.Idempotency);

    /// <summary>Takes a key for a call; the record is what stands now.</summary>
    public async Task<(KeyUse Use, IdempotencyRecord Record)> BeginAsync(
        string scope, string key, string fingerprint, CancellationToken cancellationToken)
    {
        string id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        IdempotencyRecord mine = new(id, scope, fingerprint, Ids.New("CALL", time), time.GetUtcNow(), null, KeptSeconds);
        while (true)
        {
            if (await CreateAsync(mine, cancellationToken))
            {
                return (KeyUse.Fresh, mine);
            }

            if (await FindAsync(scope, id, cancellationToken) is not { } there)
            {
                // Its time was over in this very moment.
                continue;
            }

            KeyUse use = there switch
            {
                _ when there.Fingerprint != fingerprint => KeyUse.OtherContent,
                { Answer: not null } => KeyUse.Answered,
                _ when there.StartedAt + LongestCall > time.GetUtcNow() => KeyUse.Running,
                _ => KeyUse.Fresh,
            };
            if (use != KeyUse.Fresh || await ReplaceAsync(mine, there.ETag!, cancellationToken))
            {
                return (use, use == KeyUse.Fresh ? mine : there);
            }
        }
    }

    /// <summary>Keeps what a call has answered, unless another call has taken the key over.</summary>
    public async Task AnswerAsync(IdempotencyRecord mine, StoredAnswer answer, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _keys.PatchItemStreamAsync(
            mine.Id, new PartitionKey(mine.Scope), [PatchOperation.Set("/answer", answer)],
            new PatchItemRequestOptions
            {
                FilterPredicate = $"FROM c WHERE c.call = '{mine.Call}'",
                EnableContentResponseOnWrite = false,
            },
            cancellationToken);
        Expect(response, HttpStatusCode.PreconditionFailed, HttpStatusCode.NotFound);
    }

    /// <summary>Gives a key back: nothing was done, so the same call may be made again.</summary>
    public async Task ReleaseAsync(IdempotencyRecord mine, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _keys.DeleteItemStreamAsync(
            mine.Id, new PartitionKey(mine.Scope), cancellationToken: cancellationToken);
        Expect(response, HttpStatusCode.NotFound);
    }

    private async Task<bool> CreateAsync(IdempotencyRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await _keys.CreateItemAsync(record, new PartitionKey(record.Scope), NoBody, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private async Task<bool> ReplaceAsync(IdempotencyRecord record, string etag, CancellationToken cancellationToken)
    {
        try
        {
            ItemRequestOptions unchanged = new() { IfMatchEtag = etag, EnableContentResponseOnWrite = false };
            await _keys.ReplaceItemAsync(
                record, record.Id, new PartitionKey(record.Scope), unchanged, cancellationToken);
            return true;
        }
        catch (CosmosException first) when (
            first.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<IdempotencyRecord?> FindAsync(string scope, string id, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _keys.ReadItemStreamAsync(
            id, new PartitionKey(scope), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<IdempotencyRecord>(response, cancellationToken);
    }

    private static void Expect(ResponseMessage response, params HttpStatusCode[] alsoFine)
    {
        if (!alsoFine.Contains(response.StatusCode))
        {
            response.EnsureSuccessStatusCode();
        }
    }
}
