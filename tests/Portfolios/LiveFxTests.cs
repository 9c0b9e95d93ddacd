using System.Net;
using System.Text;
using System.Text.Json;
using FinVault.Market.Providers;
using FinVault.Platform.Resilience;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Portfolios;

/// <summary>Rates from whoever publishes them: a JSON source by configuration, the central bank behind it, days catching up.</summary>
public sealed class LiveFxTests
{
    private const string Live = "https://rates.example/latest?base=EUR";
    private const string Daily = "https://bank.example/daily.xml";
    private const string History = "https://bank.example/hist.xml";

    private static readonly FxOptions Both = new() { Url = Live, DailyUrl = Daily, HistoryUrl = History };
    private static readonly FxOptions Bank = Both with { Url = "" };

    // Tuesday, 2024-01-02, 04:30 UTC: the rates of the first, a Monday, are there.
    private readonly ManualClock _clock = new();
    private readonly List<string> _asked = [];
    private readonly Dictionary<string, Func<HttpResponseMessage>> _answers = new()
    {
        [Live] = () => Text("""{"base":"EUR","date":"2024-01-02","rates":{"USD":1.25,"INR":100,"XX":1,"JPY":"160"}}"""),
        [Daily] = () => Text(Xml(("2024-01-01", 1.1m))),
        [History] = () => Text(Xml(("2024-01-01", 1.1m), ("2023-12-29", 1.105m), ("2023-12-28", 1.11m), ("2023-12-27", 1.12m))),
    };

    [Fact]
    public async Task LiveSource_IsAskedOnce_AndWhatIsNoRateIsLeftOut()
    {
        LiveTable table = (await TableAsync(Both))!;

        Assert.Equal([Live], _asked);
        Assert.Equal(["INR", "USD"], table.Rates.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1.25m, _clock.GetUtcNow(), "rates.example", false), (table.Rates["USD"], table.AsOf, table.Source, table.Stale));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(302, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, """{"rates":{}}""")]
    [InlineData(200, """{"base":"USD","rates":{"INR":80}}""")]
    public async Task LiveSource_WithoutRates_HasTheCentralBankStandIn(int status, string body)
    {
        _answers[Live] = () => Text(body, (HttpStatusCode)status);
        LiveTable table = (await TableAsync(Both))!;

        Assert.Equal([Live, Daily], _asked);
        Assert.Equal((1.1m, new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), "ecb", false), (
            table.Rates["USD"], table.AsOf, table.Source, table.Stale));
    }

    [Fact]
    public async Task Sources_ThatAllFail_AreLeftAloneAfterAWhile()
    {
        _answers[Live] = _answers[Daily] = () => Text("", HttpStatusCode.ServiceUnavailable);
        Dependencies dependencies = new(_clock, NullLogger<Dependencies>.Instance);
        using HttpRates rates = Rates(Both, dependencies);
        for (int i = 0; i < 8; i++)
        {
            Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => rates.ReadAsync(default));
            Assert.True(FinVault.Platform.Failures.IsTransient(failure));
        }

        Assert.Equal(10, _asked.Count);
        Assert.All(dependencies.All, one => Assert.True(one.IsOpen));
    }

    [Fact]
    public async Task Sources_WhereNoneIsConfigured_AreNotAsked()
    {
        Assert.Null(await TableAsync(new()));
        Assert.Empty(_asked);
    }

    [Fact]
    public void Answer_OfAnotherBaseAndShape_IsCrossedOverTheEuro()
    {
        FxOptions options = Both with
        {
            Rates = "/data/quotes", Base = "/data/source", Time = "/data/at", TimeFormat = ProviderTime.Seconds, StaleHours = 1,
        };
        DateTimeOffset made = _clock.GetUtcNow().AddHours(-2);
        JsonElement answer = JsonElement.Parse(
            $$$"""{"data":{"source":"USD","at":{{{made.ToUnixTimeSeconds()}}},"quotes":{"EUR":0.8,"INR":80,"GBP":0.72} } }""");
        LiveTable table = FxAnswer.Read(answer, options, _clock.GetUtcNow());

        Assert.Equal((1.25m, 100m, 0.9m), (table.Rates["USD"], table.Rates["INR"], table.Rates["GBP"]));
        Assert.False(table.Rates.ContainsKey("EUR"));
        Assert.Equal((made, true), (table.AsOf, table.Stale));
    }

    [Theory]
    [InlineData("Url", "rates.example")]
    [InlineData("DailyUrl", "ftp://bank.example/daily.xml")]
    [InlineData("Rates", "rates")]
    [InlineData("StaleHours", "0")]
    public void Setting_ThatIsWrong_StopsTheStart(string name, string value)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"Fx:{name}"] = value }).Build();

        Assert.Contains(name, Assert.Throws<InvalidOperationException>(() => FxOptions.From(configuration)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<a/>")]
    [InlineData("<Cube><Cube currency='USD' rate='1'/></Cube>")]
    [InlineData("<Cube><Cube time='2024-01-01'><Cube currency='USD' rate='-1'/></Cube></Cube>")]
    [InlineData("<Cube><Cube time='yesterday'><Cube currency='USD' rate='1'/></Cube></Cube>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a '1'>]><Cube><Cube time='2024-01-01'><Cube currency='USD' rate='&a;'/></Cube></Cube>")]
    public void Xml_ThatHoldsNoRatesOrEntities_IsRefused(string xml)
    {
        using MemoryStream body = new(Encoding.UTF8.GetBytes(xml));
        Assert.Throws<FormatException>(() => EcbXml.Read(body));
    }

    [Theory]
    [InlineData("2024-01-02T15:29:00Z", "2024-01-01")]
    [InlineData("2024-01-02T15:30:00Z", "2024-01-02")]
    [InlineData("2024-01-06T20:00:00Z", "2024-01-05")]
    [InlineData("2024-01-08T09:00:00Z", "2024-01-05")]
    public void LastPublished_IsAWorkingDayWhoseAfternoonIsOver(string now, string day) => Assert.Equal(
        DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture),
        DailyFetch.LastPublished(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The app from an empty store: everything at once, then nothing, then a day, then what an outage left out.</summary>
    [Fact]
    public async Task DailyRates_AreStoredAsTheyAppear_AndCatchUp()
    {
        await using PortfolioApp app = await PortfolioApp.StartAsync(clock: _clock);
        using HttpRates bank = Rates(Bank, app.Get<Dependencies>());
        DailyFetch fetch = new(Bank, bank, app.Get<FxStore>(), _clock, NullLogger<DailyFetch>.Instance);

        Assert.Equal(8, await fetch.RunAsync(default));
        Assert.Equal(0, await fetch.RunAsync(default));
        Assert.Equal([History], _asked);
        // A Sunday rolls back to Friday.
        JsonElement sunday = await app.GetAsync("fx/EUR/USD/2023-12-31");
        Assert.Equal(("2023-12-29", 1.105m), (PortfolioApp.TextOf(sunday, "day"), sunday.GetProperty("rate").GetDecimal()));

        _clock.JumpTo(new(2024, 1, 2, 16, 0, 0, TimeSpan.Zero));
        _answers[Daily] = () => Text(Xml(("2024-01-02", 1.2m)));
        Assert.Equal(2, await fetch.RunAsync(default));
        Assert.Equal([History, Daily], _asked);

        // From Friday morning two days are missing; the table has the old ones, too.
        _clock.JumpTo(new(2024, 1, 5, 9, 0, 0, TimeSpan.Zero));
        _answers[History] = () => Text(Xml(("2024-01-04", 1.4m), ("2024-01-03", 1.3m), ("2024-01-02", 9m)));
        Assert.Equal(4, await fetch.RunAsync(default));
        Assert.Equal([History, Daily, History], _asked);
        Assert.Equal(1.2m, (await app.GetAsync("fx/EUR/USD/2024-01-02")).GetProperty("rate").GetDecimal());
        Assert.Equal(1.3m, (await app.GetAsync("fx/EUR/USD/2024-01-03")).GetProperty("rate").GetDecimal());

        // The most traded pairs are fetched ahead: one call, and then none for whoever asks.
        FxRates rates = new(app.Get<FxStore>(), bank, _clock, NullLogger<FxRates>.Instance);
        using FxPrefetch ahead = new(rates, Bank, NullLogger<FxPrefetch>.Instance);
        await ahead.FetchAsync(default);
        Assert.Equal(20, FxPrefetch.Pairs.Distinct().Count());
        Assert.Equal("ecb", (await rates.NowAsync("USD", "INR", default))!.Source);
        Assert.Equal([History, Daily, History, Daily], _asked);
    }

    private async Task<LiveTable?> TableAsync(FxOptions options)
    {
        using HttpRates rates = Rates(options, new(_clock, NullLogger<Dependencies>.Instance));
        return await rates.ReadAsync(default);
    }

    private HttpRates Rates(FxOptions options, Dependencies dependencies) => new(
        options, dependencies, _clock, NullLogger<HttpRates>.Instance, new Answering(url =>
        {
            _asked.Add(url);
            return _answers[url]();
        }));

    private static HttpResponseMessage Text(string text, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(text) };

    private static string Xml(params (string Day, decimal Dollar)[] days) => "<?xml version='1.0'?><e:Envelope xmlns:e='e' xmlns='x'><Cube>"
        + string.Concat(days.Select(day => FormattableString.Invariant(
            $"<Cube time='{day.Day}'><Cube currency='USD' rate='{day.Dollar}'/><Cube currency='INR' rate='92.5'/></Cube>")))
        + "</Cube></e:Envelope>";

    private sealed class Answering(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request.RequestUri!.ToString()));
    }
}
