using FinVault.Local.Feed;
using FinVault.Market.Providers;
using FinVault.Platform.Resilience;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.Providers;

public sealed class HedgedPricesTests : IDisposable
{
    private static readonly TimeSpan HedgeDelay = TimeSpan.FromSeconds(1);

    private readonly ManualClock clock = new();
    private readonly CapturedLogs logs = new();
    private readonly SimulatedProvider first;
    private readonly SimulatedProvider second;
    private readonly SimulatedProvider third;

    public HedgedPricesTests()
    {
        first = new SimulatedProvider("first", clock).With("A", 1).With("B", 1);
        second = new SimulatedProvider("second", clock).With("A", 2).With("B", 2);
        third = new SimulatedProvider("third", clock).With("A", 3).With("B", 3);
    }

    [Fact]
    public async Task Get_TheFirstAnswersInTime_AsksNobodyElse()
    {
        Assert.Equal(["first:A"], await Got(Prices().GetAsync(["A"], default)));
        Assert.Equal((1, 0, 0), (first.Requests, second.Requests, third.Requests));
    }

    [Fact]
    public async Task Get_TheFirstIsSlow_AsksTheSecondAfterTheDelay_AndCallsTheFirstOff()
    {
        MakeSlow(first, 60);
        Task<IReadOnlyList<ProviderAnswer>> asked = Prices().GetAsync(["A"], default);
        await clock.WhenTimersAsync(3);
        clock.Advance(HedgeDelay - TimeSpan.FromTicks(1));
        Assert.Equal(0, second.Requests);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(["second:A"], await Got(asked));
        await first.CalledOff;
        Assert.Equal(0, third.Requests);
    }

    [Theory]
    [InlineData(SimulatedBehaviour.Failing)]
    [InlineData(SimulatedBehaviour.Wrong)]
    public async Task Get_TheFirstFails_AsksTheSecondAtOnce(SimulatedBehaviour behaviour)
    {
        first.Behaviour = behaviour;

        // The clock stands still: no delay has passed.
        Assert.Equal(["second:A"], await Got(Prices().GetAsync(["A"], default)));
    }

    [Fact]
    public async Task Get_AllAreSlow_AreAskedSideBySide_AndTheQuickestWins()
    {
        MakeSlow(first, 9);
        MakeSlow(second, 4);
        MakeSlow(third, 5);
        Task<IReadOnlyList<ProviderAnswer>> asked = Prices().GetAsync(["A"], default);

        // A provider that is being asked has two timers (its own and its timeout), the hedge one while someone is left.
        await clock.WhenTimersAsync(3);
        clock.Advance(HedgeDelay);
        await clock.WhenTimersAsync(5);
        clock.Advance(HedgeDelay);
        await clock.WhenTimersAsync(6);
        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["second:A"], await Got(asked));
        await Task.WhenAll(first.CalledOff, third.CalledOff);
    }

    [Fact]
    public async Task Get_TheWinnerKnowsOnlySome_TheOthersAreAskedForTheRest()
    {
        SimulatedProvider partial = new SimulatedProvider("partial", clock).With("A", 1);

        Assert.Equal(
            ["partial:A", "second:B"],
            await Got(Prices(partial, second).GetAsync(["A", "B", "unknown"], default)));
    }

    [Fact]
    public async Task Get_AllFail_IsNothing()
    {
        foreach (SimulatedProvider provider in (SimulatedProvider[])[first, second, third])
        {
            provider.Behaviour = SimulatedBehaviour.Failing;
        }

        Assert.Empty(await Prices().GetAsync(["A"], default));
        Assert.Equal((1, 1, 1), (first.Requests, second.Requests, third.Requests));
    }

    [Fact]
    public async Task Get_CallerLeaves_IsCancelled()
    {
        MakeSlow(first, 60);
        using CancellationTokenSource leaves = new();
        Task<IReadOnlyList<ProviderAnswer>> asked = Prices().GetAsync(["A"], leaves.Token);
        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(0, second.Requests);
    }

    public void Dispose() => logs.Dispose();

    private static void MakeSlow(SimulatedProvider provider, int seconds) =>
        (provider.Behaviour, provider.Delay) = (SimulatedBehaviour.Slow, TimeSpan.FromSeconds(seconds));

    private static async Task<IEnumerable<string>> Got(Task<IReadOnlyList<ProviderAnswer>> asked) =>
        (await asked).SelectMany(answer => answer.Prices.Select(price => $"{answer.Provider}:{price.Symbol}"));

    private HedgedPrices Prices(params SimulatedProvider[] providers) => new(
        [.. (providers.Length > 0 ? providers : [first, second, third])
            .Select(one => new GuardedProvider(one, new(), new Dependencies(clock, logs.Create<Dependencies>()), clock))],
        HedgeDelay,
        clock);
}
