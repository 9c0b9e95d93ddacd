using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Local.Hosting;

namespace FinVault.Local.SignalR;

/// <summary>
/// Issues and checks the tokens with which clients connect: JSON web tokens (RFC 7519) signed with HMAC-SHA256 under a
/// key that only this data folder has, or under the <see cref="AccessKey"/> that a foreign host has, too.
/// </summary>
internal sealed class AccessToken(byte[] key, TimeProvider time)
{
    private const int KeyBytes = 32;
    private const int MaximumTokenLength = 8192;
    private const string Bearer = "Bearer ";
    private const string HeaderJson = """{"alg":"HS256","typ":"JWT"}""";

    // The claims of the token itself, which are not the user's.
    private static readonly string[] Registered = ["aud", "iat", "nbf", "exp", "iss"];
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

    /// <summary>
    /// The user of a token, or null when it was signed with another key, is not for here or no longer valid. Who else has
    /// the key writes tokens in his own way: other claims of the header, another order, another form of the audience.
    /// </summary>
    public ClaimsPrincipal? Check(string token, Func<string, bool> isForHere, bool ignoreExpiry)
    {
        if (token.Length > MaximumTokenLength || token.Split('.') is not [var header, var body, var signature])
        {
            return null;
        }

        try
        {
            if (!CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(signature), Sign($"{header}.{body}"))
                || !IsHs256(header))
            {
                return null;
            }

            using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
            JsonElement root = payload.RootElement;
            long now = time.GetUtcNow().ToUnixTimeSeconds();
            return isForHere(root.GetProperty("aud").GetString() ?? "")
                && (ignoreExpiry || now < root.GetProperty("exp").GetInt64())
                ? PrincipalOf(root)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException
            or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The token of a request. A browser cannot set headers on a WebSocket, so it may be in the query.</summary>
    public static string Of(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : request.Query["access_token"].ToString();
    }

    private static bool IsHs256(string header)
    {
        using JsonDocument document = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
        return document.RootElement.GetProperty("alg").ValueEquals("HS256");
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
