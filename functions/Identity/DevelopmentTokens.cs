using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using FinVault.Platform;
using Microsoft.Extensions.Configuration;

namespace FinVault.Identity;

/// <summary>
/// Signed tokens for development, until people can sign in: <c>dev.PAYLOAD.HMAC-SHA256</c>, base64url. Only the local
/// host has a key and issues them; where no key is set, as in Azure, none is accepted.
/// </summary>
public sealed class DevelopmentTokens(IConfiguration configuration, TimeProvider time)
{
    /// <summary>The setting that holds the key, base64.</summary>
    public const string KeySetting = "DevelopmentTokenKey";

    public static readonly TimeSpan Life = TimeSpan.FromDays(1);

    private const string Prefix = "dev.";
    private const int MaxLength = 4096;

    private readonly byte[]? _key = configuration[KeySetting] is { Length: > 0 } key ? Convert.FromBase64String(key) : null;

    /// <exception cref="InvalidOperationException">No key is set.</exception>
    public string Issue(CurrentUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(
            new Payload(user.UserId, user.TenantId, [.. user.Roles], time.GetUtcNow() + Life), Json.Options);
        byte[] signature = HMACSHA256.HashData(_key ?? throw new InvalidOperationException($"{KeySetting} is not set."), payload);
        return $"{Prefix}{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The user of a token; null when it is not one of ours, or over.</summary>
    public CurrentUser? Read(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_key is null || token.Length > MaxLength || !token.StartsWith(Prefix, StringComparison.Ordinal)
            || token[Prefix.Length..].Split('.') is not [var encoded, var signature]
            || !Base64Url.IsValid(encoded) || !Base64Url.IsValid(signature))
        {
            return null;
        }

        byte[] payload = Base64Url.DecodeFromChars(encoded);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, payload), Base64Url.DecodeFromChars(signature)))
        {
            return null;
        }

        Payload read = JsonSerializer.Deserialize<Payload>(payload, Json.Options)!;
        return time.GetUtcNow() < read.Expires
            ? new CurrentUser(read.UserId, read.TenantId, read.Roles.ToHashSet())
            : null;
    }

    private sealed record Payload(string UserId, string TenantId, IReadOnlyList<string> Roles, DateTimeOffset Expires);
}
