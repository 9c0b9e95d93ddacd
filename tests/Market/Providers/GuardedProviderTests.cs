using FinVault.Local.Feed;
using FinVault.Market.Providers;
using FinVault.Platform.Resilience;
using FinVault.Tests.Support;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace FinVault.Tests.Market.Providers;

public sealed class GuardedProviderTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly CapturedLogs logs = new();
    private readonly SimulatedProvider simulated;

    public GuardedProviderTests() => simulated = new SimulatedProvider("sim", clock) { MaxSymbols = 2 }
        .With("A", 1).With("B", 2).With("C", 3).With("D", 4).With("E", 5);

    [Fact]
    public async Task Ask_MoreSymbolsThanARequestTakes_MakesSeveralAndPutsThemTogether()
    {
        ProviderAnswer answer = await Guarded().GetQuotesAsync(["A", "B", "C", "D", "E", "unknown"], default);

        Assert.Null(answer.Failure);
        Assert.Equal(3, simulated.Requests);
        Assert.Equal([1m, 2, 3, 4, 5], answer.Prices.Select(price => price.Price));
    }

    [Fact]
    public async Task Ask_OverTheRateLimit_GivesWhatTheAllowedRequestsBring()
    {
        GuardedProvider provider = Guarded(new() { RequestsPerMinute = 120 });

        ProviderAnswer first = await provider.GetQuotesAsync(["A", "B", "C", "D", "E"], default);
        ProviderAnswer second = await provider.GetQuotesAsync(["E"], default);

        Assert.Equal(["A", "B", "C", "D"], first.Prices.Select(price => price.Symbol));
        Assert.Equal(ProviderFailure.RateLimited, second.Failure);
        Assert.Equal(2, simulated.Requests);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await provider.GetQuotesAsync(["E"], default)).Failure);
    }

    [Theory]
    [InlineData(ProviderFailure.Unreachable)]
    [InlineData(ProviderFailure.Refused)]
    [InlineData(ProviderFailure.Malformed)]
    [InlineData(ProviderFailure.Timeout)]
    public async Task Breaker_FiveFailuresInARow_OpensForAMinuteAndThenTriesOnce(ProviderFailure failure)
    {
        GuardedProvider provider = Guarded();
        await FailAsync(provider, 5, failure);
        Assert.Equal(CircuitState.Open, provider.State);
        Assert.Contains(logs.All, log => log is { EventId: 1150, Level: LogLevel.Error } && log["Dependency"] == "prices-sim");

        simulated.Behaviour = SimulatedBehaviour.Good;
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ProviderFailure.CircuitOpen, (await Ask(provider)).Failure);
        Assert.Equal(5, simulated.Requests);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await Ask(provider)).Failure);
        Assert.Equal(CircuitState.Closed, provider.State);
    }

    [Fact]
    public async Task Breaker_ASuccessInBetween_BeginsTheCountAnew()
    {
        GuardedProvider provider = Guarded();
        await FailAsync(provider, 4);
        simulated.Behaviour = SimulatedBehaviour.Good;
        await Ask(provider);
        await FailAsync(provider, 4);

        Assert.Equal(CircuitState.Closed, provider.State);
        await FailAsync(provider, 1);
        Assert.Equal(CircuitState.Open, provider.State);
    }

    [Fact]
    public async Task Breaker_FailuresMinutesApart_StillAreInARow()
    {
        GuardedProvider provider = Guarded();
        for (int i = 0; i < 5; i++)
        {
            await FailAsync(provider, 1);
            clock.Advance(TimeSpan.FromMinutes(10));
        }

        simulated.Behaviour = SimulatedBehaviour.Failing;
        await Ask(provider);
        Assert.Equal(ProviderFailure.CircuitOpen, (await Ask(provider)).Failure);
    }

    [Fact]
    public async Task Breaker_TheTrialFails_OpensForAnotherMinute()
    {
        GuardedProvider provider = Guarded();
        await FailAsync(provider, 5);
        clock.Advance(TimeSpan.FromSeconds(60));
        await FailAsync(provider, 1);

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ProviderFailure.CircuitOpen, (await Ask(provider)).Failure);
    }

    [Fact]
    public async Task Breaker_TheTrialIsCalledOff_DoesNotClose()
    {
        GuardedProvider provider = Guarded();
        await FailAsync(provider, 5);
        clock.Advance(TimeSpan.FromSeconds(60));
        simulated.Behaviour = SimulatedBehaviour.Slow;
        simulated.Delay = TimeSpan.FromSeconds(5);
        using CancellationTokenSource calledOff = new();
        Task<ProviderAnswer> trial = provider.GetQuotesAsync(["A"], calledOff.Token);
        await calledOff.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trial);
        Assert.Equal(CircuitState.Open, provider.State);
    }

    [Fact]
    public async Task Ask_SlowerThanTheTotal_IsATimeoutAndCounts()
    {
        GuardedProvider provider = Guarded();
        simulated.Behaviour = SimulatedBehaviour.Slow;
        simulated.Delay = TimeSpan.FromSeconds(11);
        for (int i = 0; i < 5; i++)
        {
            Task<ProviderAnswer> asked = provider.GetQuotesAsync(["A"], default);
            clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(ProviderFailure.Timeout, (await asked).Failure);
        }

        Assert.Equal(CircuitState.Open, provider.State);
        Assert.Equal(5, simulated.Requests);
        await simulated.CalledOff;
    }

    [Fact]
    public async Task Ask_AnsweredWithPricesNobodyAskedFor_IsMalformed()
    {
        simulated.Behaviour = SimulatedBehaviour.Wrong;

        Assert.Equal(ProviderFailure.Malformed, (await Ask(Guarded())).Failure);
    }

    public void Dispose() => logs.Dispose();

    private GuardedProvider Guarded(ProviderLimits? limits = null) => new(
        simulated, limits ?? new() { RequestsPerMinute = 6_000 },
        new Dependencies(clock, logs.Create<Dependencies>()), clock);

    private static Task<ProviderAnswer> Ask(GuardedProvider provider) => provider.GetQuotesAsync(["A"], default);

    private async Task FailAsync(GuardedProvider provider, int times, ProviderFailure failure = ProviderFailure.Refused)
    {
        simulated.Behaviour = SimulatedBehaviour.Failing;
        simulated.Failure = failure;
        for (int i = 0; i < times; i++)
        {
            Assert.Equal(failure, (await Ask(provider)).Failure);
        }
    }
}
