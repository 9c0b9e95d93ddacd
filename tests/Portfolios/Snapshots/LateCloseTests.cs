using FinVault.Market.Calendar;
using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Lots;

namespace FinVault.Tests.Portfolios.Snapshots;

/// <summary>Closes that change after their day, and closes of other units.</summary>
public sealed class LateCloseTests
{
    [Fact]
    public async Task Close_ThatChangesAfterItsSnapshot_HasThatDayAndLaterOnesMadeAgain()
    {
        await using SnapshotApp app = await SnapshotApp.StartAsync();
        string account = await app.OpenAsync();
        string other = await app.OpenAsync();
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await app.RecordAsync(other, PortfolioApp.Trade("buy", "INFY", 10, 100, "2023-12-28"));
        await app.TicksAsync("TCS", ("2023-12-28", 100), ("2023-12-29", 110), ("2024-01-01", 120));
        await app.TicksAsync("INFY", ("2023-12-28", 100), ("2023-12-29", 110), ("2024-01-01", 120));
        await app.MakeAsync(account);
        await app.MakeAsync(other);
        await AgainAsync(app, account, other);
        List<SnapshotDocument> before = await app.SnapshotsAsync(account);
        List<SnapshotDocument> untouched = await app.SnapshotsAsync(other);

        // The last tick of the day before comes now.
        await app.TicksAsync("TCS", ("2024-01-01", 90));
        await AgainAsync(app, account, other);
        List<SnapshotDocument> after = await app.SnapshotsAsync(account);

        Assert.Equal([100_000L, 110_000, 120_000], before.Select(one => one.Total!.Value));
        Assert.Equal([100_000L, 110_000, 90_000], after.Select(one => one.Total!.Value));
        Assert.Equal(0.9, after[^1].Chain.Growth, 12);
        Assert.Equal(before[..2].Select(one => one.MadeAt), after[..2].Select(one => one.MadeAt));
        Assert.Equal(untouched.Select(one => one.MadeAt), (await app.SnapshotsAsync(other)).Select(one => one.MadeAt));
    }

    [Theory]
    [InlineData("2024-01-02", 55)] // on the day only the close of the day before is of the old units
    [InlineData("2024-01-03", 110)] // before its first trade the price is, too
    public void DayChange_OverASplit_IsInUnitsOfNow(string splitOn, decimal price)
    {
        Exchange exchange = Exchanges.Load().Of("TCS");
        Position position = new Trades().Buy("2023-12-28", 10, 100_000)
            .Add(splitOn, TransactionKind.Split, with: t => t with { Ratio = 2 }).Position();
        PortfolioAccount account = new("A", "U", "T", "N", "INR", LotMethod.Fifo, false, default);
        PricedAt told = new(
            price, "INR", 109.5m, default, new(2024, 1, 2, 6, 0, 0, TimeSpan.Zero), false, SessionState.Open, "test");
        LiveRate rate = new("INR", "INR", 1, default, false, "test");
        HoldingView view = HoldingValuation.Of(
            new("A", "0", position, null), account, MarketFacts.Of(position, exchange, told, rate, rate));

        Assert.Equal(55m, view.Price!.Value);
        Assert.Equal(54.75m, view.Price.PreviousClose);
        Assert.Equal(110_000L, view.MarketValue.Account.Amount);
        Assert.Equal(500L, view.DayChange.Account.Amount);
    }

    // Twice what it waits, and then all is made.
    private static async Task AgainAsync(SnapshotApp app, params string[] accounts)
    {
        app.Clock.JumpTo(app.Clock.GetUtcNow() + LateCloses.Wait);
        await app.Get<LateCloses>().ApplyAsync(default);
        foreach (string account in accounts)
        {
            await app.MakeAsync(account);
        }
    }
}
