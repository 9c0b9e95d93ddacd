using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FinVault.Platform;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FinVault.Identity;

/// <summary>What a token says: as little as there is to say.</summary>
/// <param name="UserId"><c>sub</c>.</param>
/// <param name="SessionId"><c>sid</c>: whether it still counts, the session decides.</param>
/// <param name="ExpiresAt"><c>exp</c>.</param>
/// <param name="Id"><c>jti</c>; only refresh tokens have one.</param>
public sealed record TokenContent(string UserId, string SessionId, DateTimeOffset ExpiresAt, string? Id = null);

/// <summary>
/// JSON Web Tokens signed with HS256 (RFC 7519, RFC 8725). Whatever is not three parts with exactly the header that is
/// written here — unsigned, encrypted, of another algorithm, of a key that is not ours — is refused by its header, before
/// anything else of it is looked at.
/// </summary>
internal sealed class SignedTokens(KeyRing keys, TimeProvider time)
{
    private const int MaxLength = 2048;
    private const int MaxHeaderLength = 256;

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly Dictionary<string, SymmetricSecurityKey> _keys =
        keys.All.ToDictionary(key => key.Id, key => new SymmetricSecurityKey(key.Bytes) { KeyId = key.Id });

    public string Write(TokenContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string payload = JsonSerializer.Serialize(
            new Payload(
                content.UserId, time.GetUtcNow().ToUnixTimeSeconds(), content.ExpiresAt.ToUnixTimeSeconds(),
                content.SessionId, content.Id),
            Json.Options);
        return Handler.CreateToken(
            payload, new SigningCredentials(_keys[keys.Current.Id], SecurityAlgorithms.HmacSha256));
    }

    /// <summary>What a token of ours says; null for any other, and when it is over.</summary>
    public TokenContent? Read(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (KeyOf(token) is not { } key)
        {
            return null;
        }

        TokenValidationParameters rules = new()
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            // Without an own clock it would take the machine's.
            LifetimeValidator = (_, expires, _, _) => time.GetUtcNow().UtcDateTime < expires,
            // The payload is minimal: each kind of token has keys of its own instead of an issuer and an audience.
            ValidateIssuer = false,
            ValidateAudience = false,
        };
#pragma warning disable CS0618 // The asynchronous one is not in every version that feeds have, and nothing here waits.
        TokenValidationResult result = Handler.ValidateToken(token, rules);
#pragma warning restore CS0618
        return result.IsValid && result.SecurityToken is JsonWebToken read
            && read.TryGetPayloadValue("sid", out string session) && read.Subject is { Length: > 0 } user
            ? new(
                user, session, new DateTimeOffset(read.ValidTo, TimeSpan.Zero),
                read.TryGetPayloadValue("jti", out string id) ? id : null)
            : null;
    }

    private SymmetricSecurityKey? KeyOf(string token)
    {
        if (token.Length > MaxLength || token.AsSpan().Count('.') != 2 || token.IndexOf('.') is var end && end > MaxHeaderLength
            || !Base64Url.IsValid(token.AsSpan(0, end)))
        {
            return null;
        }

        try
        {
            Header? header = JsonSerializer.Deserialize<Header>(Base64Url.DecodeFromChars(token.AsSpan(0, end)), HeaderOptions);
            return header is { Alg: SecurityAlgorithms.HmacSha256, Typ: "JWT" } ? _keys.GetValueOrDefault(header.Kid) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A header that says anything more (crit, enc, jwk, jku, x5u …) is none of ours.
    private static readonly JsonSerializerOptions HeaderOptions = new(Json.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        PropertyNameCaseInsensitive = false,
        AllowDuplicateProperties = false,
    };

    private sealed record Header(string Alg, string Kid, string Typ);

    private sealed record Payload(
        string Sub, long Iat, long Exp, string Sid,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Jti);
}
