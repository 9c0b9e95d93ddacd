using System.Net;
using FinVault.Identity;
using FinVault.Platform.RateLimits;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform.RateLimits;

/// <summary>What a caller sees of the limits, with a clock that stands still.</summary>
public sealed class RateLimitMiddlewareTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private AppHost _app = null!;

    public async Task InitializeAsync() => _app = await AppHost.StartAsync(AppHost.Defaults with
    {
        Time = _clock,
        Settings = new Dictionary<string, string?> { ["RateLimits:enabled"] = "true", ["RateLimits:trustedHops"] = "1" },
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task EleventhCall_InASecond_IsRefusedAndToldWhenToComeBack()
    {
        List<HttpResponseMessage> answers = [];
        for (int call = 0; call < 11; call++)
        {
            answers.Add(await CallAsync("profile", user: "asha"));
        }

        Assert.All(answers.Take(10), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(Enumerable.Range(0, 10).Reverse(), answers.Take(10).Select(answer => Number(answer, "RateLimit-Remaining")));
        HttpResponseMessage refused = answers[10];
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(("10", "0", "1", "1"), (
            Header(refused, "RateLimit-Limit"), Header(refused, "RateLimit-Remaining"), Header(refused, "RateLimit-Reset"),
            Header(refused, "Retry-After")));
        Assert.Contains("rate_limited", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("profile", user: "asha"));
    }

    [Fact]
    public async Task Tiers_BehindTheFirst_BoundWhoStaysBelowIt()
    {
        int allowed = 0;
        for (int second = 0; second < 60; second++)
        {
            for (int call = 0; call < 8; call++)
            {
                allowed += await StatusAsync("profile", user: "asha") == HttpStatusCode.OK ? 1 : 0;
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // 60 of the 80 in each ten seconds, and 300 of those 360 in the minute.
        Assert.Equal(300, allowed);
    }

    [Fact]
    public async Task OneUser_DoesNotUseUpAnothers()
    {
        for (int call = 0; call < 12; call++)
        {
            await StatusAsync("profile", user: "asha");
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("profile", user: "harish"));
    }

    [Fact]
    public async Task Address_IsTheOneThatOurProxySawAndNoneThatACallerMadeUp()
    {
        int refused = 0;
        for (int call = 0; call < 12; call++)
        {
            refused += await StatusAsync("market/ingest", from: $"10.0.0.{call}, 203.0.113.7:{50000 + call}")
                == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        Assert.Equal(2, refused);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync("market/ingest", from: "203.0.113.7, 203.0.113.8"));
    }

    [Fact]
    public async Task TokensThatAreNone_AreCountedByAddress()
    {
        List<HttpStatusCode> seen = [];
        for (int call = 0; call < 12; call++)
        {
            seen.Add(await StatusAsync("profile", token: $"made.up.{call}", from: "203.0.113.9"));
        }

        Assert.Equal(10, seen.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(2, seen.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task SignIns_OfOneAddress_AreTenAMinute()
    {
        int tried = 0;
        for (int second = 0; second < 30; second++)
        {
            tried += await StatusAsync("auth/sign-in/code", from: "203.0.113.10", body: """{"challenge":"a.b","code":"1"}""")
                == HttpStatusCode.BadRequest ? 1 : 0;
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, tried);
    }

    [Fact]
    public async Task SharedPortfolio_IsReadThirtyTimesAMinuteByOneAddress_WithRightAndWrongTokens()
    {
        string account = await MadeAsync("portfolios", """{"name":"Mine","currency":"INR","lotMethod":"fifo","tracksCash":false}""", "id");
        string token = await MadeAsync(
            "portfolios/links", $$"""{"name":"For you","shows":"percentages","accounts":["{{account}}"]}""", "token");
        List<HttpStatusCode> seen = [];
        for (int second = 0; second < 36; second++)
        {
            seen.Add(await ReadAsync(second % 2 == 0 ? token : token[..^1] + "!"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        HttpStatusCode[] pair = [HttpStatusCode.OK, HttpStatusCode.NotFound];
        Assert.Equal(Enumerable.Repeat(pair, 15).SelectMany(both => both), seen.Take(30));
        Assert.All(seen.Skip(30), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(token, from: "203.0.113.13"));
        _clock.Advance(TimeSpan.FromSeconds(24));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(token));

        Task<HttpStatusCode> ReadAsync(string by, string from = "203.0.113.12") =>
            StatusAsync("shared/portfolio", from: from, body: $$"""{"token":"{{by}}"}""");

        async Task<string> MadeAsync(string path, string body, string member)
        {
            using HttpResponseMessage answer = await CallAsync(path, "asha", body: body);
            return (await AppHost.ReadJsonAsync(answer)).GetProperty(member).GetString()!;
        }
    }

    [Fact]
    public async Task Programs_OnPublicRoutes_HaveFiveCallsAMinute()
    {
        List<HttpStatusCode> program = [];
        List<HttpStatusCode> browser = [];
        for (int second = 0; second < 8; second++)
        {
            program.Add(await StatusAsync("market/ingest", from: "203.0.113.11", agent: "curl/8.5.0"));
            browser.Add(await StatusAsync("market/ingest", from: "203.0.113.11", agent: "Mozilla/5.0 (X11) Firefox/140.0"));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(3, program.Count(status => status == HttpStatusCode.TooManyRequests));
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, browser);
    }

    [Fact]
    public async Task Health_IsNeverLimited()
    {
        for (int call = 0; call < 30; call++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync("health/live", agent: "curl/8.5.0"));
        }
    }

    [Theory]
    [InlineData(0, "198.51.100.1", "127.0.0.1")]
    [InlineData(1, "198.51.100.1", "198.51.100.1")]
    [InlineData(1, "10.0.0.1, 198.51.100.1:51234", "198.51.100.1")]
    [InlineData(2, "10.0.0.1, 198.51.100.1, 203.0.113.1", "198.51.100.1")]
    [InlineData(1, "[2001:db8:1:2:3:4:5:6]:443", "20010db800010002")]
    [InlineData(1, "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData(1, "nonsense", "unknown")]
    [InlineData(2, "198.51.100.1", "unknown")]
    [InlineData(1, "", "unknown")]
    public void Address_BehindProxies_IsCountedFromTheRight(int hops, string forwarded, string expected)
    {
        DefaultHttpContext http = new();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Request.Headers["X-Forwarded-For"] = forwarded;
        IConfiguration settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["RateLimits:trustedHops"] = $"{hops}" }).Build();

        Assert.Equal(expected, new ClientAddress(settings).Of(http));
    }

    private async Task<HttpStatusCode> StatusAsync(
        string path, string? user = null, string? token = null, string from = "203.0.113.1", string? agent = null,
        string? body = null)
    {
        using HttpResponseMessage answer = await CallAsync(path, user, token, from, agent, body);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> CallAsync(
        string path, string? user = null, string? token = null, string from = "203.0.113.1", string? agent = null,
        string? body = null)
    {
        using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, $"api/v1/{path}");
        request.Headers.Add("X-Forwarded-For", from);
        if (user is not null || token is not null)
        {
            request.Headers.Authorization = new("Bearer", token ?? TokenOf(user!));
        }

        if (agent is not null)
        {
            request.Headers.Add("User-Agent", agent);
        }

        request.Content = body is null ? null : new StringContent(body, null, "application/json");
        return await _app.Client.SendAsync(request);
    }

    private string TokenOf(string name) => _app.Sessions.Issue(new CurrentUser($"USER_{name}", "TENANT_demo", new HashSet<string> { Roles.User }));

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static int Number(HttpResponseMessage answer, string name) =>
        int.Parse(Header(answer, name), System.Globalization.CultureInfo.InvariantCulture);
}
