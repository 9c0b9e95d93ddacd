using System.Text.Json;
using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Snapshots;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Alerts;

/// <summary>A portfolio that falls from its highest close is told of once, whatever was paid in or out.</summary>
public sealed class DrawdownTests
{
    [Fact]
    public async Task Drawdown_FiresLiveAndAtTheClose_Once_AndNotByAWithdrawal()
    {
        await using SnapshotApp app = await SnapshotApp.StartAsync();
        string account = await app.OpenAsync();
        await app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await app.TicksAsync("TCS", ("2023-12-28", 100), ("2023-12-29", 110), ("2024-01-01", 120));
        await app.MakeAsync(account);
        string again = await SetAsync(app, new { kind = "drawdown", account, threshold = 5, rearms = true, hysteresis = 1 });

        // Half of it is sold at 120: that is no fall, and the other half lost less than a hundredth.
        await app.RecordAsync(account, new
        {
            kind = "sell", symbol = "TCS", quantity = 5, price = 120, currency = "INR", tradedAt = "2024-01-02T04:20:00Z",
        });
        await app.TicksAsync("TCS", ("2024-01-02", 119));
        await PassAsync(app, 8);
        Assert.Empty(await FiringsAsync(app, again));

        await app.TicksAsync("TCS", ("2024-01-02", 107));
        JsonElement first = Assert.Single(await WaitAsync(app, again, 1)).GetProperty("firing");
        Assert.Equal(100 * (1 - ((535m + 600) / 1_200)), first.GetProperty("level").GetDecimal(), 6);
        Assert.Equal("live", PortfolioApp.TextOf(first, "source"));
        await app.TicksAsync("TCS", ("2024-01-02", 106));
        await PassAsync(app, 3);
        Assert.Single(await FiringsAsync(app, again));

        // It recovers, and falls again.
        await app.TicksAsync("TCS", ("2024-01-02", 118));
        await WaitAsync(app, async () => PortfolioApp.TextOf(await app.App.GetJsonAsync($"api/v1/alerts/{again}"), "status") == "armed");
        await app.TicksAsync("TCS", ("2024-01-02", 100));
        JsonElement[] both = await WaitAsync(app, again, 2);
        Assert.Equal(account, PortfolioApp.TextOf(both[0], "account"));
        Assert.Null(PortfolioApp.TextOf(both[0], "symbol"));

        // What nobody saw live is told at the close.
        string once = await SetAsync(app, new { kind = "drawdown", account, threshold = 8 });
        app.Clock.JumpTo(SnapshotApp.Instant("2024-01-02T10:31:00Z"));
        await app.MakeAsync(account);
        JsonElement last = Assert.Single(await WaitAsync(app, once, 1)).GetProperty("firing");
        Assert.Equal("snapshot", PortfolioApp.TextOf(last, "source"));
        JsonElement done = await app.App.GetJsonAsync($"api/v1/alerts/{once}");
        Assert.Equal(("done", 1), (PortfolioApp.TextOf(done, "status"), done.GetProperty("firings").GetInt32()));
        Assert.Equal(2, (await FiringsAsync(app, again)).Length);
    }

    [Fact]
    public void Peak_OfAnIndexThatWasBroken_BeginsAnew()
    {
        static SnapshotRow Row(int day, double growth, UnavailableReason? broken = null, long? total = 1) =>
            new(new(2024, 1, day), total, [], 0, 0, growth, broken, []);
        SnapshotRow[] closes =
        [
            Row(2, 1.5), Row(3, 1.2), Row(4, 1.2, UnavailableReason.MissingPrice), Row(5, 1.1), Row(8, 9, total: null),
        ];
        Assert.Equal(1.5, Drawdowns.PeakOf(closes[..2], new(2024, 1, 2)));
        Assert.Equal(1.2, Drawdowns.PeakOf(closes[..2], new(2024, 1, 3)));
        Assert.Equal(1.2, Drawdowns.PeakOf(closes, new(2024, 1, 2)));
        Assert.Null(Drawdowns.PeakOf(closes, new(2024, 1, 8)));
    }

    private static async Task<string> SetAsync(SnapshotApp app, object alert) =>
        (await app.App.PostJsonAsync("api/v1/alerts", alert)).GetProperty("id").GetString()!;

    private static async Task<JsonElement[]> FiringsAsync(SnapshotApp app, string alert) =>
        [.. (await app.App.GetJsonAsync($"api/v1/alerts/{alert}/firings")).GetProperty("data").EnumerateArray()];

    private static async Task<JsonElement[]> WaitAsync(SnapshotApp app, string alert, int firings)
    {
        await WaitAsync(app, async () => (await FiringsAsync(app, alert)).Length >= firings);
        return await FiringsAsync(app, alert);
    }

    private static Task WaitAsync(SnapshotApp app, Func<Task<bool>> until) => Eventually.TrueAsync(
        async () =>
        {
            await PassAsync(app, 1);
            return await until();
        },
        "the alert");

    // Each second is one that something may be judged in.
    private static async Task PassAsync(SnapshotApp app, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            app.Clock.JumpTo(app.Clock.GetUtcNow().AddSeconds(1));
            await app.App.GetJsonAsync("api/v1/market/ingest");
        }
    }
}
