using System.Globalization;
using System.Net;
using System.Text.Json;
using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Snapshots;

namespace FinVault.Tests.Portfolios.Performance;

/// <summary>One app for all of a class.</summary>
public sealed class SharedSnapshotApp : IAsyncLifetime
{
    internal SnapshotApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await SnapshotApp.StartAsync();

    internal SnapshotApp As(string user)
    {
        App.SignIn(user);
        return App;
    }

    public async Task DisposeAsync() => await App.DisposeAsync();
}

/// <summary>What holdings and lots have earned, and what nobody can know. Worked out by hand.</summary>
public sealed class PieceTests(SharedSnapshotApp shared) : IClassFixture<SharedSnapshotApp>
{
    private readonly SnapshotApp _app = shared.As(PortfolioApp.Asha);

    [Fact]
    public async Task HoldingAndLot_EarnWhatTheyDid_InAnyWindow()
    {
        string account = await _app.OpenAsync();
        string first = await RecordAsync(account, PortfolioApp.Trade("buy", "INFY", 10, 100, "2023-12-26"));
        string second = await RecordAsync(account, PortfolioApp.Trade("buy", "INFY", 10, 121, "2023-12-28"));
        await RecordAsync(account, PortfolioApp.Trade("buy", "WIPRO", 10, 200, "2023-12-26"));
        await RecordAsync(account, new { kind = "split", symbol = "WIPRO", currency = "INR", ratio = 2, tradedAt = "2023-12-28T00:00:00Z" });
        await _app.TicksAsync(
            "INFY", ("2023-12-26", 110), ("2023-12-27", 121), ("2023-12-28", 108.9m), ("2023-12-29", 130.68m),
            ("2024-01-01", 130.68m));
        await _app.TicksAsync(
            "WIPRO", ("2023-12-26", 200), ("2023-12-27", 200), ("2023-12-28", 110), ("2023-12-29", 110), ("2024-01-01", 110));
        JsonElement holding = await PerformanceAsync(account, "INFY", "from=2023-12-25&explain=true");

        Assert.Equal((1.1 * 1.1 * 0.9 * 1.2) - 1, SnapshotApp.Value(holding, "timeWeighted")!.Value, 12);
        double daily = Math.Pow(1 + SnapshotApp.Value(holding, "moneyWeighted")!.Value, 1.0 / 7);
        Assert.Equal(2_613.6, (1_000 * Math.Pow(daily, 6)) + (1_210 * Math.Pow(daily, 4)), 6);
        Assert.Equal((221_000L, 40_360L, "INFY"), (
            holding.GetProperty("in").GetInt64(), SnapshotApp.Amount(holding, "gain"), PortfolioApp.TextOf(holding, "symbol")));
        Assert.Equal(2, holding.GetProperty("explanation").GetProperty("flows").GetArrayLength());
        Assert.Equal(-0.1, holding.GetProperty("drawdown").GetProperty("deepest").GetDouble(), 12);
        // One lot began before the other, whose first day was its worst.
        Assert.Equal((1.1 * 1.1 * 0.9 * 1.2) - 1, await EarnedAsync(account, "INFY", first, "from=2023-12-25"), 12);
        Assert.Equal((130.68 / 121) - 1, await EarnedAsync(account, "INFY", second, "from=2023-12-25"), 12);
        Assert.Equal((0.9 * 1.2) - 1, await EarnedAsync(account, "INFY", first, "from=2023-12-27&to=2023-12-29"), 12);
        Assert.Equal(1.2 - 1, await EarnedAsync(account, "INFY", second, "from=2023-12-28&to=2023-12-29"), 12);
        // Two for one at half the price is no loss.
        Assert.Equal(0.1, SnapshotApp.Value(await PerformanceAsync(account, "WIPRO", "from=2023-12-25"), "timeWeighted")!.Value, 12);

        foreach (string unknown in new[] { "holdings/NEVER/performance", $"holdings/WIPRO/lots/{first}/performance" })
        {
            using HttpResponseMessage answer = await _app.App.Client.GetAsync(
                new Uri($"api/v1/portfolios/{account}/{unknown}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Figures_WithNoEarlierDayValued_AreUnknownAndNotMadeUp()
    {
        // Of whom there is nothing else in the total.
        shared.As(PortfolioApp.Harish);
        string account = await _app.OpenAsync();
        // Recorded now, and its snapshots are not made yet: nobody knows what it was worth in between.
        await RecordAsync(account, PortfolioApp.Trade("buy", "LATE", 10, 100, "2023-12-26"));
        await _app.TicksAsync("LATE", ("2024-01-02", 77));
        foreach (string route in new[] { $"portfolios/{account}/performance/live", "portfolios/performance/live" })
        {
            JsonElement live = await _app.App.GetJsonAsync($"api/v1/{route}?from=2023-12-25");
            Assert.True(live.GetProperty("live").GetBoolean());
            Assert.Equal("missingPreviousClose", SnapshotApp.Reason(live, "dayReturn"));
            Assert.Equal("missingPrice", SnapshotApp.Reason(live, "yearToDate"));
            Assert.Equal(JsonValueKind.Null, live.GetProperty("drawdown").ValueKind);
            Assert.Equal("missingPrice", PortfolioApp.TextOf(live.GetProperty("drawdownUnavailable"), "reason"));
        }

        // That it lost since it was bought is known all the same.
        JsonElement own = await _app.App.GetJsonAsync($"api/v1/portfolios/{account}/performance/live?from=2023-12-25");
        Assert.Equal(-0.23, SnapshotApp.Value(own, "timeWeighted")!.Value, 12);
    }

    [Fact]
    public async Task Total_SaysWhichPartOfItIsKnown()
    {
        string account = await _app.OpenAsync("USD");
        await RecordAsync(account, PortfolioApp.Trade("buy", "KNOWN", 2, 100, "2023-12-26", "USD"));
        await RecordAsync(account, PortfolioApp.Trade("buy", "House", 1, 900, "2023-12-26", "USD"));
        JsonElement total = (await _app.App.GetJsonAsync("api/v1/portfolios?currency=USD")).GetProperty("total");

        Assert.Equal(JsonValueKind.Null, total.GetProperty("value").GetProperty("amount").ValueKind);
        JsonElement known = total.GetProperty("known");
        JsonElement unknown = known.GetProperty("unknown").EnumerateArray()
            .Single(one => PortfolioApp.TextOf(one, "account") == account);
        Assert.Equal("missingPrice", PortfolioApp.TextOf(unknown.GetProperty("why"), "reason"));
        Assert.Equal(
            ["House", "KNOWN"], unknown.GetProperty("unpriced").EnumerateArray().Select(one => one.GetString()).Order());
    }

    [Fact]
    public void Chain_OverDaysWithoutValue_TellsNoDaysReturn()
    {
        GrowthStep found = Start(2).Add(new(2024, 1, 5), 770, []);
        Assert.Equal((0.77, 0L), (Math.Round(found.Chain.Growth, 12), found.Chain.Sums.Count));
        Assert.Equal((null, null), (found.Earned, found.Broken));
        Assert.NotNull(found.Chain.YearToDate);
        // Over the turn of the year nobody knows what the year has brought.
        Assert.Null(Start(2).Add(new(2025, 1, 2), 770, []).Chain.YearToDate);
        // What was added while nobody knew its worth hides what was earned.
        GrowthChain twice = Start(2).Add(new(2024, 1, 4), null, [new(new(2024, 1, 4), 100, 0)]).Chain;
        Assert.Equal(UnavailableReason.MissingPrice, twice.Add(new(2024, 1, 5), 1_500, []).Broken);
    }

    private static GrowthChain Start(int day) => GrowthChain.Start
        .Add(new(2024, 1, day), null, [new(new(2024, 1, day), 1_000, 0)]).Chain.Add(new(2024, 1, day + 1), null, []).Chain;

    private async Task<string> RecordAsync(string account, object transaction) =>
        (await _app.RecordAsync(account, transaction)).GetProperty("id").GetString()!;

    private Task<JsonElement> PerformanceAsync(string account, string piece, string query) =>
        _app.App.GetJsonAsync(string.Create(
            CultureInfo.InvariantCulture, $"api/v1/portfolios/{account}/holdings/{piece}/performance?{query}"));

    private async Task<double> EarnedAsync(string account, string symbol, string lot, string query) =>
        SnapshotApp.Value(await PerformanceAsync(account, $"{symbol}/lots/{lot}", query), "timeWeighted")!.Value;
}
