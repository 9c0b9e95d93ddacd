using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FinVault.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FinVault.Local.Identity;

/// <summary>
/// An OpenID Connect provider under <c>/dev/oidc</c> that says anybody is who they say, for development. It checks what a
/// real one checks: client, redirect address, PKCE, that a code is used once. With <c>login_hint</c> it asks nothing.
/// </summary>
internal sealed class SimulatedOpenId(TimeProvider time) : IDisposable
{
    private const string ClientId = "finvault-local";
    private const string ClientSecret = "local";
    private const string Root = "/dev/oidc";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, Grant> _codes = new();

    public static void SetAddress(IConfiguration configuration, Uri address)
    {
        configuration["OpenIdConnect:google:issuer"] ??= new Uri(address, Root).ToString();
        configuration["OpenIdConnect:google:clientId"] ??= ClientId;
        configuration["OpenIdConnect:google:clientSecret"] ??= ClientSecret;
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup(Root).AddEndpointFilter(async (context, next) =>
            DemoUsers.IsHere(context.HttpContext) ? await next(context) : Results.NotFound());
        group.MapGet("/.well-known/openid-configuration", Metadata);
        group.MapGet("/jwks", Keys);
        group.MapGet("/authorize", Authorize);
        group.MapPost("/token", (Delegate)TokenAsync);
    }

    public void Dispose() => _key.Dispose();

    private static string Issuer(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{Root}";

    private static IResult Metadata(HttpContext http) => Results.Json(new Dictionary<string, string>
    {
        ["issuer"] = Issuer(http),
        ["authorization_endpoint"] = $"{Issuer(http)}/authorize",
        ["token_endpoint"] = $"{Issuer(http)}/token",
        ["jwks_uri"] = $"{Issuer(http)}/jwks",
    });

    private IResult Keys()
    {
        RSAParameters key = _key.ExportParameters(false);
        return Results.Json(new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA", use = "sig", alg = "RS256", kid = "local", n = Base64Url.EncodeToString(key.Modulus),
                    e = Base64Url.EncodeToString(key.Exponent),
                },
            },
        });
    }

    private IResult Authorize(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            return Results.BadRequest("client_id, response_type or code_challenge_method is not as it should be.");
        }

        if (query["login_hint"].ToString() is not { Length: > 0 } email)
        {
            return Results.Content(Page(http), "text/html", Encoding.UTF8);
        }

        string code = Guard.Random();
        _codes[code] = new(
            email, query["redirect_uri"].ToString(), query["nonce"].ToString(), query["code_challenge"].ToString());
        return Results.Redirect(QueryHelpers.AddQueryString(
            query["redirect_uri"].ToString(),
            new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"].ToString() }));
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out Grant? grant) || grant.Redirect != form["redirect_uri"]
            || grant.Challenge != challenge || form["client_id"] != ClientId || form["client_secret"] != ClientSecret)
        {
            return Results.BadRequest(new { error = "invalid_grant" });
        }

        DateTimeOffset now = time.GetUtcNow();
        SecurityTokenDescriptor descriptor = new()
        {
            Issuer = Issuer(http),
            Audience = ClientId,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime.AddMinutes(5),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = Guard.Hash(grant.Email)[..24], ["email"] = grant.Email, ["nonce"] = grant.Nonce,
                // So that it can be tried what becomes of who has not shown that an address is theirs.
                ["email_verified"] = !grant.Email.StartsWith("unverified", StringComparison.Ordinal),
            },
            SigningCredentials = new(new RsaSecurityKey(_key) { KeyId = "local" }, SecurityAlgorithms.RsaSha256),
        };
        return Results.Json(new Dictionary<string, string>
        {
            ["id_token"] = new JsonWebTokenHandler().CreateToken(descriptor), ["token_type"] = "Bearer",
        });
    }

    private static string Page(HttpContext http)
    {
        IEnumerable<string> hidden = http.Request.Query.Select(pair =>
            $"<input type=hidden name=\"{Html(pair.Key)}\" value=\"{Html(pair.Value.ToString())}\">");
        IEnumerable<string> people = DemoUsers.All.Select(user =>
            $"<p><button name=login_hint value=\"{Html(DemoAccounts.EmailOf(user))}\">{Html(DemoAccounts.EmailOf(user))}</button>");
        return "<!doctype html><meta charset=utf-8><title>Simulated provider</title><h1>Simulated provider</h1>"
            + $"<p>Who are you?<form>{string.Concat(hidden)}{string.Concat(people)}</form>"
            + $"<form>{string.Concat(hidden)}<p><label>Somebody else: <input name=login_hint type=email required></label>"
            + "<button>Continue</button></form>";
    }

    private static string Html(string text) => System.Net.WebUtility.HtmlEncode(text);

    private sealed record Grant(string Email, string Redirect, string Nonce, string Challenge);
}
