using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace FinVault.Tests.Platform;

public sealed class RequestMiddlewareTests
{
    [Fact]
    public async Task Problem_IsAnsweredAsProblemJsonWithItsCodeAndCorrelationId()
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(_ => throw Problems.UnknownSymbol.With(
            "There is no symbol NOPE.", new Dictionary<string, object?> { ["symbol"] = "NOPE", ["status"] = 200 }));
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/market/quotes?symbols=NOPE");
        request.Headers.Add("x-correlation-id", "order-7.a_B");

        using HttpResponseMessage response = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["order-7.a_B"], response.Headers.GetValues("x-correlation-id"));
        JsonNode expected = JsonNode.Parse(
            """
            {
              "type": "urn:finvault:problem:unknown_symbol", "title": "The symbol is not known", "status": 404,
              "detail": "There is no symbol NOPE.", "instance": "/api/v1/market/quotes", "code": "unknown_symbol",
              "correlationId": "order-7.a_B", "symbol": "NOPE"
            }
            """)!;
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body)), body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_OfAnyKind_TellsBrowsersThatItIsNoPage(bool fails)
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(
            http => fails ? throw new InvalidOperationException("inside") : http.Response.WriteAsync("{}"));

        using HttpResponseMessage response = await app.Client.GetAsync("/");

        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["DENY"], response.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(
            ["default-src 'none'; frame-ancestors 'none'"], response.Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task CorrelationId_OfASuccess_IsEchoedAndKnownToTheFunctionAndItsTrace()
    {
        string? current = null;
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(http =>
        {
            current = Correlation.Current;
            return http.Response.WriteAsync(Activity.Current?.GetBaggageItem("correlationId") ?? "");
        });
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("x-correlation-id", "abc");

        using HttpResponseMessage response = await app.Client.SendAsync(request);

        Assert.Equal(["abc"], response.Headers.GetValues("x-correlation-id"));
        Assert.Equal("abc", current);
        Assert.Equal("abc", await response.Content.ReadAsStringAsync());
        Activity activity = Assert.Single(app.Activities);
        Assert.Equal("abc", activity.GetTagItem("correlationId"));
        Assert.Equal("Function", activity.OperationName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a{b}")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task CorrelationId_ThatIsNotAcceptable_IsReplaced(string sent)
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(_ => Task.CompletedTask);
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("x-correlation-id", sent);

        using HttpResponseMessage response = await app.Client.SendAsync(request);

        string id = Assert.Single(response.Headers.GetValues("x-correlation-id"));
        Assert.NotEqual(sent, id);
        Assert.Equal(32, id.Length);
    }

    public static TheoryData<Exception, string, int> Failing => new()
    {
        { new BadHttpRequestException("x", 400), "invalid_request", 400 },
        { new BadHttpRequestException("x", 413), "body_too_large", 413 },
        { new CosmosException("secret", HttpStatusCode.TooManyRequests, 3200, "", 0), "unavailable", 503 },
        { new CosmosException("secret", HttpStatusCode.ServiceUnavailable, 0, "", 0), "unavailable", 503 },
        { new CosmosException("secret", HttpStatusCode.RequestTimeout, 0, "", 0), "unavailable", 503 },
        { new CosmosException("secret", HttpStatusCode.BadRequest, 0, "", 0), "internal", 500 },
        { new CosmosException("secret", HttpStatusCode.NotFound, 0, "", 0), "internal", 500 },
        { new TimeoutException("secret"), "unavailable", 503 },
        { new TaskCanceledException("secret"), "unavailable", 503 },
        { new HttpRequestException("secret"), "unavailable", 503 },
        { new Azure.RequestFailedException(503, "secret"), "unavailable", 503 },
        { new Azure.RequestFailedException(403, "secret"), "internal", 500 },
        { new BrokenCircuitException("secret"), "unavailable", 503 },
        { new AggregateException(Problems.NotFound.With("none")), "not_found", 404 },
        { new InvalidOperationException("secret"), "internal", 500 },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task Failure_IsAnsweredByItsKindAndTellsNothingInternal(Exception failure, string code, int status)
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(_ => throw failure);

        using HttpResponseMessage response = await app.Client.GetAsync(new Uri("/", UriKind.Relative));
        string body = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Equal(status == 503, response.Headers.RetryAfter is { Delta.TotalSeconds: >= 1 });
        // An operator always sees the infrastructure error itself.
        Assert.Equal(status >= 500, app.Logs.Any(log => log.Level == LogLevel.Error && log.Exception == failure));
    }

    [Theory]
    [InlineData("POST", "invalid_body", 400)]
    [InlineData("GET", "internal", 500)]
    public async Task BrokenJson_IsTheCallersFaultOnlyWhereTheCallerSendsAny(string method, string code, int status)
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(_ =>
        {
            JsonSerializer.Deserialize<Dictionary<string, decimal>>("""{"price":"x"}""", Json.Options);
            return Task.CompletedTask;
        });

        using HttpResponseMessage response = await app.Client.SendAsync(new(new(method), "/"));
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.DoesNotContain("System.", body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_IsLoggedOnceWithTheStatusItEndedWith_AndWithoutItsQuery()
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(http =>
        {
            // As a result that is executed after the pipeline would.
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
        using HttpResponseMessage response = await app.Client.GetAsync(new Uri("/path?token=secret", UriKind.Relative));
        await app.StopAsync();

        CapturedLog log = Assert.Single(app.Logs, log => log.EventId == 1000);
        Assert.Equal("202", log["Status"]);
        Assert.Equal("/path", log["Path"]);
        Assert.Equal(response.Headers.GetValues("x-correlation-id").Single(), log["CorrelationId"]);
        Assert.DoesNotContain("secret", log.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_AfterTheAnswerHasBegun_CutsTheConnection()
    {
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(async http =>
        {
            await http.Response.WriteAsync("[1,");
            await http.Response.Body.FlushAsync();
            throw new InvalidOperationException("half way");
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => app.Client.GetStringAsync(new Uri("/", UriKind.Relative)));
    }

    [Fact]
    public async Task CallerLeaves_IsNoError()
    {
        TaskCompletionSource reached = new(), ended = new();
        await using MiddlewareApp app = await MiddlewareApp.StartAsync(
            async http =>
            {
                reached.SetResult();
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            },
            ended.SetResult);
        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> call = app.Client.GetAsync(new Uri("/", UriKind.Relative), leave.Token);
        await reached.Task;
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task;

        Assert.DoesNotContain(app.Logs, log => log.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task OtherTriggers_KeepTheirException_UnderACorrelationId()
    {
        CapturedLogs logs = new();
        RequestMiddleware middleware = new(logs.Create<RequestMiddleware>(), new(new(), TimeProvider.System), TimeProvider.System);
        InvalidOperationException failure = new("poison");
        string? current = null;

        Exception thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => middleware.Invoke(
            new StubFunctionContext("IngestTicks"), _ =>
            {
                current = Correlation.Current;
                throw failure;
            }));

        Assert.Same(failure, thrown);
        Assert.Equal("invocation-1", current);
        CapturedLog log = Assert.Single(logs.All);
        Assert.Equal(failure, log.Exception);
        Assert.Equal("invocation-1", log.Scope["correlationId"]);
    }

    [Fact]
    public void Catalogue_CodesAreUniqueSnakeCaseAndErrors()
    {
        Assert.NotEmpty(Problems.ByName);
        Assert.Equal(Problems.ByName.Count, Problems.ByName.Values.Select(problem => problem.Code).Distinct().Count());
        Assert.All(Problems.ByName.Values, problem =>
        {
            Assert.Matches("^[a-z]+(_[a-z]+)*$", problem.Code);
            Assert.InRange(problem.Status, 400, 599);
            Assert.NotEmpty(problem.Title);
        });
    }
}
