using System.Net;
using System.Text.Json;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Portfolios;

/// <summary>Rates of days past roll back over weekends and gaps and say so; rates of now are five minutes old at most.</summary>
public sealed class FxTests : IAsyncLifetime
{
    private const string Table = """
        Date,USD,JPY,INR,ISK,
        2024-01-01,1.1,156.33,92.0,N/A,
        2023-12-29,1.105,156.33,91.9045,N/A,
        2023-12-28,1.1114,N/A,92.4685,150.1,

        """;

    private readonly Rates _live = new();
    private PortfolioApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await PortfolioApp.StartAsync(services => services.AddSingleton<ILiveRates>(_live));
        await _app.LoadRatesAsync(Table);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("EUR", "USD", "2023-12-29", "2023-12-29", "1.105")]
    [InlineData("EUR", "USD", "2023-12-31", "2023-12-29", "1.105")]
    [InlineData("USD", "EUR", "2024-01-01", "2024-01-01", "0.909090909091")]
    [InlineData("USD", "INR", "2024-01-02", "2024-01-01", "83.6363636364")]
    [InlineData("JPY", "INR", "2023-12-28", null, null)]
    [InlineData("ISK", "EUR", "2024-01-07", "2023-12-28", "0.00666222518321")]
    [InlineData("ISK", "EUR", "2024-01-08", null, null)]
    [InlineData("INR", "INR", "1990-01-01", "1990-01-01", "1")]
    public async Task RateOfADay_RollsBackToTheLastOneThereIs(
        string from, string to, string day, string? used, string? rate)
    {
        (HttpStatusCode status, JsonElement body) = await _app.SendAsync(HttpMethod.Get, $"fx/{from}/{to}/{day}");
        if (used is null)
        {
            Assert.Equal("fx_unavailable", PortfolioApp.TextOf(body, "code"));
            return;
        }

        Assert.Equal(
            (HttpStatusCode.OK, day, used, rate),
            (status, PortfolioApp.TextOf(body, "asked"), PortfolioApp.TextOf(body, "day"), body.GetProperty("rate").GetRawText()));
    }

    [Fact]
    public async Task RateOfNow_IsAskedForOnceInFiveMinutes()
    {
        _live.Table = new(new Dictionary<string, decimal> { ["USD"] = 1.25m, ["INR"] = 100 }, _app.Clock.GetUtcNow(), "bank");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _app.GetAsync("fx/USD/INR")));
        JsonElement rate = await _app.GetAsync("fx/USD/INR");

        Assert.Equal((1, 80m, "bank"), (_live.Calls, rate.GetProperty("rate").GetDecimal(), PortfolioApp.TextOf(rate, "source")));
        _app.Clock.Advance(TimeSpan.FromMinutes(5));
        await _app.GetAsync("fx/USD/INR");
        Assert.Equal(2, _live.Calls);
    }

    [Fact]
    public async Task RateOfNow_WhenTheSourceFails_IsTheLastDailyOneAndSaysSo()
    {
        _live.Fails = true;
        JsonElement rate = await _app.GetAsync("fx/USD/INR");
        Assert.Equal(("daily", false, "2024-01-01T00:00:00Z"), (
            PortfolioApp.TextOf(rate, "source"), rate.GetProperty("stale").GetBoolean(), PortfolioApp.TextOf(rate, "asOf")));

        // Iceland's last one is of five days ago.
        Assert.True((await _app.GetAsync("fx/EUR/ISK")).GetProperty("stale").GetBoolean());
    }

    [Theory]
    [InlineData("Day,USD\n2024-01-01,1\n")]
    [InlineData("Date,USD\n01/01/2024,1\n")]
    [InlineData("Date,USD\n2024-01-01,0\n")]
    [InlineData("Date,USD,USD\n2024-01-01,1,1\n")]
    [InlineData("")]
    public void Table_ThatIsNone_IsRefusedWithItsLine(string text) =>
        Assert.Contains("Line", Assert.Throws<FormatException>(() => EcbFile.Read(new StringReader(text))).Message, StringComparison.Ordinal);

    [SharedDataFact("data", "fx")]
    public void WholeTableOfTheBank_IsRead()
    {
        IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> rates =
            EcbFile.Read(new StringReader(ReferenceData.Text("fx", "eurofxref-hist.csv.gz")));

        Assert.Equal(6_983, rates["USD"].Count);
        Assert.Equal(1.1789m, rates["USD"][new(1999, 1, 4)]);
        Assert.False(rates["INR"].ContainsKey(new(1999, 1, 4)));
    }

    [SharedDataFact("data", "fx")]
    public void AnyPairOnAnyDay_GoesThereAndBack()
    {
        Dictionary<string, DailyRates> rates =
            EcbFile.Read(new StringReader(ReferenceData.Text("fx", "eurofxref-hist.csv.gz")))
                .ToDictionary(pair => pair.Key, pair => new DailyRates(pair.Value));
        Random random = new(1);
        string[] codes = [.. rates.Keys];
        for (int i = 0; i < 2_000; i++)
        {
            DailyRates one = rates[codes[random.Next(codes.Length)]];
            DailyRates other = rates[codes[random.Next(codes.Length)]];
            DateOnly day = new DateOnly(1999, 1, 4).AddDays(random.Next(9_900));
            if (DailyRates.Cross(one, other, day) is not { } there)
            {
                Assert.Null(DailyRates.Cross(other, one, day));
                continue;
            }

            (DateOnly back, decimal rate) = DailyRates.Cross(other, one, day)!.Value;
            Assert.Equal(there.Day, back);
            Assert.InRange(there.Rate * rate, 0.99999999m, 1.00000001m);
            Assert.InRange(day.DayNumber - back.DayNumber, 0, DailyRates.MaxDaysBack);
        }
    }

    private sealed class Rates : ILiveRates
    {
        private int _calls;

        public int Calls => _calls;

        public LiveTable? Table { get; set; }

        public bool Fails { get; set; }

        public Task<LiveTable?> ReadAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return Fails ? throw new HttpRequestException("No answer.") : Task.FromResult(Table);
        }
    }
}
