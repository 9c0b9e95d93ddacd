using System.Net;
using System.Security.Cryptography;
using System.Text;
using FinVault.Identity;
using Microsoft.IdentityModel.Tokens;

namespace FinVault.Tests.Identity;

/// <summary>How a browser keeps its refresh token, and tokens that are none of ours.</summary>
public sealed class SessionCookieTests : IAsyncLifetime
{
    private const string Asha = "asha@example.com";

    private IdentityApp _app = null!;

    public async Task InitializeAsync()
    {
        // The setting that made tokens of anybody be accepted once.
        _app = await IdentityApp.StartAsync(
            new Dictionary<string, string?> { ["DevelopmentTokenKey"] = Convert.ToBase64String(new byte[32]) });
        await _app.NewUserAsync(Asha);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task SignIn_OfABrowser_PutsTheRefreshTokenWhereNoScriptIs()
    {
        Answer answer = await SignInAsync();

        Assert.Null(answer.Read<SignInAnswer>().Session!.RefreshToken);
        string cookie = CookieOf(answer)!;
        Assert.All((string[])["httponly", "samesite=strict", "path=/api/v1/auth"], part =>
            Assert.Contains(part, cookie.ToLowerInvariant(), StringComparison.Ordinal));
    }

    /// <summary>As Azure's front end passes it on, which ends https.</summary>
    [Fact]
    public async Task Cookie_OfARequestByHttps_IsSecure_AndOfThisHostAlone()
    {
        Answer answer = await _app.SendAsync(
            HttpMethod.Post, "auth/sign-in", new { email = Asha, IdentityApp.Password }, null, Https);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-finvault-refresh=", cookie, StringComparison.Ordinal);
        Assert.All((string[])["secure", "httponly", "samesite=strict", "path=/"], part =>
            Assert.Contains($" {part}", cookie.ToLowerInvariant().Replace(';', ' '), StringComparison.Ordinal));
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("path=/api", cookie, StringComparison.OrdinalIgnoreCase);

        Answer refreshed = await _app.SendAsync(HttpMethod.Post, "auth/refresh", new { }, null, headers =>
        {
            Https(headers);
            headers.Add("Cookie", cookie.Split(';')[0]);
        });
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);

        static void Https(System.Net.Http.Headers.HttpRequestHeaders headers)
        {
            headers.Add("X-Forwarded-Proto", "https");
            headers.Add(SessionCookie.Header, "1");
        }
    }

    [Fact]
    public async Task Refresh_OfABrowser_GoesByTheCookieAndReplacesIt()
    {
        string first = Value(CookieOf(await SignInAsync())!);
        Answer refreshed = await RefreshAsync(first, browser: true);
        string second = Value(CookieOf(refreshed)!);

        Assert.NotEqual(first, second);
        Assert.True(await _app.IsInAsync(refreshed.Read<SessionGrant>().AccessToken));
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(second, browser: true)).Status);
        Assert.Equal("invalid_token", (await RefreshAsync(first, browser: true)).Code);
    }

    /// <summary>No form of another site sets a header, whatever becomes of the cookie's rules.</summary>
    [Fact]
    public async Task Refresh_ByTheCookieAlone_IsRefused()
    {
        string cookie = Value(CookieOf(await SignInAsync())!);

        Assert.Equal("invalid_token", (await RefreshAsync(cookie, browser: false)).Code);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(cookie, browser: true)).Status);
    }

    [Fact]
    public async Task SignOut_OfABrowser_TakesTheCookieAway()
    {
        Answer answer = await SignInAsync();
        string token = answer.Read<SignInAnswer>().Session!.AccessToken;
        Answer gone = await _app.SendAsync(
            HttpMethod.Post, "auth/sign-out", null, token, headers => headers.Add(SessionCookie.Header, "1"));

        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
        Assert.Equal("", Value(CookieOf(gone)!));
        Assert.Equal("invalid_token", (await RefreshAsync(Value(CookieOf(answer)!), browser: true)).Code);
    }

    [Fact]
    public async Task DevelopmentToken_SignedAsItOnceWas_IsRefused()
    {
        byte[] payload = Encoding.UTF8.GetBytes(
            """
            {"userId":"USER_01ARZ3NDEKTSV4RRFFQ69G5FAV","tenantId":"TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV","roles":["Admin"],
            "expires":"2999-01-01T00:00:00+00:00"}
            """);
        string signature = Base64UrlEncoder.Encode(HMACSHA256.HashData(new byte[32], payload));
        string token = $"dev.{Base64UrlEncoder.Encode(payload)}.{signature}";

        Assert.Equal("invalid_token", (await _app.GetAsync("auth/me", token)).Code);
        Assert.Equal("invalid_token", (await _app.GetAsync("operations/dead-letters", token)).Code);
        using HttpResponseMessage issue = await _app.App.Client.GetAsync("dev/token?user=admin");
        Assert.Equal(HttpStatusCode.NotFound, issue.StatusCode);
    }

    private static string? CookieOf(Answer answer) => answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? all)
        ? all.Single(one => one.StartsWith(SessionCookie.Name + "=", StringComparison.Ordinal))
        : null;

    private static string Value(string cookie) => cookie.Split(';')[0][(SessionCookie.Name.Length + 1)..];

    private Task<Answer> SignInAsync() => _app.SendAsync(
        HttpMethod.Post, "auth/sign-in", new { email = Asha, IdentityApp.Password }, null,
        headers => headers.Add(SessionCookie.Header, "1"));

    private Task<Answer> RefreshAsync(string cookie, bool browser) => _app.SendAsync(
        HttpMethod.Post, "auth/refresh", new { }, null, headers =>
        {
            headers.Add("Cookie", $"{SessionCookie.Name}={cookie}");
            if (browser)
            {
                headers.Add(SessionCookie.Header, "1");
            }
        });
}
