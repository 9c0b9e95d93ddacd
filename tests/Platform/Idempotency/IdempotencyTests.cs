using System.Net;
using System.Text;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Platform.Idempotency;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Platform.Idempotency;

/// <summary>The middleware around one function that counts its calls, on a real server and the embedded store.</summary>
public sealed class IdempotencyTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly CapturedLogs _logs = new();
    private readonly HttpClient _client = new();
    private EmbeddedCosmos _cosmos = null!;
    private CosmosClient _store = null!;
    private WebApplication _web = null!;
    private string _tenant = "TENANT_A";
    private int _calls;
    private Func<int, Task<IActionResult>> _function = call => Task.FromResult<IActionResult>(
        new JsonAnswer(new Made(call), StatusCodes.Status201Created));

    public async Task InitializeAsync()
    {
        _cosmos = EmbeddedCosmos.Open(null, _clock);
        await _cosmos.EnsureCreatedAsync(Containers.Database, Containers.All, default);
        _store = _cosmos.CreateClient();
        IdempotencyStore keys = new(_store, _clock);
        RequestMiddleware around = new(_logs.Create<RequestMiddleware>(), new(new(), _clock), _clock);
        IdempotencyMiddleware once = new(keys, _logs.Create<IdempotencyMiddleware>());
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(async http =>
        {
            StubFunctionContext context = new("Make");
            context.Items["HttpRequestContext"] = http;
            new CurrentUser("USER_A", _tenant, new HashSet<string>()).SetOn(context);
            IActionResult? result = null;
            await around.Invoke(context, inner => once.Invoke(
                inner, async _ => result = await _function(Interlocked.Increment(ref _calls))));
            if (result is not null && !http.Response.HasStarted)
            {
                await result.ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
            }
        });
        await _web.StartAsync();
        _client.BaseAddress = new Uri(_web.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _store.Dispose();
        _cosmos.Dispose();
    }

    public void Dispose()
    {
        _client.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Post_TwiceWithAKey_IsDoneOnceAndAnsweredAlike()
    {
        using HttpResponseMessage first = await PostAsync("k1", "{}");
        using HttpResponseMessage second = await PostAsync("k1", "{}");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal("""{"call":1}""", await second.Content.ReadAsStringAsync());
        Assert.Equal("application/json", second.Content.Headers.ContentType!.MediaType);
        Assert.False(first.Headers.Contains("Idempotency-Hit"));
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Hit"));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Post_WithoutAKeyOrWithAnother_IsDoneEachTime()
    {
        (await PostAsync(null, "{}")).Dispose();
        (await PostAsync(null, "{}")).Dispose();
        (await PostAsync("k2", "{}")).Dispose();
        _tenant = "TENANT_B";
        (await PostAsync("k2", "{}")).Dispose();
        Assert.Equal(4, _calls);
    }

    [Fact]
    public async Task Trap6_SameKeyWithOtherContent_IsRefused()
    {
        (await PostAsync("k1", "{}")).Dispose();
        await RefusedAsync(await PostAsync("k1", """{"other":1}"""), HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Key_WhoseCallRuns_IsRefusedUntilThatCallMustBeDead()
    {
        TaskCompletionSource entered = new();
        TaskCompletionSource release = new();
        _function = async call =>
        {
            entered.TrySetResult();
            await (call == 1 ? release.Task : Task.CompletedTask);
            return new JsonAnswer(new Made(call));
        };
        Task<HttpResponseMessage> slow = PostAsync("k1", "{}");
        await entered.Task;
        await RefusedAsync(await PostAsync("k1", "{}"), HttpStatusCode.Conflict, "idempotency_key_in_use");

        _clock.Advance(TimeSpan.FromMinutes(3));
        using HttpResponseMessage taken = await PostAsync("k1", "{}");
        Assert.Equal("""{"call":2}""", await taken.Content.ReadAsStringAsync());

        release.SetResult();
        (await slow).Dispose();
        using HttpResponseMessage later = await PostAsync("k1", "{}");
        Assert.Equal("""{"call":2}""", await later.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Failure_IsKeptOnlyWhenSomethingMayHaveBeenDone(int failure, bool kept)
    {
        _function = call => throw (failure switch
        {
            0 => Problems.InvalidRequest.With("Not valid."),
            1 => Problems.UploadChecksumMismatch.With("Refused."),
            2 => new InvalidOperationException("Broken inside."),
            _ => new TimeoutException("Not now."),
        });
        using HttpResponseMessage first = await PostAsync("k1", "{}");
        using HttpResponseMessage second = await PostAsync("k1", "{}");
        Assert.Equal(first.StatusCode, second.StatusCode);
        Assert.Equal("application/problem+json", second.Content.Headers.ContentType!.MediaType);
        Assert.Equal(kept ? 1 : 2, _calls);
        Assert.Equal(kept, second.Headers.Contains("Idempotency-Hit"));
    }

    [Fact]
    public async Task Answer_WithoutABody_IsKeptToo()
    {
        _function = _ => Task.FromResult<IActionResult>(new StatusCodeResult(StatusCodes.Status202Accepted));
        (await PostAsync("k1", "{}")).Dispose();
        using HttpResponseMessage second = await PostAsync("k1", "{}");
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Key_AfterADay_IsANewOne()
    {
        (await PostAsync("k1", "{}")).Dispose();
        _clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        (await PostAsync("k1", "{}")).Dispose();
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task Key_ThatIsTooLong_IsRefused() => await RefusedAsync(
        await PostAsync(new string('k', 256), "{}"), HttpStatusCode.BadRequest, "invalid_idempotency_key");

    [Fact]
    public async Task Trap6_StampedeOfOneKey_IsDoneOnce()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("k1", "{}")));
        Assert.Equal(1, _calls);
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(
            answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.StatusCode.ToString()));
    }

    private async Task<HttpResponseMessage> PostAsync(string? key, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/things")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _client.SendAsync(request);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains($"\"code\":\"{code}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private sealed record Made(int Call);
}
