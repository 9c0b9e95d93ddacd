using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>A key for a machine, as its owner sees it; the key itself is shown once.</summary>
/// <param name="KeyId"><c>APIKEY_&lt;ULID&gt;</c>.</param>
/// <param name="Prefix">How the key begins, to know it again.</param>
/// <param name="Scopes">Of <see cref="Permissions"/>: what it may do, if its owner still may.</param>
/// <param name="LastUsedAt">To within a few minutes; null for never.</param>
public sealed record ApiKeyView(
    string KeyId, string Name, string Prefix, IReadOnlyList<string> Scopes, string TenantId, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>A new key.</summary>
/// <param name="Key">Shown this one time.</param>
public sealed record NewApiKey(string Key, ApiKeyView View);

/// <summary>
/// Keys of machine callers: <c>fvk_KEY.USER.SECRET</c>, the ULIDs of the key and its owner, so that it is found by a point
/// read, and a secret of which only the hash is kept.
/// </summary>
public sealed class ApiKeys(
    IdentityDocuments documents, MembershipStore memberships, IdentityOptions options, Jobs jobs, TimeProvider time)
{
    public const string Prefix = "fvk_";
    public const int MaxKeys = 10;

    private const int MaxLength = 160;
    private const int MaxCached = 10_000;

    // Its use is noted this often, not at every call.
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(5);

    private readonly ReadThroughCache<KeyState?> _keys = new("api-keys", new CacheLimits(MaxCached), time);

    /// <exception cref="ProblemException">too_many_api_keys.</exception>
    public async Task<NewApiKey> MakeAsync(
        CurrentUser owner, string name, IReadOnlyList<string> scopes, TimeSpan life, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        IReadOnlyList<KeyDocument> there = await ReadAsync(owner.UserId, cancellationToken);
        if (there.Count >= MaxKeys)
        {
            throw TooMany();
        }

        string id = Ids.New("APIKEY", time);
        string shown = Prefix + Ulid(id);
        string secret = Guard.Random();
        DateTimeOffset now = time.GetUtcNow();
        KeyDocument document = new(
            id, owner.UserId, name, shown, Guard.Hash(secret), scopes, owner.TenantId, now, now + life, null,
            (int)life.TotalSeconds);
        // Before the key: a reminder of none is none.
        await jobs.StartAsync(
            KeyReminders.JobKind, "", new KeyReminder(owner.UserId, id), cancellationToken, Jobs.IdOf(now, id),
            KeyReminders.At(now, life));
        return await documents.CreateInPlaceAsync(
            owner.UserId, KeyDocument.Kind, [.. there.Select(one => one.Place)], MaxKeys, document.Ttl,
            (batch, place) => batch.CreateItem(document with { Place = place }), cancellationToken)
            ? new($"{shown}.{Ulid(owner.UserId)}.{secret}", document.View())
            : throw TooMany();
    }

    public async Task<IReadOnlyList<ApiKeyView>> ListAsync(string user, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(user, cancellationToken)).Select(one => one.View())];

    /// <exception cref="ProblemException">unknown_api_key.</exception>
    public async Task DeleteAsync(string user, string keyId, CancellationToken cancellationToken)
    {
        if (!Ids.IsValid(keyId, "APIKEY")
            || await documents.FindAsync<KeyDocument>(user, keyId, cancellationToken) is not { } key
            || !await documents.DeleteAuditedAsync(
                user, KeyDocument.Kind, keyId, null, time, cancellationToken, key.Place))
        {
            throw Problems.UnknownApiKey.With("You have no such key.");
        }

        _keys.Invalidate(CacheKey.Of("apiKey", user, keyId));
    }

    /// <summary>The owner, with no more than the key's scopes; null when it is no key, or over.</summary>
    internal async Task<CurrentUser?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (key.Length > MaxLength || key[Prefix.Length..].Split('.') is not [var ulid, var owner, var secret]
            || $"APIKEY_{ulid}" is var id && !Ids.IsValid(id, "APIKEY")
            || $"USER_{owner}" is var user && !Ids.IsValid(user, "USER"))
        {
            return null;
        }

        KeyState? found = await _keys.GetAsync(
            CacheKey.Of("apiKey", user, id), options.SessionCache, ct => LoadAsync(user, id, ct), cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        if (found is null || !Guard.Same(found.Key.Hash, Guard.Hash(secret)) || found.Key.ExpiresAt <= now)
        {
            return null;
        }

        if (found.Key.LastUsedAt is not { } used || now - used >= NoteEvery)
        {
            await documents.PatchAsync(user, id, null, cancellationToken, PatchOperation.Set("/lastUsedAt", now));
            _keys.Invalidate(CacheKey.Of("apiKey", user, id));
        }

        return new(user, found.Key.Tenant, found.Roles.ToHashSet()) { Scopes = found.Key.Scopes.ToHashSet() };
    }

    private async Task<KeyState?> LoadAsync(string user, string id, CancellationToken cancellationToken)
    {
        KeyDocument? key = await documents.FindAsync<KeyDocument>(user, id, cancellationToken);
        return key is null ? null : new(key, (await memberships.FindAsync(user, key.Tenant, cancellationToken))?.Document.Roles ?? []);
    }

    private async Task<IReadOnlyList<KeyDocument>> ReadAsync(string user, CancellationToken cancellationToken)
    {
        List<KeyDocument> all = [];
        QueryDefinition query = new("SELECT * FROM c WHERE c.type = 'apiKey'");
        await foreach (KeyDocument one in documents.QueryAsync<KeyDocument>(user, query, cancellationToken))
        {
            all.Add(one);
        }

        return all;
    }

    private static ProblemException TooMany() =>
        Problems.TooManyApiKeys.With($"You have {MaxKeys} keys. Delete one first.");

    private static string Ulid(string id) => id[(id.IndexOf('_') + 1)..];

    private sealed record KeyState(KeyDocument Key, IReadOnlyList<string> Roles);

    [Audited(KeyDocument.Kind, Containers.Identity, Subject = "user")]
    private sealed record KeyDocument(
        string Id, string User, string Name, string Prefix, [property: Sensitive] string Hash,
        IReadOnlyList<string> Scopes, string Tenant,
        DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
        [property: NotAudited("It moves with every use.")] DateTimeOffset? LastUsedAt, int Ttl)
    {
        public const string Kind = "apiKey";

        public string Type { get; init; } = Kind;

        /// <summary>The owner's place that it takes; null of one that is older than places.</summary>
        public int? Place { get; init; }

        public ApiKeyView View() => new(Id, Name, Prefix, Scopes, Tenant, CreatedAt, ExpiresAt, LastUsedAt);
    }
}
