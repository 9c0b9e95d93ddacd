using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios;

/// <summary>Transactions are recorded once, counted whole, and taken back without a trace in the figures.</summary>
public sealed class TransactionTests : IAsyncLifetime
{
    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Sale_OfWhatWasBought_RealisesItsGain()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100.50m, "2023-01-02", fees: 500));
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "TCS", 4, 120, "2023-06-01", fees: 200));
        Position position = (await _app.PositionAsync(account, "TCS"))!;

        // Cost of 4 of 10 units: (100,500 + 500) × 0.4 = 40,400; proceeds 48,000 − 200.
        Assert.Equal((6m, 60_600L, 7_400L), (position.Quantity, position.Cost.Account, position.RealizedGain));
    }

    [Fact]
    public async Task BackdatedPurchase_ReplaysTheSales()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 200, "2023-02-01"));
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "TCS", 10, 300, "2023-03-01"));
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        Position position = (await _app.PositionAsync(account, "TCS"))!;

        // First in, first out: the sale takes the purchase that was told last and made first.
        Assert.Equal((200_000L, 200_000L), (position.RealizedGain, position.Cost.Account));
    }

    [Fact]
    public async Task Sale_OfMoreThanIsHeld_IsRefusedAndLeavesNothing()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "transaction_refused", "short_sale"),
            await _app.RefusedAsync(
                $"portfolios/{account}/transactions", PortfolioApp.Trade("sell", "TCS", 11, 100, "2023-01-03")));
        JsonElement list = await _app.GetAsync($"portfolios/{account}/transactions");
        Assert.Equal(1, list.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Transaction_SentAgainWithItsClientId_IsRecordedOnce()
    {
        string account = await _app.OpenAsync();
        object trade = PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02", clientId: "broker-1");
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
            (await _app.RecordAsync(account, trade)).GetProperty("id").GetString()!));

        Assert.Single(ids.Distinct());
        Assert.Equal(10m, (await _app.PositionAsync(account, "TCS"))!.Quantity);
        Assert.Equal(
            "client_id_reused",
            (await _app.RefusedAsync(
                $"portfolios/{account}/transactions",
                PortfolioApp.Trade("buy", "TCS", 11, 100, "2023-01-02", clientId: "broker-1"))).Code);
    }

    [Fact]
    public async Task Transactions_RecordedAtOnceByMany_AllCount()
    {
        string account = await _app.OpenAsync(tracksCash: true);
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => _app.RecordAsync(
            account, PortfolioApp.Trade("buy", i % 2 == 0 ? "TCS" : "INFY", i, 10, "2023-01-02"))));
        JsonElement report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });

        Assert.Equal(8, report.GetProperty("transactions").GetInt32());
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());
        Assert.Equal(20m, (await _app.PositionAsync(account, "TCS"))!.Quantity);
    }

    [Fact]
    public async Task Batch_WithOneThatDoesNotFit_RecordsNone()
    {
        string account = await _app.OpenAsync();
        object batch = new
        {
            transactions = new[]
            {
                PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"),
                PortfolioApp.Trade("sell", "INFY", 1, 100, "2023-01-03"),
            },
        };

        Assert.Equal("transaction_refused", (await _app.RefusedAsync($"portfolios/{account}/transactions/batch", batch)).Code);
        Assert.Null(await _app.PositionAsync(account, "TCS"));
    }

    [Fact]
    public async Task Reversal_RestoresTheFigures_AndCannotLeaveASaleWithoutItsPurchase()
    {
        string account = await _app.OpenAsync();
        JsonElement bought = await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        Position before = (await _app.PositionAsync(account, "TCS"))!;
        JsonElement sold = await _app.RecordAsync(account, PortfolioApp.Trade("sell", "TCS", 10, 90, "2023-02-02"));
        string purchase = $"portfolios/{account}/transactions/{bought.GetProperty("id").GetString()}/reversal";

        Assert.Equal("short_sale", (await _app.RefusedAsync(purchase, new { })).Reason);

        string sale = $"portfolios/{account}/transactions/{sold.GetProperty("id").GetString()}/reversal";
        JsonElement reversal = await _app.PostAsync(sale, new { reason = "Never happened" });
        Assert.Equal(sold.GetProperty("id").GetString(), reversal.GetProperty("reverses").GetString());
        Position after = (await _app.PositionAsync(account, "TCS"))!;
        Assert.Equal((before.Quantity, before.Cost, 0L), (after.Quantity, after.Cost, after.RealizedGain));

        // Said again it is the same reversal.
        Assert.Equal(
            reversal.GetProperty("id").GetString(), (await _app.PostAsync(sale, new { })).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Account_OfSomebodyElse_DoesNotExist()
    {
        string account = await _app.OpenAsync();
        _app.SignIn(PortfolioApp.Harish, Roles.User);

        foreach (string route in new[] { $"portfolios/{account}/transactions", $"portfolios/{account}/transactions/x" })
        {
            (HttpStatusCode status, JsonElement body) = await _app.SendAsync(HttpMethod.Get, route);
            Assert.Equal((HttpStatusCode.NotFound, "unknown_portfolio"), (status, PortfolioApp.TextOf(body, "code")));
        }

        Assert.Equal("unknown_portfolio", (await _app.RefusedAsync(
            $"portfolios/{account}/transactions", PortfolioApp.Trade("buy", "TCS", 1, 1, "2023-01-02"))).Code);
    }

    [Theory]
    [InlineData("buy", 0, 100, "invalid_quantity")]
    [InlineData("buy", -1, 100, "invalid_quantity")]
    [InlineData("buy", 1, -100, "invalid_price")]
    [InlineData("buy", 0.123456789, 100, "invalid_quantity")]
    [InlineData("transferIn", 0, 100, "invalid_quantity")]
    [InlineData("split", 1, 0, "invalid_ratio")]
    [InlineData("dividend", 0, 0, "invalid_amount")]
    public async Task Transaction_ThatCannotBe_IsRefusedWithItsReason(
        string kind, double quantity, double price, string reason)
    {
        string account = await _app.OpenAsync();

        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_transaction", reason),
            await _app.RefusedAsync(
                $"portfolios/{account}/transactions",
                PortfolioApp.Trade(kind, "TCS", (decimal)quantity, (decimal)price, "2023-01-02")));
    }

    [Fact]
    public async Task List_GoesBackByCursor_NewestFirst()
    {
        string account = await _app.OpenAsync();
        foreach (string day in new[] { "2023-01-03", "2023-01-01", "2023-01-02" })
        {
            await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 1, 1, day));
        }

        List<string> days = [];
        string? cursor = "";
        while (cursor is not null)
        {
            JsonElement page = await _app.GetAsync($"portfolios/{account}/transactions?limit=2&cursor={cursor}");
            days.AddRange(page.GetProperty("data").EnumerateArray()
                .Select(t => t.GetProperty("tradedAt").GetString()![..10]));
            cursor = PortfolioApp.TextOf(page, "nextCursor");
        }

        Assert.Equal(["2023-01-03", "2023-01-02", "2023-01-01"], days);
    }

    [Fact]
    public async Task LotMethod_WhenChanged_ReplaysTheAccount()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 1, 100, "2023-01-02"));
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 1, 200, "2023-01-03"));
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "TCS", 1, 300, "2023-01-04"));
        Assert.Equal(20_000L, (await _app.PositionAsync(account, "TCS"))!.RealizedGain);

        await _app.SendAsync(HttpMethod.Put, $"portfolios/{account}/settings", new { lotMethod = "lifo" });

        Assert.Equal(10_000L, (await _app.PositionAsync(account, "TCS"))!.RealizedGain);
    }

    [Fact]
    public async Task Transfer_BringsItsLotsWithTheirAgeAndCost()
    {
        string from = await _app.OpenAsync();
        string to = await _app.OpenAsync();
        await _app.RecordAsync(from, PortfolioApp.Trade("buy", "TCS", 10, 100, "2022-01-02"));
        await _app.RecordAsync(from, new
        {
            kind = "transferOut", symbol = "TCS", quantity = 4, currency = "INR", counterpart = to,
            tradedAt = PortfolioApp.At("2023-05-01"),
        });
        await _app.RecordAsync(to, new
        {
            kind = "transferIn", symbol = "TCS", quantity = 4, currency = "INR", counterpart = from,
            tradedAt = PortfolioApp.At("2023-05-01"),
            lots = new[] { new { acquiredAt = PortfolioApp.At("2022-01-02"), quantity = 4, cost = 40_000 } },
        });
        Position left = (await _app.PositionAsync(from, "TCS"))!;
        Lot lot = Assert.Single((await _app.PositionAsync(to, "TCS"))!.Lots);

        Assert.Equal((6m, 60_000L, 0L), (left.Quantity, left.Cost.Account, left.RealizedGain));
        Assert.Equal((PortfolioApp.At("2022-01-02"), 4m, 40_000L), (lot.AcquiredAt, lot.Quantity, lot.Cost.Account));
    }

    [Fact]
    public async Task Transaction_OfTheFuture_CountsWhenItsTimeHasCome()
    {
        string account = await _app.OpenAsync();
        JsonElement told = await _app.RecordAsync(account, new
        {
            kind = "buy", symbol = "TCS", quantity = 1, price = 100, currency = "INR",
            tradedAt = _app.Clock.GetUtcNow().AddMinutes(1),
        });
        Assert.Equal("pending", PortfolioApp.TextOf(told, "status"));
        Assert.Null(await _app.PositionAsync(account, "TCS"));

        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        await _app.Get<DueTransactions>().CompleteAsync(default);
        await _app.Get<DueTransactions>().CompleteAsync(default);

        Assert.Equal(1m, (await _app.PositionAsync(account, "TCS"))!.Quantity);
        JsonElement report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());
    }
}
