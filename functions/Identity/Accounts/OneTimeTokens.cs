using System.Text.Json;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>What a one-time token is for; it serves for nothing else.</summary>
public enum TokenPurpose
{
    VerifyEmail,
    ResetPassword,
    SecondFactor,
    Link,
}

/// <summary>A token that was looked at and not used up.</summary>
/// <param name="User">Whose.</param>
/// <param name="Note">What its maker wrote on it.</param>
/// <param name="Id">Of its document.</param>
/// <param name="ETag">Null to use it up whatever was noted on it meanwhile.</param>
internal sealed record OneTimeToken(string User, JsonElement Note, string Id, string? ETag);

/// <summary>
/// Tokens that are good once, for one purpose and for a while. The token says whose it is, so that it is found by a point
/// read; of its secret there is only the hash.
/// </summary>
public sealed class OneTimeTokens(IdentityDocuments documents, TimeProvider time)
{
    private const int MaxLength = 128;

    internal async Task<string> MakeAsync(
        string user, TokenPurpose purpose, TimeSpan life, object note, CancellationToken cancellationToken)
    {
        string secret = Guard.Random();
        TokenDocument document = new(
            IdOf(secret), user, purpose, time.GetUtcNow() + life, JsonSerializer.SerializeToElement(note, Json.Options), 0,
            (int)life.TotalSeconds + 60);
        await documents.CreateAsync(user, document, cancellationToken);
        return $"{user[(user.IndexOf('_') + 1)..]}.{secret}";
    }

    /// <summary>Null when it is not ours, of another purpose, over or used up.</summary>
    internal async Task<OneTimeToken?> FindAsync(
        string? token, TokenPurpose purpose, CancellationToken cancellationToken)
    {
        if (token is not { Length: <= MaxLength } || token.Split('.') is not [var ulid, var secret]
            || $"USER_{ulid}" is var user && !Ids.IsValid(user, "USER"))
        {
            return null;
        }

        Versioned<TokenDocument>? found = await documents.FindVersionedAsync<TokenDocument>(user, IdOf(secret), cancellationToken);
        return found?.Document is { } document && document.Purpose == purpose && time.GetUtcNow() < document.ExpiresAt
            ? new(user, document.Note, document.Id, found.ETag)
            : null;
    }

    /// <summary>Uses it up: of two who come with it at once, one is told true.</summary>
    internal Task<bool> UseAsync(OneTimeToken token, CancellationToken cancellationToken) =>
        documents.DeleteAsync(token.User, token.Id, token.ETag, cancellationToken);

    /// <summary>Counts a try; false when there have been too many, and then it is gone.</summary>
    internal async Task<bool> TryAsync(OneTimeToken token, int maxTries, CancellationToken cancellationToken)
    {
        if (await documents.PatchAsync(
            token.User, token.Id, $"FROM c WHERE c.tries < {maxTries}", cancellationToken,
            PatchOperation.Increment("/tries", 1)))
        {
            return true;
        }

        await documents.DeleteAsync(token.User, token.Id, null, cancellationToken);
        return false;
    }

    private static string IdOf(string secret) => $"TOKEN_{Guard.Hash(secret)}";

    [NotAudited("It lives for minutes, and is good once.")]
    private sealed record TokenDocument(
        string Id, string User, TokenPurpose Purpose, DateTimeOffset ExpiresAt, JsonElement Note, int Tries, int Ttl)
    {
        public string Type { get; init; } = "token";
    }
}
