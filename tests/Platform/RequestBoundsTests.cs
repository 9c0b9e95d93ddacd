using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Tests.Fuzz;
using FinVault.Tests.Support;

namespace FinVault.Tests.Platform;

/// <summary>What holds for every route of the API's document, whoever calls it from wherever with however much.</summary>
public sealed class RequestBoundsTests(RequestBoundsTests.App app) : IClassFixture<RequestBoundsTests.App>
{
    private const int TooMany = 6 * 1024 * 1024;

    private static readonly JsonObject Document = ApiDocument.Of(typeof(ApiDocument).Assembly);

    // A hundred thousand ticks in one call, and every day's exchange rates, are more than any other body is.
    private static readonly string[] TakesMore = ["/ticks", "/fx/rates"];

    [Fact]
    public async Task Bodies_ThatAreTooLarge_AreRefusedByEveryRouteThatTakesOne()
    {
        List<string> wrong = [];
        string huge = new StringBuilder("{\"a\":\"").Append('x', TooMany).Append("\"}").ToString();
        foreach ((string method, string path, JsonObject operation) in Operations())
        {
            if (operation["requestBody"] is null || TakesMore.Any(path.EndsWith))
            {
                continue;
            }

            using HttpRequestMessage request = Request(method, path, operation);
            request.Content = new StringContent(huge, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await app.Client.SendAsync(request);
            string? code = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())?["code"];
            // Who must prove more, or asks of another, is refused before anything is read; so is a statement of no account.
            if ((answer.StatusCode, code) is not ((HttpStatusCode.RequestEntityTooLarge, "body_too_large")
                or (HttpStatusCode.Forbidden, "step_up_required")
                or (HttpStatusCode.Unauthorized, "invalid_signature" or "invalid_participant")
                or (HttpStatusCode.NotFound, "unknown_user"))
                && path != "/ledger/reconciliations")
            {
                wrong.Add($"{method} {path}: {(int)answer.StatusCode} {code}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Origins_ThatAreNotNamed_AreNotLetIn_AndNoneIsByAStar()
    {
        List<string> wrong = [];
        foreach ((string method, string path, JsonObject operation) in Operations())
        {
            foreach (string origin in new[] { "https://evil.example", "null", "http://localhost:5173.evil.example" })
            {
                using HttpRequestMessage ask = Request("options", path, operation);
                ask.Headers.Add("Origin", origin);
                ask.Headers.Add("Access-Control-Request-Method", method.ToUpperInvariant());
                using HttpResponseMessage answer = await app.Client.SendAsync(ask);
                if (answer.Headers.Contains("Access-Control-Allow-Origin"))
                {
                    wrong.Add($"{method} {path} lets {origin} in");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        using HttpRequestMessage own = new(HttpMethod.Get, "api/v1/health/live");
        own.Headers.Add("Origin", "http://localhost:5173");
        using HttpResponseMessage allowed = await app.Client.SendAsync(own);
        Assert.Equal(["http://localhost:5173"], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task SecurityHeaders_AreOnEveryAnswer()
    {
        List<string> wrong = [];
        foreach ((string method, string path, JsonObject operation) in Operations().Where(one => one.Method == "get"))
        {
            using HttpRequestMessage request = Request(method, path, operation);
            using HttpResponseMessage answer = await app.Client.SendAsync(request);
            bool all = answer.Headers.Contains("X-Content-Type-Options") && answer.Headers.Contains("X-Frame-Options")
                && answer.Headers.Contains("Content-Security-Policy") && answer.Headers.Contains("Referrer-Policy")
                && answer.Headers.CacheControl is not null && !answer.Headers.Contains("X-Powered-By")
                && !answer.Headers.Contains("Server");
            if (!all)
            {
                wrong.Add($"{method} {path} ({(int)answer.StatusCode}): {answer.Headers}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<(string Method, string Path, JsonObject Operation)> Operations() =>
        Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(
            method => (method.Key, path.Key, method.Value!.AsObject())));

    private static HttpRequestMessage Request(string method, string path, JsonObject operation) =>
        new(new HttpMethod(method), new FuzzInputs(Document, path, operation).Cases().First().PathAndQuery);

    /// <summary>One app for all routes, and somebody with every role.</summary>
    public sealed class App : IAsyncLifetime
    {
        private AppHost _host = null!;

        public HttpClient Client => _host.Client;

        public async Task InitializeAsync()
        {
            _host = await AppHost.StartAsync();
            CurrentUser everybody = new(
                Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), Roles.All.ToHashSet());
            _host.SignIn(everybody);
        }

        public Task DisposeAsync() => _host.DisposeAsync().AsTask();
    }
}
