using System.Globalization;
using System.Net;
using System.Text.Json;
using FinVault.Local.Cosmos;
using FinVault.Tests.Portfolios.Snapshots;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Performance;

/// <summary>Figures from snapshots, against numbers that were worked out by hand.</summary>
public sealed class PerformanceTests : IAsyncLifetime
{
    private SnapshotApp _app = null!;

    public async Task InitializeAsync() => _app = await SnapshotApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Returns_OfAKnownSeries_AreThoseWorkedOutByHand()
    {
        string account = await KnownAsync();
        JsonElement view = await _app.PerformanceAsync(account, "from=2023-12-25&explain=true");

        // 1,000 became 1,100 and 1,210; with 1,210 more it fell by a tenth, and then rose by a fifth.
        Assert.Equal((1.1 * 1.1 * 0.9 * 1.2) - 1, SnapshotApp.Value(view, "timeWeighted")!.Value, 12);
        double daily = Math.Pow(1 + SnapshotApp.Value(view, "moneyWeighted")!.Value, 1.0 / 7);
        Assert.Equal(2_613.6, (1_000 * Math.Pow(daily, 6)) + (1_210 * Math.Pow(daily, 4)), 6);
        Assert.Equal((0L, 261_360L, 40_360L), (
            SnapshotApp.Amount(view, "beginValue"), SnapshotApp.Amount(view, "endValue"), SnapshotApp.Amount(view, "gain")));
        Assert.Equal("notBeyondAYear", SnapshotApp.Reason(view, "timeWeightedYearly"));
        Assert.Equal("tooShort", SnapshotApp.Reason(view, "volatility"));

        JsonElement fall = view.GetProperty("drawdown");
        Assert.Equal(-0.1, fall.GetProperty("deepest").GetDouble(), 12);
        Assert.Equal(("2023-12-27", "2023-12-28", "2023-12-29"), (
            fall.GetProperty("from").GetString(), fall.GetProperty("to").GetString(), fall.GetProperty("recoveredOn").GetString()));

        JsonElement explanation = view.GetProperty("explanation");
        Assert.Equal(2, explanation.GetProperty("flows").GetArrayLength());
        Assert.Equal(121_000L, explanation.GetProperty("flows")[1].GetProperty("in").GetInt64());
        double product = explanation.GetProperty("subPeriods").EnumerateArray()
            .Aggregate(1.0, (all, one) => all * (1 + one.GetProperty("return").GetDouble()));
        Assert.Equal(SnapshotApp.Value(view, "timeWeighted")!.Value, product - 1, 12);
    }

    [Fact]
    public async Task Window_BetweenTwoDays_GoesOnFromTheFirst()
    {
        string account = await KnownAsync();
        JsonElement view = await _app.PerformanceAsync(account, "from=2023-12-27&to=2023-12-29");

        Assert.Equal((0.9 * 1.2) - 1, SnapshotApp.Value(view, "timeWeighted")!.Value, 12);
        Assert.Equal((121_000L, 121_000L), (SnapshotApp.Amount(view, "beginValue"), view.GetProperty("in").GetInt64()));
        Assert.Equal(
            ["2023-12-27", "2023-12-28", "2023-12-29"],
            view.GetProperty("series").EnumerateArray().Select(point => point.GetProperty("date").GetString()));
        Assert.Equal(JsonValueKind.Null, view.GetProperty("explanation").ValueKind);
    }

    [Fact]
    public async Task Risk_OfAMonth_IsThatOfThePlainFormulas()
    {
        string[] days = [.. Days("2023-11-28", "2024-01-01")];
        decimal[] own = [.. days.Select((_, i) => (i % 3) switch { 0 => 100m, 1 => 102m, _ => 99m })];
        decimal[] index = [.. days.Select((_, i) => (i % 2 == 0 ? 1_000m : 1_010m) + i)];
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, days[0]));
        await _app.TicksAsync("TCS", [.. days.Zip(own)]);
        await _app.TicksAsync("NIFTY50", [.. days.Zip(index)]);
        await _app.MakeAsync(account);
        JsonElement view = await _app.PerformanceAsync(account, $"from={days[0]}&benchmark=NIFTY50");

        (double[] mine, double[] others) = (Returns(own), Returns(index));
        Assert.True(mine.Length >= 20);
        (double mean, double other) = (mine.Average(), others.Average());
        double deviation = Math.Sqrt(mine.Sum(r => (r - mean) * (r - mean)) / (mine.Length - 1));
        double losses = Math.Sqrt(mine.Sum(r => r < 0 ? r * r : 0) / mine.Length);
        Assert.Equal(deviation * Math.Sqrt(252), SnapshotApp.Value(view, "volatility")!.Value, 1e-9);
        Assert.Equal(mean * Math.Sqrt(252) / deviation, SnapshotApp.Value(view, "sharpe")!.Value, 1e-9);
        Assert.Equal(mean * Math.Sqrt(252) / losses, SnapshotApp.Value(view, "sortino")!.Value, 1e-9);
        Assert.Equal(
            mine.Zip(others, (a, b) => (a - mean) * (b - other)).Sum() / others.Sum(b => (b - other) * (b - other)),
            SnapshotApp.Value(view, "beta")!.Value, 9);
        Assert.Equal(
            (double)(index[^1] / index[0]) - 1, SnapshotApp.Value(view.GetProperty("benchmark"), "return")!.Value, 12);

        // Without a benchmark the running sums tell the same, and beta is not 0 but unknown.
        JsonElement alone = await _app.PerformanceAsync(account, $"from={days[0]}");
        Assert.Equal(SnapshotApp.Value(view, "volatility")!.Value, SnapshotApp.Value(alone, "volatility")!.Value, 9);
        Assert.Equal("noData", SnapshotApp.Reason(alone, "beta"));
    }

    [Fact]
    public async Task Performance_ReadsSnapshotsOnly()
    {
        string account = await KnownAsync();
        EmbeddedCosmos cosmos = _app.Get<EmbeddedCosmos>();
        LedgerLine[] lines = [];
        // What the timers of the day still do is not counted: it ends, since the clock stands still.
        await Eventually.TrueAsync(
            async () =>
            {
                cosmos.Ledger.Reset();
                await _app.PerformanceAsync(account, "from=2023-12-25");
                lines = [.. cosmos.Ledger.Snapshot()
                    .Where(line => line.Requests > 0 && line.Operation != CosmosOperation.QueryPlan)];
                // The account, the snapshots at both ends, and one query.
                return lines.Where(line => line.Container == "portfolios").Sum(line => line.Requests) == 4;
            },
            "four reads");
        Assert.DoesNotContain(lines, line => line.Container is "market" or "history");
    }

    [Fact]
    public async Task Live_IsTheSnapshotsAndTodaysValue_ForHalfAMinute()
    {
        string account = await KnownAsync();
        await _app.TicksAsync("TCS", ("2024-01-02", 143.748m));
        string route = $"api/v1/portfolios/{account}/performance/live?from=2023-12-25";
        JsonElement live = await _app.App.GetJsonAsync(route);

        Assert.True(live.GetProperty("live").GetBoolean());
        Assert.Equal(287_496L, SnapshotApp.Amount(live, "endValue"));
        Assert.Equal((1.1 * 1.1 * 0.9 * 1.2 * 1.1) - 1, SnapshotApp.Value(live, "timeWeighted")!.Value, 6);
        Assert.Equal(0.1, SnapshotApp.Value(live, "dayReturn")!.Value, 6);

        EmbeddedCosmos cosmos = _app.Get<EmbeddedCosmos>();
        // Others look at the container's change feed all the time; what else they read ends, since the clock stands still.
        await Eventually.TrueAsync(
            async () =>
            {
                cosmos.Ledger.Reset();
                await _app.App.GetJsonAsync(route);
                return !cosmos.Ledger.Snapshot().Any(line => line.Container == "portfolios" && line.Requests > 0
                    && line.Operation != CosmosOperation.ChangeFeed);
            },
            "no read");
    }

    [Fact]
    public async Task Total_SumsAccountsOfSeveralCurrencies()
    {
        await _app.Get<FinVault.Portfolios.FxStore>().PutAsync(
            new Dictionary<string, IReadOnlyDictionary<DateOnly, decimal>>
            {
                ["USD"] = new Dictionary<DateOnly, decimal> { [new(2023, 12, 26)] = 1, [new(2024, 1, 1)] = 1 },
                ["INR"] = new Dictionary<DateOnly, decimal> { [new(2023, 12, 26)] = 80, [new(2024, 1, 1)] = 100 },
            },
            default);
        // They fill in days that are over, and nobody rests on them yet: later they would send both accounts back.
        _app.Clock.JumpTo(_app.Clock.GetUtcNow() + FinVault.Portfolios.LateCloses.Wait);
        await _app.Get<FinVault.Portfolios.LateRates>().ApplyAsync(default);
        string rupees = await KnownAsync();
        string dollars = await _app.OpenAsync("USD", tracksCash: true);
        await _app.RecordAsync(
            dollars, new { kind = "deposit", currency = "USD", amount = 1_000, tradedAt = PortfolioApp.At("2023-12-26") });
        await _app.MakeAsync(dollars);
        JsonElement total = await _app.App.GetJsonAsync("api/v1/portfolios/performance?from=2023-12-25");

        // Ten dollars were 800 rupees and are 1,000.
        Assert.Equal((261_360L + 100_000, 1_000_00L + 121_000 + 80_000), (
            SnapshotApp.Amount(total, "endValue"), total.GetProperty("in").GetInt64()));
        Assert.Equal((60_360L, 20_000L), (SnapshotApp.Amount(total, "gain"), SnapshotApp.Amount(total, "fxGain")));
        Assert.Equal((1_900.0 / 1_800) * (2_010.0 / 1_900) * (2_978.0 / 3_220) * (3_413.6 / 2_978) * (3_613.6 / 3_413.6) - 1,
            SnapshotApp.Value(total, "timeWeighted")!.Value, 12);
        Assert.Equal(JsonValueKind.Null, total.GetProperty("account").ValueKind);
        Assert.Equal(rupees, (await _app.PerformanceAsync(rupees)).GetProperty("account").GetString());
    }

    [Fact]
    public async Task Performance_OfSomebodyElse_DoesNotExist()
    {
        string account = await _app.OpenAsync();
        _app.SignIn(PortfolioApp.Harish);
        foreach (string route in new[] { "performance", "performance/live" })
        {
            using HttpResponseMessage answer =
                await _app.App.Client.GetAsync(new Uri($"api/v1/portfolios/{account}/{route}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("from=2024-01-02&to=2024-01-01")]
    [InlineData("from=yesterday")]
    [InlineData("from=1980-01-01")]
    [InlineData("explain=perhaps")]
    [InlineData("benchmark=%2F")]
    public async Task Window_ThatMakesNoSense_IsRefused(string query)
    {
        string account = await _app.OpenAsync();
        using HttpResponseMessage answer = await _app.App.Client.GetAsync(
            new Uri($"api/v1/portfolios/{account}/performance?{query}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Performance_OfAnEmptyAccount_IsUnknownAndNotZero()
    {
        JsonElement view = await _app.PerformanceAsync(await _app.OpenAsync());

        Assert.Equal("noData", SnapshotApp.Reason(view, "timeWeighted"));
        Assert.Equal(0, view.GetProperty("series").GetArrayLength());
    }

    private async Task<string> KnownAsync()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-26"));
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 121, "2023-12-28"));
        await _app.TicksAsync(
            "TCS", ("2023-12-26", 110), ("2023-12-27", 121), ("2023-12-28", 108.9m), ("2023-12-29", 130.68m),
            ("2024-01-01", 130.68m));
        await _app.MakeAsync(account);
        return account;
    }

    private static IEnumerable<string> Days(string from, string to)
    {
        DateOnly last = DateOnly.Parse(to, CultureInfo.InvariantCulture);
        for (DateOnly day = DateOnly.Parse(from, CultureInfo.InvariantCulture); day <= last; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && (day.Month, day.Day) != (12, 25))
            {
                yield return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            }
        }
    }

    private static double[] Returns(decimal[] closes) =>
        [.. closes.Skip(1).Zip(closes, (now, before) => (double)(now / before) - 1)];
}
