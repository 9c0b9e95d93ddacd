using FinVault.Portfolios;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Portfolios.Snapshots;

/// <summary>A snapshot a trading day, whatever happens in between.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public async Task Outage_OfThreeTradingDays_IsMadeUpForAndHolidaysAreNot()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-snapshots-").FullName;
        try
        {
            string account;
            await using (SnapshotApp before = await SnapshotApp.StartAsync("2024-01-18T10:29:00Z", folder))
            {
                account = await before.OpenAsync();
                await before.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2024-01-17"));
                await before.TicksAsync("TCS", ("2024-01-17", 100), ("2024-01-18", 110));
                await before.MakeAsync(account);
                Assert.Equal(["17", "18"], Days(await before.SnapshotsAsync(account)));
                // The market goes on while nobody takes snapshots.
                await before.TicksAsync(
                    "TCS", ("2024-01-19", 121), ("2024-01-20", 121), ("2024-01-23", 108.9m), ("2024-01-24", 120));
            }

            // Saturday the 20th was a special session, Monday the 22nd a holiday.
            await using SnapshotApp app = await SnapshotApp.StartAsync("2024-01-24T10:31:00Z", folder);
            await app.MakeAsync(account);
            List<SnapshotDocument> made = await app.SnapshotsAsync(account);

            Assert.Equal(["17", "18", "19", "20", "23", "24"], Days(made));
            Assert.Equal([100_000L, 110_000, 121_000, 121_000, 108_900, 120_000], made.Select(one => one.Total!.Value));
            Assert.Equal(1.2, made[^1].Chain.Growth, 12);
            Assert.Equal(0.2, made[^1].YearToDate!.Value, 12);
            Assert.Equal((6L, 1.21), (made[^1].Chain.Sums.Count, Math.Round(made[^1].Chain.Drawdown!.PeakIndex, 12)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Step_ThatDiesBeforeAndAfterItsWork_LeavesOneSnapshotADay()
    {
        int deaths = 0;
        await using SnapshotApp app = await SnapshotApp.StartAsync(around: async (context, next) =>
        {
            bool isVictim = context.FunctionDefinition.Name == nameof(SnapshotFunctions.MakeSnapshots);
            if (isVictim && Interlocked.Increment(ref deaths) == 1)
            {
                throw new IOException("Died before.");
            }

            await next(context);
            if (isVictim && deaths == 2)
            {
                throw new IOException("Died after.");
            }
        });
        string account = await app.OpenAsync();
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await app.TicksAsync("TCS", ("2023-12-28", 110), ("2023-12-29", 121), ("2024-01-01", 133.1m));
        await app.MakeAsync(account);
        // A timer that comes twice finds nothing to do.
        await app.MakeAsync(account);
        List<SnapshotDocument> made = await app.SnapshotsAsync(account);

        Assert.True(deaths >= 2);
        Assert.Equal(["28", "29", "01"], Days(made));
        Assert.Equal(3, made[^1].Chain.Sums.Count);
        Assert.Equal(1.331, made[^1].Chain.Growth, 12);
    }

    [Fact]
    public async Task BackdatedPurchase_AndItsReversal_MakeLaterSnapshotsAgain()
    {
        await using SnapshotApp app = await SnapshotApp.StartAsync();
        string account = await app.OpenAsync();
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await app.TicksAsync("TCS", ("2023-12-27", 100), ("2023-12-28", 100), ("2023-12-29", 110), ("2024-01-01", 110));
        await app.MakeAsync(account);
        List<SnapshotDocument> before = await app.SnapshotsAsync(account);

        string bought = (await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 5, 100, "2023-12-27")))
            .GetProperty("id").GetString()!;
        Assert.True((await app.PerformanceAsync(account)).GetProperty("pending").GetBoolean());
        await app.MakeAsync(account);
        List<SnapshotDocument> after = await app.SnapshotsAsync(account);
        Assert.Equal([50_000L, 150_000, 165_000, 165_000], after.Select(one => one.Total!.Value));

        await app.App.PostJsonAsync($"api/v1/portfolios/{account}/transactions/{bought}/reversal", new { reason = "wrong" });
        await app.MakeAsync(account);
        List<SnapshotDocument> restored = await app.SnapshotsAsync(account);
        Assert.Equal(["28", "29", "01"], Days(restored));
        Assert.Equal(before.Select(one => (one.Total, one.Chain)), restored.Select(one => (one.Total, one.Chain)));
    }

    [Fact]
    public async Task Day_WithoutAPrice_IsUnavailableAndNeverZero()
    {
        await using SnapshotApp app = await SnapshotApp.StartAsync();
        string account = await app.OpenAsync();
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "House", 1, 500_000, "2023-12-29"));
        await app.TicksAsync("TCS", ("2023-12-28", 110), ("2023-12-29", 121));
        await app.MakeAsync(account);
        List<SnapshotDocument> made = await app.SnapshotsAsync(account);

        Assert.Equal([110_000L, null, null], made.Select(one => one.Total));
        Assert.Equal(["House"], made[^1].Missing);
        Assert.Null(made[^1].Earned);
        var view = await app.PerformanceAsync(account, "from=2023-12-27");
        Assert.Null(SnapshotApp.Amount(view, "endValue"));
        Assert.Equal(
            ("missingPrice", "missingPrice", "missingPrice"),
            (SnapshotApp.Reason(view, "endValue"), SnapshotApp.Reason(view, "timeWeighted"), SnapshotApp.Reason(view, "gain")));
        Assert.Equal("House", view.GetProperty("unavailable")[0].GetProperty("missing")[0].GetString());
        // Until then everything was known.
        Assert.Equal(0.1, SnapshotApp.Value(await app.PerformanceAsync(account, "from=2023-12-27&to=2023-12-28"), "timeWeighted")!.Value, 12);
    }

    [Fact]
    public async Task Rates_OfTheDay_ConvertAndTheirEffectIsToldApart()
    {
        await using SnapshotApp app = await SnapshotApp.StartAsync();
        await app.Get<FxStore>().PutAsync(
            new Dictionary<string, IReadOnlyDictionary<DateOnly, decimal>>
            {
                ["USD"] = Rates(1, 1, 1),
                ["INR"] = Rates(100, 80, 80),
            },
            default);
        string account = await app.OpenAsync("USD");
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await app.TicksAsync("TCS", ("2023-12-28", 100), ("2023-12-29", 100), ("2024-01-01", 120));
        await app.MakeAsync(account);
        List<SnapshotDocument> made = await app.SnapshotsAsync(account);

        // 1,000 rupees were 10 dollars, then without a change of price 12.50; 1,200 of them are 15.
        Assert.Equal([1_000L, 1_250, 1_500], made.Select(one => one.Total!.Value));
        Assert.Equal([0L, 250, 0], made.Select(one => one.Fx!.Value));
        var view = await app.PerformanceAsync(account, "from=2023-12-27&explain=true");
        Assert.Equal((500L, 250L), (SnapshotApp.Amount(view, "gain"), SnapshotApp.Amount(view, "fxGain")));
        Assert.Equal("2023-12-29", view.GetProperty("explanation").GetProperty("fx")[0].GetProperty("date").GetString());
    }

    private static Dictionary<DateOnly, decimal> Rates(params decimal[] rates) => new()
    {
        [new(2023, 12, 28)] = rates[0], [new(2023, 12, 29)] = rates[1], [new(2024, 1, 1)] = rates[2],
    };

    private static IEnumerable<string> Days(IEnumerable<SnapshotDocument> made) => made.Select(one => one.Id[^2..]);
}
