using System.Net;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Performance;
using FinVault.Tests.Portfolios.Snapshots;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios;

/// <summary>An account that sells short: what it owes is told as it is, at every price, day after day.</summary>
public sealed class ShortSellingTests(SharedSnapshotApp shared) : IClassFixture<SharedSnapshotApp>
{
    private readonly SnapshotApp _app = shared.As(PortfolioApp.Asha);

    [Fact]
    public async Task Account_ThatOwesUnits_KnowsWhatItIsWorthAndEarns()
    {
        string account = await OpenAsync();
        await _app.RecordAsync(account, new
        {
            kind = "deposit", currency = "INR", amount = 200_000, tradedAt = PortfolioApp.At("2023-12-26"),
        });
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "SHORT1", 10, 100, "2023-12-27"));
        await _app.TicksAsync(
            "SHORT1", ("2023-12-26", 100), ("2023-12-27", 100), ("2023-12-28", 110), ("2023-12-29", 90), ("2024-01-01", 90));
        await _app.MakeAsync(account);

        List<SnapshotDocument> days = await _app.SnapshotsAsync(account);
        Assert.Equal([200_000L, 200_000, 190_000, 210_000, 210_000], days.Select(day => day.Total!.Value));
        JsonElement earned = await _app.PerformanceAsync(account, "from=2023-12-25");
        Assert.Equal(0.05, SnapshotApp.Value(earned, "timeWeighted")!.Value, 12);
        // The window is a day longer than the money was at work.
        Assert.InRange(SnapshotApp.Value(earned, "moneyWeighted")!.Value, 0.05, 0.06);
        Assert.Equal(10_000, SnapshotApp.Amount(earned, "gain"));

        JsonElement held = (await _app.App.GetJsonAsync($"api/v1/portfolios/{account}/holdings/SHORT1")).GetProperty("holding");
        Assert.Equal((-10m, 100m), (held.GetProperty("quantity").GetDecimal(), held.GetProperty("averageCost").GetDecimal()));
        Assert.Equal((-100_000L, -90_000L, 10_000L), (
            SnapshotApp.Amount(held.GetProperty("cost"), "account"),
            SnapshotApp.Amount(held.GetProperty("marketValue"), "account"),
            SnapshotApp.Amount(held.GetProperty("unrealized"), "total")));

        // The units alone rest on no capital, so nobody can say what it earned; what it gained is known.
        JsonElement piece = await _app.App.GetJsonAsync(
            $"api/v1/portfolios/{account}/holdings/SHORT1/performance?from=2023-12-25");
        Assert.Equal(10_000, SnapshotApp.Amount(piece, "gain"));
        Assert.Equal(["noCapital", "noCapital"], new[] { "timeWeighted", "moneyWeighted" }.Select(one => SnapshotApp.Reason(piece, one)));
        JsonElement losses = await _app.App.GetJsonAsync(
            $"api/v1/users/{PortfolioApp.Asha}/tax-loss-opportunities");
        Assert.DoesNotContain("SHORT1", losses.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cover_AndItsReversal_LeaveWhatTheTransactionsSay_AndTheSettingStays()
    {
        string account = await OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "SHORT2", 10, 100, "2023-12-27"));
        string before = await HoldingAsync(account);
        string cover = (await _app.RecordAsync(account, PortfolioApp.Trade("buy", "SHORT2", 15, 90, "2023-12-28")))
            .GetProperty("id").GetString()!;
        Position covered = Assert.Single(await _app.Get<PortfolioStore>().HoldingsAsync(account, default)).Position;
        Assert.Equal((5m, 10_000L, 45_000L), (covered.Quantity, covered.RealizedGain, covered.Cost.Account));

        await _app.App.PostJsonAsync($"api/v1/portfolios/{account}/transactions/{cover}/reversal", new { });
        Assert.Equal(before, await HoldingAsync(account));
        JsonElement report = await _app.App.PostJsonAsync($"api/v1/portfolios/{account}/rebuild", new { });
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());

        // For as long as units are owed, they may be.
        (HttpStatusCode status, JsonElement body) = await SettleAsync(account, new { shortSelling = false });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "short_sale"), (status, PortfolioApp.TextOf(body, "reason")));
        Assert.Equal(before, await HoldingAsync(account));
    }

    /// <summary>Twice the money at work in the same proportions earns the same, however much of it is owed.</summary>
    [Fact]
    public void TimeWeighted_IsBlindToFlows_AlsoOfAnAccountThatOwes() => Prop.ForAll(
        ArbMap.Default.ArbFor<(sbyte Move, sbyte Units)[]>(), ArbMap.Default.ArbFor<byte>(), (steps, cut) =>
        {
            if (steps.Length < 2)
            {
                return true;
            }

            IReadOnlyList<SnapshotDocument> plain = Snapshots(steps, int.MaxValue);
            IReadOnlyList<SnapshotDocument> busy = Snapshots(steps, 1 + (cut % (steps.Length - 1)));
            Assert.Equal(plain[^1].Chain.Growth, busy[^1].Chain.Growth, 12);
            Assert.Equal(plain[^1].Total * 2, busy[^1].Total);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static List<SnapshotDocument> Snapshots((sbyte Move, sbyte Units)[] steps, int doubledOn)
    {
        SnapshotCalendar calendar = new(Exchanges.Load(), new ManualClock());
        DateOnly[] days = [.. calendar.Between(new(2023, 1, 2), new(2023, 12, 29)).Take(steps.Length)];
        PortfolioAccount account = new("A", "U", "T", "Test", "INR", LotMethod.Fifo, true, default) { ShortSelling = true };
        List<PortfolioTransaction> all = [];
        void Record(DateOnly day, TransactionKind kind, long amount, decimal units = 0)
        {
            DateTimeOffset at = new(day, new(4, 30), TimeSpan.Zero);
            all.Add(new($"T{all.Count + 1}", "A", all.Count + 1, kind, TransactionStatus.Completed, "INR", at, at)
            {
                Symbol = units == 0 ? null : "TCS", Quantity = units, Amount = amount,
            });
        }

        Dictionary<DateOnly, decimal> closes = [];
        (long price, long units, long cash, int size) = (1_000, 0, 100_000_000, 1);
        Record(days[0], TransactionKind.Deposit, cash);
        for (int i = 0; i < steps.Length; i++)
        {
            if (i == doubledOn)
            {
                long equity = cash + (units * price * 100);
                Record(days[i], TransactionKind.Deposit, equity);
                (cash, size) = (cash + equity, 2);
            }

            // Traded at the close of the day before, as the flow is.
            long trade = (steps[i].Units * size) - units;
            if (trade != 0)
            {
                Record(
                    days[i], trade > 0 ? TransactionKind.Buy : TransactionKind.Sell, Math.Abs(trade) * price * 100, Math.Abs(trade));
                (units, cash) = (units + trade, cash - (trade * price * 100));
            }

            price = Math.Clamp(price + steps[i].Move, 500, 1_500);
            closes[days[i]] = price;
        }

        SnapshotWorld world = new(
            new Dictionary<string, SymbolCloses> { ["TCS"] = new(Exchanges.Load().Of("TCS"), calendar, closes) },
            new Dictionary<(string Currency, DateOnly Day), decimal>());
        return new SnapshotMaking(account, new AccountReplay(account, all), world, default).Make(null, days);
    }

    private async Task<string> OpenAsync()
    {
        string account = await _app.OpenAsync(tracksCash: true);
        (HttpStatusCode status, JsonElement body) = await SettleAsync(account, new { shortSelling = true });
        Assert.Equal((HttpStatusCode.OK, true), (status, body.GetProperty("shortSelling").GetBoolean()));
        return account;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SettleAsync(string account, object settings)
    {
        using HttpResponseMessage answer = await _app.App.Client.PutAsync(
            new Uri($"api/v1/portfolios/{account}/settings", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(settings));
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    // Without what tells when it was looked at.
    private async Task<string> HoldingAsync(string account) => JsonSerializer.Serialize(
        (await _app.Get<PortfolioStore>().HoldingsAsync(account, default)).Single().Position with { LastAt = null, LastSequence = 0 });
}
