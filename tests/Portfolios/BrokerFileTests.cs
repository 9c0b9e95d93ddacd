using System.Net;
using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios;

/// <summary>Files that another portfolio tracker takes are taken; those that it must refuse are refused, each with a reason.</summary>
public sealed class BrokerFileTests(BrokerFileTests.App running) : IClassFixture<BrokerFileTests.App>
{
    private readonly PortfolioApp _app = running.Portfolios;

    public static TheoryData<string> Good { get; } = Files("ok");

    public static TheoryData<string> Bad { get; } = Files("not-ok");

    [SharedDataTheory("data", "broker")]
    [MemberData(nameof(Good))]
    public async Task File_ThatIsGood_IsImported(string name)
    {
        string account = await _app.OpenAsync("USD");
        if (name == ShortSales)
        {
            await _app.SendAsync(HttpMethod.Put, $"portfolios/{account}/settings", new { shortSelling = true });
        }

        string content = await File.ReadAllTextAsync(Repository.Shared("data", "broker", "ok", name));
        (HttpStatusCode status, JsonElement body) =
            await _app.SendAsync(HttpMethod.Post, $"portfolios/{account}/imports", new { content });

        Assert.True(status == HttpStatusCode.Created, $"{name}: {body}");
        Assert.True(body.GetProperty("transactions").GetInt32() > 0);
        JsonElement report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());
    }

    [SharedDataTheory("data", "broker")]
    [MemberData(nameof(Bad))]
    public async Task File_ThatIsBad_IsRefusedWithAReason(string name)
    {
        string account = await _app.OpenAsync("USD");
        string content = await File.ReadAllTextAsync(Repository.Shared("data", "broker", "not-ok", name));
        (HttpStatusCode status, JsonElement body) =
            await _app.SendAsync(HttpMethod.Post, $"portfolios/{account}/imports", new { content });

        string reason = status == HttpStatusCode.UnprocessableEntity
            ? string.Join(",", body.GetProperty("rows").EnumerateArray()
                .Select(row => $"{row.GetProperty("row").GetInt32()}:{PortfolioApp.TextOf(row, "code")}"))
            : PortfolioApp.TextOf(body, "code")!;
        Assert.Equal(Reasons[name], reason);
        Assert.Empty((await _app.GetAsync($"portfolios/{account}/transactions")).GetProperty("data").EnumerateArray());
    }

    /// <summary>Sells what was never bought: a short position, as the tracker that the file is from takes it.</summary>
    private const string ShortSales = "btcusd-short.json";

    [SharedDataFact("data", "broker")]
    public async Task FileOfShortSales_IsRefusedUntilTheAccountSellsShort_AndThenOwesTheUnits()
    {
        string account = await _app.OpenAsync("USD");
        string content = await File.ReadAllTextAsync(Repository.Shared("data", "broker", "ok", ShortSales));
        (HttpStatusCode status, JsonElement body) =
            await _app.SendAsync(HttpMethod.Post, $"portfolios/{account}/imports", new { content });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.All(
            body.GetProperty("rows").EnumerateArray(), row => Assert.Equal("short_sale", PortfolioApp.TextOf(row, "code")));

        await _app.SendAsync(HttpMethod.Put, $"portfolios/{account}/settings", new { shortSelling = true });
        JsonElement import = await _app.PostAsync($"portfolios/{account}/imports", new { content });
        JsonElement owed = (await _app.GetAsync($"portfolios/{account}/holdings/BTCUSD")).GetProperty("holding");
        Assert.Equal((-2m, -9_128_698L), (
            owed.GetProperty("quantity").GetDecimal(),
            owed.GetProperty("cost").GetProperty("account").GetProperty("amount").GetInt64()));
        // That tracker reckons 45,647.95 a unit, without the fee of 4.46 that lowers what each brought.
        Assert.Equal(45_647.95m - 4.46m, owed.GetProperty("averageCost").GetDecimal());

        await _app.PostAsync($"portfolios/{account}/imports/{import.GetProperty("id").GetString()}/undo", new { });
        Assert.Equal(0, (await _app.PositionAsync(account, "BTCUSD"))!.Quantity);
        await _app.SendAsync(HttpMethod.Put, $"portfolios/{account}/settings", new { shortSelling = false });
        // What was missing in the account may also have been bought.
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "BTCUSD", 2, 40_000, "2021-12-01", "USD"));
        (status, body) = await _app.SendAsync(HttpMethod.Post, $"portfolios/{account}/imports", new { content });
        Assert.True(status == HttpStatusCode.Created, $"{body}");
    }

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["invalid-currency.csv"] = "2:invalid_currency",
        ["invalid-data-source.json"] = "1:unknown_data_source",
        ["invalid-date-before-min.json"] = "1:invalid_date",
        ["invalid-date-yy.csv"] = "2:invalid_date",
        ["invalid-date.json"] = "1:invalid_date",
        ["invalid-fee.csv"] = "2:invalid_fees",
        ["invalid-multi-line.csv"] = "4:invalid_kind",
        ["invalid-platform.json"] = "1:unknown_platform",
        ["invalid-symbol-btc-usd.csv"] = "2:symbol_is_pair",
        ["invalid-symbol-with-manual-data-source.json"] = "1:unknown_asset",
        ["invalid-symbol.csv"] = "2:invalid_symbol",
        ["invalid-symbol.json"] = "1:invalid_symbol",
        ["invalid-type.json"] = "1:invalid_kind",
        ["unavailable-exchange-rate.json"] = "1:invalid_quantity",
        ["unexpected-format.json"] = "invalid_import",
    };

    private static TheoryData<string> Files(string folder)
    {
        string path = Repository.Shared("data", "broker", folder);
        return Directory.Exists(path)
            ? [.. Directory.GetFiles(path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)]
            : ["none"];
    }

    /// <summary>One app for all files, with the rates of the whole table.</summary>
    public sealed class App : IAsyncLifetime
    {
        internal PortfolioApp Portfolios { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Portfolios = await PortfolioApp.StartAsync(clock: new ManualClock(new(2026, 4, 13, 10, 0, 0, TimeSpan.Zero)));
            if (Path.Exists(Repository.Shared("data", "fx")))
            {
                await Portfolios.LoadRatesAsync(ReferenceData.Text("fx", "eurofxref-hist.csv.gz"));
            }
        }

        public async Task DisposeAsync() => await Portfolios.DisposeAsync();
    }
}
