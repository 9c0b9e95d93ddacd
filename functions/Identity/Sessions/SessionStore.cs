using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>
/// A user's sessions in one document, so that how many there are is always exact; and the tokens that were signed out,
/// by their hash, for as long as a token can live.
/// </summary>
public sealed class SessionStore(IdentityDocuments documents, IdentityOptions options)
{
    private const string Id = "sessions";
    private static readonly int DeniedSeconds = (int)CacheLives.DeniedToken.TotalSeconds;

    private readonly int _keptSeconds = (int)options.Sessions.Absolute.TotalSeconds + 3600;

    /// <summary>Before the session: one that is told of and then not begun is better than one that nobody heard of.</summary>
    internal Task TellAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        documents.CreateAsync(message.Partition, message, cancellationToken);

    internal async Task<IReadOnlyList<Session>> ReadAsync(string user, CancellationToken cancellationToken) =>
        (await documents.FindVersionedAsync<SessionsDocument>(user, Id, cancellationToken))?.Document.Sessions ?? [];

    /// <summary>Applies a rule to the sessions as they are, again when somebody else changed them meanwhile.</summary>
    internal async Task<SessionChange> ChangeAsync(
        string user, Func<IReadOnlyList<Session>, SessionChange> rule, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<SessionsDocument>? found = await documents.FindVersionedAsync<SessionsDocument>(user, Id, cancellationToken);
            SessionChange change = rule(found?.Document.Sessions ?? []);
            if (change.All is null)
            {
                return change;
            }

            SessionsDocument next = Document(user, change.All);
            bool written = found is null
                ? await documents.CreateAsync(user, next, cancellationToken)
                : await documents.ReplaceAsync(user, Id, next, found.ETag, cancellationToken);
            if (written)
            {
                return change;
            }
        }
    }

    /// <summary>Ends all sessions as a part of a batch of the user's.</summary>
    internal void EndAll(TransactionalBatch batch, string user) => batch.UpsertItem(Document(user, []));

    internal Task DenyAsync(string user, string tokenHash, CancellationToken cancellationToken) =>
        documents.CreateAsync(user, new DeniedToken(DeniedToken.IdOf(tokenHash), user, DeniedSeconds), cancellationToken);

    internal async Task<bool> IsDeniedAsync(string user, string tokenHash, CancellationToken cancellationToken) =>
        await documents.FindVersionedAsync<DeniedToken>(user, DeniedToken.IdOf(tokenHash), cancellationToken) is not null;

    private SessionsDocument Document(string user, IReadOnlyList<Session> sessions) =>
        new(Id, user, sessions, _keptSeconds);

    [NotAudited("It changes with every call; that sessions begin and fail is told by events.")]
    private sealed record SessionsDocument(string Id, string User, IReadOnlyList<Session> Sessions, int Ttl)
    {
        public string Type { get; init; } = "sessions";
    }

    [NotAudited("It lives as long as the token that it denies.")]
    private sealed record DeniedToken(string Id, string User, int Ttl)
    {
        public string Type { get; init; } = "denied";

        public static string IdOf(string hash) => $"DENIED_{hash}";
    }
}
