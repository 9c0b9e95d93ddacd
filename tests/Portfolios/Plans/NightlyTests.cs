using System.Text.Json;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Plans;

/// <summary>The night: within its window, while the store has room, each account once.</summary>
public sealed class NightlyTests : IAsyncLifetime
{
    // 02:05 in India.
    private static readonly DateTimeOffset Opened = new(2024, 1, 2, 20, 35, 25, TimeSpan.Zero);

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

        // Dealt with again, as after a worker's death: each is passed over.
        NightlyCounts again = await _app.Get<NightlyPlans>().WorkAsync(
            new("2024-01-03", NightlyWork.Rebalance, accounts), default);
        Assert.Equal((0, 3, 0), (again.Done, again.Skipped, again.Failed));
        Assert.Equal(2, (await _app.PendingAsync(accounts[0])).Length);
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
        load.Note(500, refused: false);
        clock.Advance(TimeSpan.FromSeconds(5));
        load.Note(300, refused: true);
        Assert.Equal((80, 0.5), load.Recent());
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((30, 1), load.Recent());
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 0), load.Recent());
    }

    private async Task<NightlyView> EventuallyAsync(Func<NightlyView, bool> condition, string what)
    {
        NightlyView? last = null;
        await Eventually.TrueAsync(
            async () => (last = await _app.Get<NightlyPlans>().LastAsync(default)) is not null && condition(last), what);
        return last!;
    }
}
