using FinVault.Platform.Health;
using FinVault.Platform.Resilience;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace FinVault.Tests.Platform.Resilience;

public sealed class DependencyTests : IDisposable
{
    private static readonly DependencySettings Settings = new() { BreakerFailures = 3, BreakerSeconds = 30 };

    private readonly ManualClock _clock = new();
    private readonly CapturedLogs _logs = new();
    private int _calls;

    [Fact]
    public async Task Breaker_WhenARunOfFailuresIsFull_RejectsWithoutACall_AndLetsOneProbeThrough()
    {
        Dependencies all = All();
        Dependency one = all.Of("one", Settings);
        await FailAsync(one, 3);
        Assert.True(one.IsOpen);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => SucceedAsync(one));
        Assert.Equal(3, _calls);
        Assert.Contains(_logs.All, log => log is { EventId: 1150, Exception: HttpRequestException });

        _clock.Advance(TimeSpan.FromSeconds(30));
        TaskCompletionSource<int> slow = new();
        Task<int> probe = one.RunAsync(_ => slow.Task, default);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => SucceedAsync(one));
        slow.SetResult(1);
        Assert.Equal(1, await probe);
        Assert.Equal(CircuitState.Closed, one.State);
        // What was before it closed is no part of the next run.
        await FailAsync(one, 2);
        Assert.False(one.IsOpen);
    }

    [Fact]
    public async Task Health_NamesWhatIsOpen_AndNothingElse()
    {
        Dependencies all = All();
        DependenciesCheck check = new(all);
        all.Of("fine");
        Dependency bad = all.Of("mail", Settings);
        Assert.Equal(CheckResult.Healthy, await check.CheckAsync(default));
        await FailAsync(bad, 3);
        Assert.Equal(new(HealthStatus.Degraded, "breaker open: mail"), await check.CheckAsync(default));
        Assert.False(check.Required);
    }

    [Fact]
    public async Task Call_ThatTakesTooLong_IsGivenUp_AndCounts()
    {
        Dependency one = All().Of("one", Settings with { TotalSeconds = 5 });
        for (int i = 0; i < 3; i++)
        {
            Task<int> call = one.RunAsync(
                async token =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, _clock, token);
                    return 1;
                },
                default);
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        }

        Assert.True(one.IsOpen);
    }

    [Fact]
    public async Task Bulkhead_WhenFull_RefusesAtOnce_AndLetsThoseWhoWaitIn()
    {
        Dependency one = All().Of("one", Settings with { Concurrency = 1, Waiting = 1 });
        TaskCompletionSource<int> slow = new();
        Task<int> inside = one.RunAsync(_ => slow.Task, default);
        Task<int> waiting = SucceedAsync(one);
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<DependencyBusyException>(() => SucceedAsync(one));
        }

        Assert.Equal(0, _calls);
        slow.SetResult(7);
        Assert.Equal((7, 1), (await inside, await waiting));
        Assert.False(one.IsOpen);
    }

    [Fact]
    public async Task Refusal_ThatSaysNothingOfTheOtherSide_DoesNotCount()
    {
        Dependency one = All().Of("one", Settings);
        for (int i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => one.RunAsync<int>(_ => throw new InvalidOperationException(), default));
        }

        Assert.False(one.IsOpen);
    }

    [Fact]
    public async Task Retry_TriesAgainAfterAWhile()
    {
        Dependency one = All().Of("one", Settings with { Retries = 2 });
        Task<int> call = one.RunAsync(
            _ => Interlocked.Increment(ref _calls) < 3
                ? Task.FromException<int>(new HttpRequestException())
                : Task.FromResult(_calls),
            default);
        while (!call.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(3, await call);
    }

    [Fact]
    public async Task Members_OfAFamily_FailApart_AndAreNoPartOfHealth()
    {
        Dependencies all = All();
        DependencyFamily family = all.Family("webhooks", Settings);
        await FailAsync(family.Of("WEBHOOK_1"), 3);
        Assert.True(family.Of("WEBHOOK_1").IsOpen);
        await SucceedAsync(family.Of("WEBHOOK_2"));
        Assert.Equal(4, _calls);
        family.Forget("WEBHOOK_1");
        Assert.False(family.Of("WEBHOOK_1").IsOpen);
        Assert.Empty(all.All);
    }

    [Fact]
    public void Settings_OverrideWhatTheCodeSays_AndWrongOnesAreNamed()
    {
        IConfigurationRoot settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dependencies:openid:TotalSeconds"] = "4", ["Dependencies:mail:BreakerFailures"] = "1",
        }).Build();
        Dependencies all = new(_clock, _logs.Create<Dependencies>(), settings);
        Assert.Equal(Settings with { TotalSeconds = 4 }, all.Of("openid-google", Settings).Settings);
        Assert.Contains("mail:BreakerFailures", Assert.Throws<InvalidOperationException>(() => all.Of("mail")).Message);
    }

    [Fact]
    public void EveryClientOfTheOutside_IsMadeWithAGuard()
    {
        // Who makes an HttpClient or an SmtpClient asks the registry in the same file.
        string[] bare = [.. Directory.GetFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/"))
            .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
            .Where(file => file.Text.Contains("HttpClient _") || file.Text.Contains("SmtpClient client"))
            .Where(file => !file.Text.Contains("dependencies.") && file.Name != "HttpJsonProvider.cs")
            .Select(file => file.Name)];
        Assert.Empty(bare);
    }

    public void Dispose() => _logs.Dispose();

    private Dependencies All() => new(_clock, _logs.Create<Dependencies>());

    private Task<int> SucceedAsync(Dependency one) =>
        one.RunAsync(_ => Task.FromResult(Interlocked.Increment(ref _calls)), default);

    private async Task FailAsync(Dependency one, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => one.RunAsync<int>(
                _ =>
                {
                    Interlocked.Increment(ref _calls);
                    throw new HttpRequestException("down");
                },
                default));
        }
    }
}
