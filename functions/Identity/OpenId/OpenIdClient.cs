using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FinVault.Identity;

/// <summary>Who somebody is, as a provider has signed it.</summary>
internal sealed record ExternalIdentity(string Subject, string? Email, bool EmailVerified);

/// <summary>
/// The calls to a provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636). What it signs is checked in full,
/// though it came straight from it: issuer, audience, signature, time and nonce.
/// </summary>
public sealed class OpenIdClient(Dependencies dependencies, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 256 * 1024;

    private static readonly TimeSpan KeysLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonWebTokenHandler Handler = new();

    // Times are the guard's to keep; a code is redeemed once, so what fails is not tried again.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    private readonly ReadThroughCache<Metadata> _metadata = new("openid-providers", new CacheLimits(16), time);

    public void Dispose() => _http.Dispose();

    /// <summary>Where the user is sent to sign in.</summary>
    internal async Task<string> AuthorizationUrlAsync(
        OpenIdProvider provider, string redirect, string state, string nonce, string challenge,
        CancellationToken cancellationToken)
    {
        Metadata metadata = await MetadataAsync(provider, cancellationToken);
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(
            metadata.AuthorizationEndpoint,
            new Dictionary<string, string?>
            {
                ["response_type"] = "code", ["scope"] = "openid email", ["client_id"] = provider.ClientId,
                ["redirect_uri"] = redirect, ["state"] = state, ["nonce"] = nonce,
                ["code_challenge"] = challenge, ["code_challenge_method"] = "S256",
            });
    }

    /// <summary>Exchanges the code that the user came back with.</summary>
    /// <exception cref="ProblemException">provider_refused.</exception>
    internal async Task<ExternalIdentity> RedeemAsync(
        OpenIdProvider provider, string code, string redirect, string verifier, string nonce,
        CancellationToken cancellationToken)
    {
        Metadata metadata = await MetadataAsync(provider, cancellationToken);
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirect,
            ["client_id"] = provider.ClientId, ["client_secret"] = provider.ClientSecret, ["code_verifier"] = verifier,
        };
        string token = await Guarded(provider).RunAsync(
            ct => ExchangeAsync(metadata, form, ct), cancellationToken);
        return Verify(provider, metadata, token, nonce);
    }

    private async Task<string> ExchangeAsync(
        Metadata metadata, Dictionary<string, string> fields, CancellationToken cancellationToken)
    {
        using FormUrlEncodedContent form = new(fields);
        using HttpResponseMessage answer = await _http.PostAsync(
            new Uri(metadata.TokenEndpoint), form, cancellationToken);
        if ((int)answer.StatusCode is >= 400 and < 500)
        {
            throw Refused("The provider did not accept the code.");
        }

        answer.EnsureSuccessStatusCode();
        using JsonDocument json = Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return Text(json.RootElement, "id_token") ?? throw Refused("The provider did not say who you are.");
    }

    private ExternalIdentity Verify(OpenIdProvider provider, Metadata metadata, string token, string nonce)
    {
        TokenValidationParameters rules = new()
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = provider.ClientId,
            IssuerSigningKeys = metadata.Keys.GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            RequireSignedTokens = true,
            LifetimeValidator = (_, expires, _, _) => time.GetUtcNow().UtcDateTime < expires + Skew,
        };
#pragma warning disable CS0618 // The asynchronous one is not in every version that feeds have, and nothing here waits.
        // Only signed ones are looked at: three parts, not the five of an encrypted token.
        TokenValidationResult? result = token.AsSpan().Count('.') == 2 ? Handler.ValidateToken(token, rules) : null;
#pragma warning restore CS0618
        if (result is not { IsValid: true, SecurityToken: JsonWebToken read }
            || !read.TryGetPayloadValue("nonce", out string sent) || !Guard.Same(sent, nonce)
            || read.Subject is not { Length: > 0 } subject)
        {
            throw Refused("What the provider signed is not for this sign-in.");
        }

        bool verified = read.TryGetPayloadValue("email_verified", out bool yes) && yes;
        return new(subject, read.TryGetPayloadValue("email", out string email) ? email : null, verified);
    }

    private ValueTask<Metadata> MetadataAsync(OpenIdProvider provider, CancellationToken cancellationToken) =>
        _metadata.GetAsync(provider.Issuer, KeysLife,
        ct => Guarded(provider).RunAsync(token => LoadAsync(provider.Issuer, token), ct), cancellationToken);

    private Dependency Guarded(OpenIdProvider provider) => dependencies.Of($"openid-{provider.Name}");

    private async Task<Metadata> LoadAsync(string issuer, CancellationToken cancellationToken)
    {
        using JsonDocument json = Parse(await _http.GetStringAsync(
            new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration"), cancellationToken));
        JsonElement root = json.RootElement;
        if (Text(root, "issuer") != issuer)
        {
            throw new InvalidOperationException($"The provider at {issuer} says that it is another.");
        }

        string keys = await _http.GetStringAsync(new Uri(Endpoint(root, "jwks_uri")), cancellationToken);
        return new(Endpoint(root, "authorization_endpoint"), Endpoint(root, "token_endpoint"), new JsonWebKeySet(keys));
    }

    // What the provider sends is no body of the caller's, whose mistake broken JSON would otherwise be.
    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException broken)
        {
            throw new HttpRequestException("The provider's answer cannot be read.", broken);
        }
    }

    private static string Endpoint(JsonElement root, string name) =>
        Uri.TryCreate(Text(root, name), UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)
            ? uri.ToString()
            : throw new InvalidOperationException($"The provider names no https address as its {name}.");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static ProblemException Refused(string why) => Problems.ProviderRefused.With(why);

    private sealed record Metadata(string AuthorizationEndpoint, string TokenEndpoint, JsonWebKeySet Keys);
}
