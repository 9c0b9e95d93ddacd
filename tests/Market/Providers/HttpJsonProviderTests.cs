using System.Text.Json;
using FinVault.Market.Providers;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Market.Providers;

public sealed class HttpJsonProviderTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private readonly WebApplication web;
    private RequestDelegate answer = http => http.Response.WriteAsync("{}");
    private string? query;
    private string? keyHeader;

    public HttpJsonProviderTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        web = builder.Build();
        web.Run(http =>
        {
            (query, keyHeader) = (http.Request.QueryString.Value, http.Request.Headers["X-Api-Key"]);
            return answer(http);
        });
    }

    public Task InitializeAsync() => web.StartAsync();

    public Task DisposeAsync() => web.DisposeAsync().AsTask();

    [Fact]
    public async Task Ask_ManyInOneRequest_ReadsTextNumbersMillisecondsAndAliases()
    {
        answer = http => http.Response.WriteAsync(
            """
            {"result":{"list":[
              {"symbol":"TCS.NS","lastPrice":"3210.55","volume24h":"1200.0","ts":1704169799000},
              {"symbol":"INFY","lastPrice":1500.10,"volume24h":7,"ts":1704169800000}]}}
            """);
        using HttpJsonProvider provider = Provider("/tickers?symbols={symbols}&apikey={key}", options => options with
        {
            Items = "/result/list", Price = "/lastPrice", Volume = "/volume24h", Time = "/ts",
            TimeFormat = ProviderTime.Milliseconds, Key = "k&y",
            Aliases = new Dictionary<string, string> { ["TCS"] = "TCS.NS" },
            Headers = new Dictionary<string, string> { ["X-Api-Key"] = "Bearer {key}" },
        });

        ProviderAnswer got = await provider.GetQuotesAsync(["TCS", "INFY"], default);

        Assert.Equal(
            [
                new("TCS", 3210.55m, 1200, clock.GetUtcNow().AddSeconds(-1)),
                new("INFY", 1500.10m, 7, clock.GetUtcNow()),
            ],
            got.Prices);
        Assert.Equal("?symbols=TCS.NS,INFY&apikey=k%26y", query);
        Assert.Equal("Bearer k&y", keyHeader);
    }

    [Fact]
    public async Task Ask_OneSymbolARequest_ReadsNamesWithDotsAndTakesTheMomentAsTime()
    {
        answer = http => http.Response.WriteAsync("""{"Global Quote":{"01. symbol":"X","05. price":"99.5"}}""");
        using HttpJsonProvider provider = Provider("/query?symbol={symbol}", options => options with
        {
            Items = "/Global Quote", Symbol = null, Price = "/05. price",
        });

        Assert.Equal(1, provider.MaxSymbols);
        ProviderAnswer got = await provider.GetQuotesAsync(["M&M"], default);

        Assert.Equal([new("M&M", 99.5m, null, clock.GetUtcNow())], got.Prices);
        Assert.Equal("?symbol=M%26M", query);
    }

    [Theory]
    [InlineData("""[{"symbol":"A","price":0}]""")]
    [InlineData("""[{"symbol":"A","price":-1}]""")]
    [InlineData("""[{"symbol":"A","price":"NaN"}]""")]
    [InlineData("""[{"symbol":"A","price":null}]""")]
    [InlineData("""[{"symbol":"A"}]""")]
    [InlineData("""[{"symbol":"OTHER","price":1}]""")]
    [InlineData("""[{"symbol":7,"price":1}]""")]
    [InlineData("""["A",1,null]""")]
    [InlineData("""{"error":"no such plan"}""")]
    [InlineData("null")]
    [InlineData("[{")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Ask_NothingUsableInTheAnswer_IsMalformed(string body)
    {
        answer = http => http.Response.WriteAsync(body);
        using HttpJsonProvider provider = Provider();

        Assert.Equal(ProviderFailure.Malformed, await FailureOf(provider));
    }

    [Fact]
    public async Task Ask_OneBadQuoteAmongGoodOnes_LeavesOnlyThatOneOut()
    {
        string future = clock.GetUtcNow().AddMinutes(1).ToString("O");
        answer = http => http.Response.WriteAsync(
            $$"""
            [{"symbol":"A","price":1,"t":"{{future}}"},{"symbol":"B","price":2,"t":"2024-01-02T04:29:59Z"},
             {"symbol":"B","price":3,"t":"2024-01-02T04:29:59Z"},{"symbol":"C","price":1,"t":"yesterday"}]
            """);
        using HttpJsonProvider provider = Provider(change: options => options with { Time = "/t" });

        ProviderAnswer got = await provider.GetQuotesAsync(["A", "B", "C"], default);

        Assert.Equal([new("B", 2, null, new(2024, 1, 2, 4, 29, 59, TimeSpan.Zero))], got.Prices);
    }

    [Theory]
    [InlineData(429, ProviderFailure.Throttled)]
    [InlineData(401, ProviderFailure.Refused)]
    [InlineData(500, ProviderFailure.Refused)]
    [InlineData(302, ProviderFailure.Refused)]
    public async Task Ask_ErrorStatus_IsAFailure_AndARedirectIsNotFollowed(int status, ProviderFailure failure)
    {
        int requests = 0;
        answer = http =>
        {
            requests++;
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        using HttpJsonProvider provider = Provider();

        Assert.Equal(failure, await FailureOf(provider));
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Ask_NobodyThere_IsUnreachable()
    {
        using HttpJsonProvider provider = Provider();
        await web.StopAsync();

        Assert.Equal(ProviderFailure.Unreachable, await FailureOf(provider));
    }

    [Fact]
    public async Task Ask_ConnectionBreaksInTheBody_IsUnreachable()
    {
        answer = async http =>
        {
            http.Response.ContentLength = 100;
            await http.Response.WriteAsync("[");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };
        using HttpJsonProvider provider = Provider();

        Assert.Equal(ProviderFailure.Unreachable, await FailureOf(provider));
    }

    [Fact]
    public async Task Ask_NoHeadInTime_IsATimeout()
    {
        TaskCompletionSource reached = new();
        answer = http =>
        {
            reached.SetResult();
            return Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using HttpJsonProvider provider = Provider();
        Task<ProviderFailure?> asked = FailureOf(provider);
        await reached.Task;
        clock.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(ProviderFailure.Timeout, await asked);
    }

    [Fact]
    public async Task Ask_LargerThanAnAnswerMayBe_IsUnreachable()
    {
        answer = http => http.Response.WriteAsync(new string(' ', 5_000_000));
        using HttpJsonProvider provider = Provider();

        Assert.Equal(ProviderFailure.Unreachable, await FailureOf(provider));
    }

    [Fact]
    public async Task Ask_CallerLeaves_IsCancelled()
    {
        using HttpJsonProvider provider = Provider();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => provider.GetQuotesAsync(["A"], new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("/foo/0", "\"bar\"")]
    [InlineData("/a~1b", "1")]
    [InlineData("/m~0n", "8")]
    [InlineData("/05. price", "7")]
    [InlineData("/foo/2", null)]
    [InlineData("/none/0", null)]
    public void JsonPointer_FindsWhatRfc6901Says(string place, string? found)
    {
        JsonElement document =
            JsonDocument.Parse("""{"foo":["bar","baz"],"a/b":1,"m~n":8,"05. price":7}""").RootElement;

        string? actual = JsonPointer.Find(document, place)?.GetRawText();
        Assert.Equal(place.Length == 0 ? document.GetRawText() : found, actual);
    }

    private static async Task<ProviderFailure?> FailureOf(HttpJsonProvider provider) =>
        (await provider.GetQuotesAsync(["A"], default)).Failure;

    private HttpJsonProvider Provider(
        string path = "/?symbols={symbols}", Func<HttpProviderOptions, HttpProviderOptions>? change = null)
    {
        HttpProviderOptions options = new() { Name = "test", Url = web.Urls.Single() + path };
        return new(change?.Invoke(options) ?? options, clock);
    }
}
