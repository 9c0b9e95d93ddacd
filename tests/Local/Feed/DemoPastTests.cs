using System.Text.Json;
using FinVault.Local.Feed;
using FinVault.Local.Identity;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Tests.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Feed;

/// <summary>The past that a new demo is given.</summary>
public sealed class DemoPastTests
{
    private static readonly DateOnly Last = new(2026, 3, 1);

    [Fact]
    public void Past_EndsAtTheFeedsPrices_OnEveryDay_AsPlausiblyAsAMarket()
    {
        Exchange exchange = Exchanges.Load().All[0];
        List<double[]> all = [];
        foreach (DemoSymbol symbol in DemoFeed.Symbols)
        {
            Bar[] bars = [.. DemoPast.BarsOf(symbol, Last, exchange)];
            DateOnly[] days = [.. bars.Select(bar => DateOnly.FromDateTime(Micros.ToTime(bar.Start).DateTime))];
            Assert.Equal((decimal)symbol.Anchor / 100, bars[0].Close);
            Assert.Equal(Enumerable.Range(0, bars.Length).Select(i => Last.AddDays(-i)), days);
            Assert.Equal(DemoPast.TradingDays + 1, days.Count(exchange.IsTradingDay));
            Assert.All(bars, bar => Assert.True(bar.Low > 0 && bar.Low <= bar.Open && bar.Low <= bar.Close
                && bar.High >= bar.Open && bar.High >= bar.Close && bar.Volume > 0 && bar.Trades > 0));
            Assert.All(bars.Zip(bars.Skip(1)), pair => Assert.Equal(pair.First.Open, pair.Second.Close));
            double[] returns = [.. bars.Select(bar => Math.Log((double)(bar.Close / bar.Open)))];
            Assert.InRange(returns.Max(Math.Abs), 0.01, 0.15);
            Assert.InRange(Deviation(returns) * Math.Sqrt(365), 0.1, 0.5);
            Assert.InRange(bars[0].Close / bars[^1].Open, 0.3m, 4);
            all.Add(returns);
        }

        double[] pairs = [.. all.SelectMany((one, i) => all.Skip(i + 1).Select(other => Correlation(one, other)))];
        Assert.InRange(pairs.Average(), 0.2, 0.6);
        Assert.InRange(pairs.Min(), -0.1, 0.5);
        Assert.InRange(pairs.Max(), 0.3, 0.95);
    }

    [Fact]
    public async Task Demo_OnItsFirstDay_HasAHistoryToReckonWith()
    {
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Feed = "demo" });
        app.SignIn(new("USER_meera", PortfolioApp.Tenant, new HashSet<string> { FinVault.Identity.Roles.User }));
        string[] symbols = ["TEST-NEON", "TEST-AURUM", "TEST-CARBON", "TEST-URANUS"];
        string first = $"api/v1/market/quotes?symbols={string.Join(',', symbols)}";
        // Each is stored with its shard, some a moment before others.
        await Eventually.TrueAsync(
            async () => (await app.GetJsonAsync(first)).GetProperty("data").GetArrayLength() == symbols.Length,
            "the feed's first quotes");
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);
        JsonElement days = await app.GetJsonAsync(
            $"api/v1/market/history/TEST-NEON?interval=1d&limit=1000&start_date={today.AddYears(-3):yyyy-MM-dd}");
        Assert.InRange(days.GetProperty("data").GetArrayLength(), 720, 780);

        JsonElement tried = await app.PostJsonAsync("api/v1/recommendations/backtest", new
        {
            symbols, profile = "balanced",
            from = $"{today.AddDays(-720):yyyy-MM-dd}", limits = new { largestAsset = 0.5, largestSector = 1 },
        });
        Assert.InRange(tried.GetProperty("days").GetArrayLength(), 200, 300);
        Assert.Equal(JsonValueKind.Null, tried.GetProperty("rule").GetProperty("yearly").GetProperty("unavailable").ValueKind);
    }

    [Fact]
    public async Task DemoPortfolio_IsWorkedOutAtOnce()
    {
        // A clock that stands still: no timer does it.
        await using AppHost app = await AppHost.StartAsync(
            AppHost.Defaults with { Feed = "demo", DemoAccounts = true, Time = new ManualClock() });
        DemoUser asha = DemoUsers.All[0];
        app.SignIn(new(asha.UserId, asha.TenantId, asha.Roles.ToHashSet()));
        JsonElement answer = default;
        await Eventually.TrueAsync(
            async () => !(answer = await app.GetJsonAsync("api/v1/portfolios/performance")).GetProperty("pending").GetBoolean(),
            "the demo portfolio's snapshots");

        Assert.Equal("2024-01-01", answer.GetProperty("through").GetString());
        Assert.InRange(answer.GetProperty("series").GetArrayLength(), 240, 260);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("timeWeighted").GetProperty("unavailable").ValueKind);
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(one => (one - mean) * (one - mean)));
    }

    private static double Correlation(double[] one, double[] other)
    {
        (double mean, double otherMean) = (one.Average(), other.Average());
        return one.Zip(other, (a, b) => (a - mean) * (b - otherMean)).Average() / (Deviation(one) * Deviation(other));
    }
}
