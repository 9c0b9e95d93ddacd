using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>
/// A key for each user and tenant, under which stands what must outlive them: whoever is erased has their key destroyed,
/// and what it closed can never be read again, while every byte of it, and so every hash over it, stays. The keys
/// themselves stand closed under the app's own (<see cref="SecretBox"/>).
/// </summary>
public sealed class DataKeys(IdentityDocuments documents, SecretBox box, TimeProvider time)
{
    private const int MaxCached = 10_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ReadThroughCache<DataKey?> _keys = new("data-keys", new CacheLimits(MaxCached), time);

    /// <summary>The key of a subject, made if there was none; null when it was destroyed.</summary>
    /// <param name="subject"><c>USER_…</c> or <c>TENANT_…</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<DataKey?> GetAsync(string subject, CancellationToken cancellationToken) =>
        _keys.GetAsync(CacheKey.Of("dataKey", subject), Remembered, ct => LoadAsync(subject, ct), cancellationToken);

    /// <summary>
    /// Destroys the key for good. Other instances forget it within a minute; what they close until then is as lost as the
    /// rest.
    /// </summary>
    public async Task DestroyAsync(string subject, CancellationToken cancellationToken)
    {
        KeyDocument destroyed = new(subject, null, time.GetUtcNow());
        while (true)
        {
            Versioned<KeyDocument>? there = await FindAsync(subject, cancellationToken);
            bool gone = there is null
                ? await documents.CreateAsync(subject, destroyed, cancellationToken)
                : there.Document.Closed is null
                    || await documents.ReplaceAsync(subject, destroyed.Id, destroyed, there.ETag, cancellationToken);
            if (gone)
            {
                _keys.Invalidate(CacheKey.Of("dataKey", subject));
                return;
            }
        }
    }

    private async Task<DataKey?> LoadAsync(string subject, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(subject, cancellationToken) is { Document: var there })
            {
                return there.Closed is null ? null : new DataKey(box.Open(there.Closed, subject));
            }

            KeyDocument fresh = new(subject, box.Close(DataKey.NewBytes(), subject), null);
            await documents.CreateAsync(subject, fresh, cancellationToken);
        }
    }

    private Task<Versioned<KeyDocument>?> FindAsync(string subject, CancellationToken cancellationToken) =>
        documents.FindVersionedAsync<KeyDocument>(subject, KeyDocument.DocumentId, cancellationToken);

    /// <summary>Closed is null once it is destroyed: the document stays, so that no new key is made.</summary>
    [NotAudited("It is a key; that one was destroyed is told by the erasure's event.")]
    private sealed record KeyDocument(string User, string? Closed, DateTimeOffset? DestroyedAt)
    {
        public const string DocumentId = "dataKey";

        public string Id { get; init; } = DocumentId;

        public string Type { get; init; } = DocumentId;
    }
}
