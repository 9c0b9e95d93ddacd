using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Local.Hosting;

namespace FinVault.Local.SignalR;

/// <summary>
/// Issues and checks the tokens with which clients connect: JSON web tokens (RFC 7519) signed with HMAC-SHA256 under a
/// key that only this data folder has.
/// </summary>
internal sealed class AccessToken(byte[] key, TimeProvider time)
{
    private const int KeyBytes = 32;
    private const int MaximumTokenLength = 8192;
    private const string HeaderJson = """{"alg":"HS256","typ":"JWT"}""";

    // The claims of the token itself, which are not the user's.
    private static readonly string[] Registered = ["aud", "iat", "nbf", "exp"];
    private static readonly string Header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(HeaderJson));

    /// <summary>How long a token may be used to connect; a connection outlives it. Azure's default.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>The key of a data folder, made on first use; null makes one for this process alone.</summary>
    public static byte[] KeyOf(string? folder) => KeyFile.Open(folder, "signalr.key", KeyBytes);

    public string Issue(string audience, string? userId, IEnumerable<Claim> claims)
    {
        DateTimeOffset now = time.GetUtcNow();
        var payload = new Dictionary<string, object>
        {
            ["aud"] = audience,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        foreach (IGrouping<string, string> claim in claims.GroupBy(c => c.Type, c => c.Value))
        {
            payload.TryAdd(claim.Key, claim.Count() == 1 ? claim.First() : claim.ToArray());
        }

        if (userId is not null)
        {
            payload[ClaimTypes.NameIdentifier] = userId;
        }

        string signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(signed))}";
    }

    /// <summary>The user a token was issued to, or null when it is not ours, not for here or no longer valid.</summary>
    public ClaimsPrincipal? Check(string token, string audience, bool ignoreExpiry)
    {
        int dot = token.LastIndexOf('.');
        if (dot < 0 || token.Length > MaximumTokenLength || !token.StartsWith(Header + ".", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            byte[] signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
            if (!CryptographicOperations.FixedTimeEquals(signature, Sign(token[..dot])))
            {
                return null;
            }

            using JsonDocument payload = JsonDocument.Parse(
                Base64Url.DecodeFromChars(token.AsSpan(Header.Length + 1, dot - Header.Length - 1)));
            long now = time.GetUtcNow().ToUnixTimeSeconds();
            return payload.RootElement.GetProperty("aud").GetString() == audience
                && (ignoreExpiry || now < payload.RootElement.GetProperty("exp").GetInt64())
                ? PrincipalOf(payload.RootElement)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static ClaimsPrincipal PrincipalOf(JsonElement payload)
    {
        var identity = new ClaimsIdentity("SignalR");
        foreach (JsonProperty property in payload.EnumerateObject())
        {
            if (!Registered.Contains(property.Name))
            {
                IEnumerable<JsonElement> values = property.Value.ValueKind == JsonValueKind.Array
                    ? property.Value.EnumerateArray()
                    : [property.Value];
                identity.AddClaims(values.Select(value => new Claim(property.Name, value.ToString())));
            }
        }

        return new ClaimsPrincipal(identity);
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text));
}
