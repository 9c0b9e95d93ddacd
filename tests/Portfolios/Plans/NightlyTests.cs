using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using Microsoft.DurableTask;

namespace FinVault.Tests.Portfolios.Plans;

/// <summary>The night: within its window, while the store has room, each account once.</summary>
public sealed class NightlyTests : IAsyncLifetime
{
    // 02:05 and 06:05 in India.
    private static readonly DateTimeOffset Opened = new(2024, 1, 2, 20, 35, 25, TimeSpan.Zero);
    private static readonly DateTimeOffset Closed = new(2024, 1, 3, 0, 35, 25, TimeSpan.Zero);

    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Night_RecordsOrProposesOrLeavesAlone_AsTheOwnerWants()
    {
        string[] accounts =
            [await _app.DriftedAsync("automatic"), await _app.DriftedAsync("propose"), await _app.DriftedAsync()];
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300));
        _app.Clock.JumpTo(Opened);
        NightlyView ended = await EventuallyAsync(view => view.EndedAt is not null, "the night ends");

        // Two accounts and their one owner's tax losses.
        Assert.Equal(("2024-01-03", 3, 0), (ended.Run.Night, ended.Run.Done, ended.Run.Failed));
        int[] pending = await Task.WhenAll(accounts.Select(async one => (await _app.PendingAsync(one)).Length));
        Assert.Equal([2, 0, 0], pending);
        Assert.Equal(
            "plan_open", (await _app.RefusedAsync($"portfolios/{accounts[1]}/rebalance", new { })).Code);
        string[] listed = await Task.WhenAll(accounts.Select(async one => string.Join(' ',
            (await _app.GetAsync($"portfolios/{one}/rebalance")).GetProperty("data").EnumerateArray().Select(plan =>
                $"{PortfolioApp.TextOf(plan, "trigger")} {PortfolioApp.TextOf(plan, "state")}"))));
        Assert.Equal(["nightly confirmed", "nightly open", ""], listed);

        // Of each of the two plans the owner is told once.
        string[] told = [.. (await NoticesAsync(2)).Order(StringComparer.Ordinal)];
        Assert.StartsWith("portfolio.planMade: A plan for Test is ready to review", told[0], StringComparison.Ordinal);
        Assert.EndsWith($"#/portfolio/{accounts[1]}/rebalance/{await PlanOfAsync(accounts[1])}", told[0], StringComparison.Ordinal);
        Assert.StartsWith("portfolio.planMade: Test was rebalanced", told[1], StringComparison.Ordinal);
        Assert.EndsWith($"#/portfolio/{accounts[0]}/rebalance/{await PlanOfAsync(accounts[0])}", told[1], StringComparison.Ordinal);

        // Dealt with again, as after a worker's death: each is passed over.
        NightlyCounts again = await _app.Get<NightlyPlans>().WorkAsync(
            new("2024-01-03", NightlyWork.Rebalance, accounts), default);
        Assert.Equal((0, 3, 0), (again.Done, again.Skipped, again.Failed));
        Assert.Equal(2, (await _app.PendingAsync(accounts[0])).Length);
        Assert.Equal(told, (await NoticesAsync(2)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Owner_WhoseWorkerDiedBeforeItTold_IsToldByTheNextOne_UnlessThePlanIsDealtWith()
    {
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300));
        _app.Clock.JumpTo(Opened);
        await EventuallyAsync(view => view.EndedAt is not null, "the night itself ends");
        string[] accounts = [await _app.DriftedAsync("propose"), await _app.DriftedAsync("propose")];
        foreach (string account in accounts)
        {
            Assert.True(await _app.Get<Rebalances>().NightAsync(account, "2024-01-03", default));
        }

        await _app.PostAsync($"portfolios/{accounts[1]}/rebalance/{await PlanOfAsync(accounts[1])}/cancel", new { });
        Assert.Empty(await NoticesAsync(0));
        NightlyCounts again = await _app.Get<NightlyPlans>().WorkAsync(
            new("2024-01-03", NightlyWork.Rebalance, accounts), default);

        Assert.Equal((0, 2, 0), (again.Done, again.Skipped, again.Failed));
        Assert.Contains(accounts[0], Assert.Single(await NoticesAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Night_PausesForABusyStoreAndForTheMorning_AndGoesOnTheNextNight()
    {
        string account = await _app.DriftedAsync("automatic");
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300));
        await _app.App.Host.Durable.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(NightlyFunctions.NightlyRebalancing), new NightlyRun("2024-01-03", NightlyWork.Rebalance, "", 0, 0, 0),
            new StartOrchestrationOptions("NIGHTLY-2024-01-03"), default);
        DateTimeOffset opens = new(2024, 1, 2, 20, 30, 0, TimeSpan.Zero);
        NightlyView view = await EventuallyAsync(now => now.PausedUntil == opens, "it waits for the window");
        _app.Clock.JumpTo(opens.AddSeconds(-5));
        _app.Get<StoreLoad>().Note(1_000_000);
        _app.Clock.JumpTo(opens.AddSeconds(1));
        view = await EventuallyAsync(now => now.PausedUntil > opens, "the busy store pauses it");
        Assert.Equal(_app.Clock.GetUtcNow() + NightlyPlans.Breath, view.PausedUntil);
        Assert.Empty(await _app.PendingAsync(account));

        // The requests go back to few, but the store refuses some of them, of which the client says nothing.
        _app.Clock.JumpTo(opens.AddSeconds(25));
        await RefuseAsync();
        _app.Clock.JumpTo(opens.AddSeconds(32));
        view = await EventuallyAsync(now => now.PausedUntil > opens.AddSeconds(32), "the refusing store pauses it");
        Assert.Equal(_app.Clock.GetUtcNow() + NightlyPlans.Breath, view.PausedUntil);
        NightlyCounts cut = await _app.Get<NightlyPlans>().WorkAsync(
            new("2024-01-03", NightlyWork.Rebalance, [account]), default);
        Assert.Equal((0, true), (cut.Done, cut.IsCut));
        Assert.Empty(await _app.PendingAsync(account));
        _app.Clock.JumpTo(Closed);
        view = await EventuallyAsync(now => now.PausedUntil > Closed, "the morning pauses it");
        Assert.Equal(new DateTimeOffset(2024, 1, 3, 20, 30, 0, TimeSpan.Zero), view.PausedUntil);
        Assert.Empty(await _app.PendingAsync(account));

        _app.Clock.JumpTo(Opened.AddDays(1));
        view = await EventuallyAsync(now => now.EndedAt is not null, "the next night ends it");
        Assert.Equal(("2024-01-03", 2), (view.Run.Night, view.Run.Done));
        Assert.Equal(2, (await _app.PendingAsync(account)).Length);
    }

    [Fact]
    public async Task Worker_AtTheWindowsEnd_StopsBetweenAccounts()
    {
        string account = await _app.DriftedAsync("automatic");
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300));
        NightlyCounts counts = await _app.Get<NightlyPlans>().WorkAsync(
            new("2024-01-02", NightlyWork.Rebalance, [account]), default);

        Assert.Equal((0, true), (counts.Done, counts.IsCut));
        Assert.Empty(await _app.PendingAsync(account));
    }

    [Fact]
    public void Load_IsOfTheLastSeconds()
    {
        ManualClock clock = new();
        StoreLoad load = new(clock);
        load.Note(500);
        clock.Advance(TimeSpan.FromSeconds(5));
        load.Note(300, refused: 1);
        Assert.Equal((80, 0.5), load.Recent());
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((30, 1), load.Recent());
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 0), load.Recent());
    }

    private async Task<string> PlanOfAsync(string account) => PortfolioApp.TextOf(
        (await _app.GetAsync($"portfolios/{account}/rebalance")).GetProperty("data")[0], "id")!;

    /// <summary>What the owner was told, once it is so much.</summary>
    private async Task<string[]> NoticesAsync(int count)
    {
        string[] told = [];
        await Eventually.TrueAsync(
            async () =>
            {
                told =
                [
                    .. (await _app.GetAsync("notifications")).GetProperty("data").EnumerateArray().Select(notice =>
                        $"{PortfolioApp.TextOf(notice, "kind")}: {PortfolioApp.TextOf(notice, "title")} {PortfolioApp.TextOf(notice, "link")}"),
                ];
                return told.Length >= count;
            },
            $"{count} notices");
        return told;
    }

    /// <summary>Has many of the store's requests refused in this second, each of which is served in the end.</summary>
    private async Task RefuseAsync()
    {
        for (int read = 0; read < 5; read++)
        {
            _app.App.Host.Cosmos.Faults.Add(new FaultRule(FaultKind.TooManyRequests)
            {
                Container = Containers.Portfolios, Operation = CosmosOperation.Read, Next = 8,
                RetryAfter = TimeSpan.FromMilliseconds(2),
            });
            await _app.Get<NightlyPlans>().LastAsync(default);
        }
    }

    private async Task<NightlyView> EventuallyAsync(Func<NightlyView, bool> condition, string what)
    {
        NightlyView? last = null;
        await Eventually.TrueAsync(
            async () => (last = await _app.Get<NightlyPlans>().LastAsync(default)) is not null && condition(last), what);
        return last!;
    }
}
