using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Platform.RateLimits;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Platform.RateLimits;

/// <summary>Limits of several instances over one store.</summary>
public sealed class RateLimiterTests : IAsyncLifetime, IDisposable
{
    private static readonly RateLimit TenASecond = new("burst", 10, TimeSpan.FromSeconds(1));

    private readonly ManualClock _clock = new();
    private readonly CapturedLogs _logs = new();
    private EmbeddedCosmos _cosmos = null!;
    private CosmosClient _client = null!;

    public async Task InitializeAsync()
    {
        _cosmos = EmbeddedCosmos.Open(null, _clock);
        await _cosmos.EnsureCreatedAsync(Containers.Database, Containers.All, default);
        _client = _cosmos.CreateClient();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _client.Dispose();
        _cosmos.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Limit_OfOneInstance_LetsExactlyThatManyThrough()
    {
        RateLimiter limiter = Instance();
        List<RateVerdict> verdicts = [];
        for (int call = 0; call < 15; call++)
        {
            verdicts.Add(await limiter.TakeAsync("asha", TenASecond, default));
        }

        Assert.Equal(Enumerable.Range(0, 15).Select(call => call < 10), verdicts.Select(verdict => verdict.Allowed));
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], verdicts.Take(10).Select(verdict => verdict.Remaining));
        Assert.All(verdicts, verdict => Assert.InRange(verdict.RetryAfterSeconds, 1, 1));
    }

    [Fact]
    public async Task Limit_OfManyInstancesAtOnce_IsNeverExceededAndMostlyUsed()
    {
        RateLimiter[] instances = [.. Enumerable.Range(0, 3).Select(_ => Instance())];
        RateVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 60)
            .Select(call => instances[call % 3].TakeAsync("asha", TenASecond, default).AsTask()));
        Assert.Equal(10, verdicts.Count(verdict => verdict.Allowed));
    }

    [Fact]
    public async Task Window_WhenItIsOver_BeginsAnew()
    {
        RateLimiter limiter = Instance();
        await DrainAsync(limiter, "asha");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await limiter.TakeAsync("asha", TenASecond, default)).Allowed);
    }

    [Fact]
    public async Task Subjects_AndLimits_AreCountedApart()
    {
        RateLimiter limiter = Instance();
        await DrainAsync(limiter, "asha");
        Assert.True((await limiter.TakeAsync("harish", TenASecond, default)).Allowed);
        Assert.True((await limiter.TakeAsync("asha", TenASecond with { Name = "other" }, default)).Allowed);
    }

    [Fact]
    public async Task Attacker_WhoDoesNotStop_CostsNoWrites()
    {
        RateLimiter limiter = Instance();
        await DrainAsync(limiter, "asha");
        long before = _cosmos.Ledger.TotalRequests;
        for (int call = 0; call < 1_000; call++)
        {
            Assert.False((await limiter.TakeAsync("asha", TenASecond, default)).Allowed);
        }

        Assert.Equal(before, _cosmos.Ledger.TotalRequests);
    }

    [Fact]
    public async Task Attacker_WhoHasUsedUpTheMinute_TakesNothingFromTheSeconds()
    {
        RateLimiter limiter = Instance();
        RateLimit[] tiers = [TenASecond, new("medium", 60, TimeSpan.FromSeconds(10)), new("long", 300, TimeSpan.FromMinutes(1))];
        int allowed = 0;
        long atTheEnd = 0;
        for (int second = 0; second < 60; second++)
        {
            for (int call = 0; call < 50; call++)
            {
                allowed += (await limiter.TakeAsync("mallory", tiers, default)).Allowed ? 1 : 0;
            }

            atTheEnd = second == 50 ? _cosmos.Ledger.TotalRequests : atTheEnd;
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(300, allowed);
        // A ninth of the 3,000 calls, and none at all for the 450 that came after the last that was let through.
        Assert.InRange(_cosmos.Ledger.TotalRequests, 1, 3_000 / 9);
        Assert.Equal(atTheEnd, _cosmos.Ledger.TotalRequests);
    }

    [Fact]
    public async Task Tiers_AnswerWithTheOneThatRefuses()
    {
        RateLimiter limiter = Instance();
        RateLimit[] tiers = [TenASecond with { Calls = 100 }, new("long", 3, TimeSpan.FromMinutes(1))];
        for (int call = 0; call < 3; call++)
        {
            Assert.True((await limiter.TakeAsync("asha", tiers, default)).Allowed);
        }

        RateVerdict refused = await limiter.TakeAsync("asha", tiers, default);
        Assert.False(refused.Allowed);
        Assert.Equal("long", refused.Limit.Name);
        ProblemException problem = refused.ToProblem();
        Assert.Equal(429, problem.Problem.Status);
        Assert.Equal(refused.RetryAfterSeconds, problem.RetryAfterSeconds);
    }

    [Fact]
    public async Task Store_ThatDoesNotAnswer_LeavesEachInstanceToCountAlone()
    {
        using IDisposable fault = _cosmos.Faults.Add(new FaultRule(FaultKind.Unavailable) { Container = Containers.Limits });
        RateLimiter limiter = Instance();
        int allowed = 0;
        for (int call = 0; call < 30; call++)
        {
            allowed += (await limiter.TakeAsync("asha", TenASecond, default)).Allowed ? 1 : 0;
        }

        Assert.Equal(10, allowed);
        Assert.Contains(_logs.All, log => log.Level == LogLevel.Warning);
    }

    private RateLimiter Instance() => new(new RateCounterStore(_client), _clock, _logs.Create<RateLimiter>());

    private static async Task DrainAsync(RateLimiter limiter, string subject)
    {
        while ((await limiter.TakeAsync(subject, TenASecond, default)).Allowed)
        {
        }
    }
}
