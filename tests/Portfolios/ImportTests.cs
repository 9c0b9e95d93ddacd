using System.Net;
using System.Text.Json;
using FinVault.Local.Cosmos;
using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios;

/// <summary>A broker's file comes in whole, once, or not at all, and goes again whole.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private const string Zerodha = """
        symbol,isin,trade_date,exchange,segment,series,trade_type,auction,quantity,price,trade_id,order_id,order_execution_time
        INFY,INE009A01021,2023-05-02,NSE,EQ,EQ,buy,false,10,1250.5,7001,1,2023-05-02T09:45:11
        INFY,INE009A01021,2023-05-02,NSE,EQ,EQ,buy,false,10,1250.5,7002,1,2023-05-02T09:45:11
        INFY,INE009A01021,2023-08-01,NSE,EQ,EQ,sell,false,5,1355,7003,2,2023-08-01T10:15:00
        """;

    private const string Groww = """
        Stock name,Symbol,ISIN,Type,Quantity,Value,Exchange,Exchange Order Id,Execution date and time,Order status
        Tata Consultancy Services,TCS,INE467B01029,BUY,4,"14,000.00",NSE,1100000001,03-07-2023 09:31 AM,Executed
        Tata Consultancy Services,TCS,INE467B01029,SELL,1,3600,NSE,1100000002,10-07-2023 02:05 PM,Executed
        Tata Consultancy Services,TCS,INE467B01029,SELL,1,3700,NSE,1100000003,11-07-2023 02:05 PM,Cancelled
        """;

    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task ZerodhaTradebook_IsRecognisedAndImported()
    {
        string account = await _app.OpenAsync();
        JsonElement import = await ImportAsync(account, Zerodha);
        Position position = (await _app.PositionAsync(account, "INFY"))!;

        Assert.Equal(("zerodha-tradebook", 3), (PortfolioApp.TextOf(import, "preset"), import.GetProperty("transactions").GetInt32()));
        Assert.Equal((15m, 52_250L), (position.Quantity, position.RealizedGain));
        JsonElement list = await _app.GetAsync($"portfolios/{account}/transactions");
        Assert.All(list.GetProperty("data").EnumerateArray(), t => Assert.Equal("completed", PortfolioApp.TextOf(t, "status")));
    }

    [Fact]
    public async Task GrowwOrders_ThatWereNotExecuted_AreLeftOut()
    {
        string account = await _app.OpenAsync();
        await ImportAsync(account, Groww);
        Position position = (await _app.PositionAsync(account, "TCS"))!;

        Assert.Equal((3m, 10_000L), (position.Quantity, position.RealizedGain));
    }

    [Fact]
    public async Task Preview_RecordsNothing_AndSaysWhatEachRowWouldBe()
    {
        string account = await _app.OpenAsync();
        await ImportAsync(account, Zerodha);
        string more = Zerodha + "\nINFY,INE009A01021,2023-09-01,NSE,EQ,EQ,sell,false,16,1400,7004,3,2023-09-01T10:00:00\n"
            + "INFY,INE009A01021,32-13-2023,NSE,EQ,EQ,sell,false,1,1400,7005,3,nonsense\n";
        JsonElement preview = await _app.PostAsync($"portfolios/{account}/imports/preview", new { content = more });

        Assert.Equal(
            ["2 duplicate ", "3 duplicate ", "4 duplicate ", "5 error short_sale", "6 error invalid_date"],
            preview.GetProperty("rows").EnumerateArray().Select(row =>
                $"{row.GetProperty("row").GetInt32()} {PortfolioApp.TextOf(row, "state")} {PortfolioApp.TextOf(row, "code")}"));
        Assert.Equal(15m, (await _app.PositionAsync(account, "INFY"))!.Quantity);
    }

    [Fact]
    public async Task File_WithOneBadRow_IsRefusedRowByRow_AndLeavesNothing()
    {
        string account = await _app.OpenAsync();
        (HttpStatusCode status, JsonElement body) = await _app.SendAsync(
            HttpMethod.Post, $"portfolios/{account}/imports",
            new { content = "Date,Symbol,Price,Qty,Action\n01-02-2023,TCS,10,1,buy\n02-02-2023,TCS,x,1,buy\n03-02-2023,TCS,1,1,give\n" });

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "import_refused"), (status, PortfolioApp.TextOf(body, "code")));
        Assert.Equal(
            ["3 invalid_price", "4 invalid_kind"],
            body.GetProperty("rows").EnumerateArray()
                .Select(row => $"{row.GetProperty("row").GetInt32()} {PortfolioApp.TextOf(row, "code")}"));
        Assert.Empty((await _app.GetAsync($"portfolios/{account}/transactions")).GetProperty("data").EnumerateArray());
        Assert.Empty((await _app.GetAsync($"portfolios/{account}/imports")).EnumerateArray());
    }

    [Fact]
    public async Task File_SentTwice_IsThereOnce_ButTwoAlikeRowsAreTwoTrades()
    {
        string account = await _app.OpenAsync();
        const string file = "Date,Symbol,Price,Qty,Action\n01-02-2023,TCS,10,1,buy\n01-02-2023,TCS,10,1,buy\n";
        await ImportAsync(account, file);
        JsonElement again = await ImportAsync(account, file);

        Assert.Equal(2m, (await _app.PositionAsync(account, "TCS"))!.Quantity);
        Assert.Equal((0, 2), (again.GetProperty("transactions").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "import_refused"),
            await CodeAsync(account, new { content = file, duplicates = "refuse" }));
    }

    [Fact]
    public async Task Mapping_NamesTheColumnsOfAnyTable()
    {
        string account = await _app.OpenAsync("EUR");
        await _app.PostAsync($"portfolios/{account}/imports", new
        {
            content = "Wann;Was;Stück;Kurs;Art\n2023/01/31;SAP;2;100.5;Kauf\n".Replace("Kauf", "buy", StringComparison.Ordinal),
            mapping = new { date = "Wann", symbol = "Was", quantity = "Stück", price = "Kurs", kind = "Art" },
        });

        Assert.Equal(20_100L, (await _app.PositionAsync(account, "SAP"))!.Cost.Trade);
    }

    [Fact]
    public async Task Undo_TakesEverythingBack_AndTheFileMayComeAgain()
    {
        string account = await _app.OpenAsync(tracksCash: true);
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "INFY", 1, 1000, "2023-01-02"));
        Position before = (await _app.PositionAsync(account, "INFY"))!;
        JsonElement import = await ImportAsync(account, Zerodha);
        string undo = $"portfolios/{account}/imports/{PortfolioApp.TextOf(import, "id")}/undo";

        Assert.Equal("undone", PortfolioApp.TextOf(await _app.PostAsync(undo, new { }), "state"));
        Assert.Equal("undone", PortfolioApp.TextOf(await _app.PostAsync(undo, new { }), "state"));
        Position after = (await _app.PositionAsync(account, "INFY"))!;
        Assert.Equal((before.Quantity, before.Cost, 0L), (after.Quantity, after.Cost, after.RealizedGain));
        JsonElement list = await _app.GetAsync($"portfolios/{account}/transactions");
        Assert.Equal(7, list.GetProperty("data").GetArrayLength());
        JsonElement report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());

        await ImportAsync(account, Zerodha);
        Assert.Equal(16m, (await _app.PositionAsync(account, "INFY"))!.Quantity);
    }

    [Fact]
    public async Task Undo_OfWhatALaterSaleLeansOn_IsRefused()
    {
        string account = await _app.OpenAsync();
        JsonElement import = await ImportAsync(account, Zerodha);
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "INFY", 1, 1000, "2023-12-01"));

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "transaction_refused", "short_sale"),
            await _app.RefusedAsync($"portfolios/{account}/imports/{PortfolioApp.TextOf(import, "id")}/undo", new { }));
    }

    [Fact]
    public async Task File_OfMoreSymbolsThanABatchHolds_CountsAtOnce()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "KEPT", 1, 1, "2023-01-02"));
        string file = "Date,Symbol,Price,Qty,Action\n"
            + string.Concat(Enumerable.Range(0, 230).Select(i => $"01-02-2023,S{i},10,{i + 1},buy\n"));
        JsonElement import = await ImportAsync(account, file);
        JsonElement all = await _app.GetAsync($"portfolios/{account}/holdings?limit=500");

        Assert.Equal(230, import.GetProperty("transactions").GetInt32());
        Assert.Equal(231, all.GetProperty("data").GetArrayLength());
        Assert.Equal(1m, (await _app.PositionAsync(account, "KEPT"))!.Quantity);
    }

    [Fact]
    public async Task Import_WhoseWriterDiedBeforeItCounted_LeavesNoTraceInTheFigures()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "INFY", 1, 1000, "2023-01-02"));
        FaultSwitches faults = _app.Get<EmbeddedCosmos>().Faults;
        // The batch that lets the rows count never comes through.
        faults.Add(new(FaultKind.Unavailable) { Container = "portfolios", Operation = CosmosOperation.Batch, Skip = 1 });
        (HttpStatusCode status, _) = await CodeAsync(account, new { content = Zerodha });
        faults.Clear();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(1m, (await _app.PositionAsync(account, "INFY"))!.Quantity);
        await ImportAsync(account, Zerodha);
        Assert.Equal(16m, (await _app.PositionAsync(account, "INFY"))!.Quantity);
        _app.Clock.Jump(TimeSpan.FromMinutes(61));
        await _app.Get<Imports>().SweepAsync(default);
        JsonElement list = await _app.GetAsync($"portfolios/{account}/transactions");
        Assert.Equal(4, list.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Import_WhoseWriterDiedAfterItCounted_IsFinishedByTheNextChange()
    {
        string account = await _app.OpenAsync();
        FaultSwitches faults = _app.Get<EmbeddedCosmos>().Faults;
        faults.Add(new(FaultKind.Unavailable) { Container = "portfolios", Operation = CosmosOperation.Batch, Skip = 2 });
        await CodeAsync(account, new { content = Zerodha });
        faults.Clear();
        Assert.Equal(15m, (await _app.PositionAsync(account, "INFY"))!.Quantity);

        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "INFY", 1, 1000, "2023-01-02"));
        JsonElement list = await _app.GetAsync($"portfolios/{account}/transactions?status=completed");
        Assert.Equal(4, list.GetProperty("data").GetArrayLength());
        JsonElement report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());
    }

    private Task<JsonElement> ImportAsync(string account, string content) =>
        _app.PostAsync($"portfolios/{account}/imports", new { content });

    private async Task<(HttpStatusCode Status, string? Code)> CodeAsync(string account, object file)
    {
        (HttpStatusCode status, JsonElement body) =
            await _app.SendAsync(HttpMethod.Post, $"portfolios/{account}/imports", file);
        return (status, PortfolioApp.TextOf(body, "code"));
    }
}
