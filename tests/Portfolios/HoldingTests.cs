using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios;

/// <summary>Holdings at the prices of now: in two reads, each price with its age, nothing unknown told as 0.</summary>
public sealed class HoldingTests : IAsyncLifetime
{
    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Holding_WithAPrice_IsWorthItAndSaysHowOldItIs()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02", fees: 1_000));
        await _app.TickAsync("TCS", 110, 10);
        JsonElement tcs = await HoldingAsync(account, "TCS");

        Assert.Equal((101_000L, 110_000L), (Amount(tcs, "cost", "account"), Amount(tcs, "marketValue", "account")));
        Assert.Equal((9_000L, 9_000L, 0L), Gain(tcs, "unrealized"));
        Assert.False(tcs.GetProperty("stale").GetBoolean());
        Assert.Equal(
            _app.Clock.GetUtcNow(), tcs.GetProperty("price").GetProperty("asOf").GetDateTimeOffset());
        Assert.Equal("missingPreviousClose", Reason(tcs, "dayChange", "account"));

        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await HoldingAsync(account, "TCS")).GetProperty("price").GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task Holding_WithoutAPrice_IsUnavailableAndSoIsTheSum()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "House", 1, 500_000, "2023-01-02"));
        await _app.TickAsync("TCS", 110, 10);
        JsonElement house = await HoldingAsync(account, "House");
        JsonElement summary = await _app.GetAsync($"portfolios/{account}");

        Assert.Equal(JsonValueKind.Null, house.GetProperty("price").ValueKind);
        Assert.Equal("missingPrice", Reason(house, "marketValue", "account"));
        Assert.Equal("missingPrice", Reason(house, "unrealized", "total"));
        Assert.Equal("missingPrice", Reason(summary, "marketValue"));
        Assert.Equal((110_000L, "House"), (
            summary.GetProperty("priced").GetProperty("marketValue").GetInt64(),
            summary.GetProperty("priced").GetProperty("unpriced")[0].GetString()));
    }

    [Fact]
    public async Task DayChange_OfWhatWasBoughtToday_IsSinceThePurchase()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        await _app.TickAsync("TCS", 110, 10, minutes: -24 * 60);
        await _app.TickAsync("TCS", 115, 10);
        await _app.RecordAsync(account, new
        {
            kind = "buy", symbol = "TCS", quantity = 2, price = 113, currency = "INR", tradedAt = _app.Clock.GetUtcNow(),
        });

        // Ten since 110, two since 113.
        Assert.Equal(5_400L, Amount(await HoldingAsync(account, "TCS"), "dayChange", "account"));
    }

    [Fact]
    public async Task Holdings_HoweverMany_AreTwoReads()
    {
        string account = await _app.OpenAsync();
        for (int i = 0; i < 4; i++)
        {
            await _app.PostAsync($"portfolios/{account}/transactions/batch", new
            {
                transactions = Enumerable.Range(0, 25)
                    .Select(n => PortfolioApp.Trade("buy", $"SYM{(i * 25) + n}", 1, 100, "2023-01-02")),
            });
        }

        await _app.TickAsync("SYM0", 110, 10);
        _app.Clock.Advance(TimeSpan.FromSeconds(2));
        EmbeddedCosmos cosmos = _app.Get<EmbeddedCosmos>();
        JsonElement page = await _app.GetAsync($"portfolios/{account}/holdings");
        Assert.Equal(100, page.GetProperty("data").GetArrayLength());

        // The boards are one read a shard, and cached: the next caller pays for the holdings alone. Others read meanwhile,
        // and look at change feeds all the time: their reads end, since the clock stands still.
        await Eventually.TrueAsync(
            async () =>
            {
                cosmos.Ledger.Reset();
                await _app.GetAsync($"portfolios/{account}/holdings");
                return cosmos.Ledger.Snapshot().Where(line => line.Requests > 0 && line.Operation != CosmosOperation.ChangeFeed)
                    .Where(line => line.Container is "portfolios" or "market")
                    .ToArray() is [{ Container: "portfolios", Operation: CosmosOperation.Query, Requests: 1 }];
            },
            "one query");
    }

    [Fact]
    public async Task Holdings_AreReadByOffsetAndByCursor()
    {
        string account = await _app.OpenAsync();
        await _app.PostAsync($"portfolios/{account}/transactions/batch", new
        {
            transactions = new[] { "C", "A", "B", "D" }.Select(s => PortfolioApp.Trade("buy", s, 1, 100, "2023-01-02")),
        });
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "D", 1, 100, "2023-01-03"));

        JsonElement first = await _app.GetAsync($"portfolios/{account}/holdings?limit=2");
        JsonElement byCursor = await _app.GetAsync(
            $"portfolios/{account}/holdings?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");
        using HttpResponseMessage byOffset = await _app.App.Client.GetAsync(
            new Uri($"api/v1/portfolios/{account}/holdings?limit=2&offset=2", UriKind.Relative));

        Assert.Equal(["A", "B"], Symbols(first));
        Assert.Equal(["C"], Symbols(byCursor));
        Assert.Equal("3", Assert.Single(byOffset.Headers.GetValues("X-Total-Count")));
        Assert.Equal(["C"], Symbols(JsonElement.Parse(await byOffset.Content.ReadAsStringAsync())));
        Assert.Equal(["D"], Symbols(await _app.GetAsync($"portfolios/{account}/holdings?status=closed")));
    }

    [Fact]
    public async Task Gain_InAnotherCurrency_TellsTheFxEffectApart()
    {
        await _app.LoadRatesAsync("Date,USD,INR\n2024-01-01,1.0,80.0\n2023-01-02,1.0,100.0\n");
        string account = await _app.OpenAsync("USD");
        JsonElement bought =
            await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        await _app.TickAsync("TCS", 160, 10);
        JsonElement tcs = await HoldingAsync(account, "TCS");

        // 1,000 rupees at 0.01 were 10 dollars; 1,600 at 0.0125 are 20. The price made 600 × 0.0125, the rupee the rest.
        Assert.Equal(0.01m, bought.GetProperty("fxRate").GetDecimal());
        Assert.Equal((1_000L, 2_000L), (Amount(tcs, "cost", "account"), Amount(tcs, "marketValue", "account")));
        Assert.Equal((1_000L, 750L, 250L), Gain(tcs, "unrealized"));
        Assert.Equal((100_000L, 160_000L), (Amount(tcs, "cost", "local"), Amount(tcs, "marketValue", "local")));
        Assert.Equal("daily", tcs.GetProperty("fx").GetProperty("source").GetString());
    }

    [Fact]
    public async Task Total_OverAccountsOfSeveralCurrencies_IsInTheOneThatIsAskedFor()
    {
        await _app.LoadRatesAsync("Date,USD,INR\n2024-01-01,1.0,80.0\n");
        string rupees = await _app.OpenAsync();
        string dollars = await _app.OpenAsync("USD", tracksCash: true);
        await _app.RecordAsync(rupees, PortfolioApp.Trade("buy", "TCS", 10, 100, "2024-01-01"));
        await _app.RecordAsync(
            dollars, new { kind = "deposit", currency = "USD", amount = 500, tradedAt = PortfolioApp.At("2024-01-01") });
        await _app.TickAsync("TCS", 160, 10);

        JsonElement overview = await _app.GetAsync("portfolios?currency=USD");
        Assert.Equal(2, overview.GetProperty("accounts").GetArrayLength());
        Assert.Equal(2_500L, Amount(overview.GetProperty("total"), "value"));
        Assert.Equal(200_000L, Amount((await _app.GetAsync("portfolios")).GetProperty("total"), "value"));
    }

    [Fact]
    public async Task Total_WithoutARate_IsUnavailable()
    {
        string yen = await _app.OpenAsync("JPY", tracksCash: true);
        await _app.RecordAsync(
            yen, new { kind = "deposit", currency = "JPY", amount = 500, tradedAt = PortfolioApp.At("2024-01-01") });

        Assert.Equal(
            "missingRate", Reason((await _app.GetAsync("portfolios?currency=USD")).GetProperty("total"), "value"));
    }

    [Fact]
    public async Task Detail_TellsEveryLotAndEverySale()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "M&M", 2, 100, "2023-01-02"));
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "M&M", 2, 200, "2023-01-03"));
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "M&M", 3, 300, "2023-01-04"));
        JsonElement detail = await _app.GetAsync($"portfolios/{account}/holdings/M%26M");

        Assert.Equal(1m, Assert.Single(detail.GetProperty("openLots").EnumerateArray()).GetProperty("quantity").GetDecimal());
        Assert.Equal(
            [40_000L, 10_000L],
            detail.GetProperty("closedLots").EnumerateArray().Select(lot => Amount(lot, "realized", "total")));
    }

    [Fact]
    public async Task Holdings_OfSomebodyElse_DoNotExist()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 2, 100, "2023-01-02"));
        foreach (string role in new[] { Roles.User, Roles.Admin, Roles.Auditor })
        {
            _app.SignIn(PortfolioApp.Harish, Roles.User, role);
            foreach (string route in new[] { "", "/holdings", "/holdings/TCS" })
            {
                (HttpStatusCode status, JsonElement body) =
                    await _app.SendAsync(HttpMethod.Get, $"portfolios/{account}{route}");
                Assert.Equal(
                    (HttpStatusCode.NotFound, "unknown_portfolio"), (status, PortfolioApp.TextOf(body, "code")));
            }
        }

        Assert.Empty((await _app.GetAsync("portfolios")).GetProperty("accounts").EnumerateArray());
    }

    private async Task<JsonElement> HoldingAsync(string account, string symbol) =>
        (await _app.GetAsync($"portfolios/{account}/holdings")).GetProperty("data").EnumerateArray()
            .Single(holding => holding.GetProperty("symbol").GetString() == symbol);

    private static long Amount(JsonElement json, params string[] path) => At(json, path).GetProperty("amount").GetInt64();

    private static string Reason(JsonElement json, params string[] path)
    {
        JsonElement figure = At(json, path);
        Assert.Equal(JsonValueKind.Null, figure.GetProperty("amount").ValueKind);
        return figure.GetProperty("unavailable").GetProperty("reason").GetString()!;
    }

    private static (long Total, long Price, long Fx) Gain(JsonElement json, string name) =>
        (Amount(json, name, "total"), Amount(json, name, "price"), Amount(json, name, "fx"));

    private static JsonElement At(JsonElement json, IEnumerable<string> path) =>
        path.Aggregate(json, (element, name) => element.GetProperty(name));

    private static string[] Symbols(JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(holding => holding.GetProperty("symbol").GetString()!)];
}
