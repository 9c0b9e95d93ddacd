using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Portfolios.Alerts;

/// <summary>Alerts over HTTP: set by users, fired by ticks that feeds send, told as notices.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private const string Symbol = "TEST-ONE";

    private PortfolioApp _app = null!;
    private long _sent;

    public async Task InitializeAsync()
    {
        _app = await PortfolioApp.StartAsync();
        await TickAsync(100);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Alert_WhenThePriceJumpsOverItsLevel_IsToldOnceToItsUserAlone_WithThePriceAndItsTime()
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 110.5m, note = "sell" });
        string time = await TickAsync(140.25m);
        await TickAsync(150);

        JsonElement notice = Assert.Single(await NoticesAsync(1));
        Assert.Equal("alert.fired", notice.GetProperty("kind").GetString());
        Assert.Equal($"{Symbol} is above 110.50", notice.GetProperty("title").GetString());
        Assert.Contains("140.25", notice.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("2 January 2024", notice.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("late", notice.GetProperty("text").GetString(), StringComparison.Ordinal);
        JsonElement firing = Assert.Single(await FiringsAsync(id)).GetProperty("firing");
        Assert.Equal(140.25m, firing.GetProperty("price").GetDecimal());
        Assert.Equal(time, firing.GetProperty("eventTime").GetString());
        Assert.False(firing.GetProperty("late").GetBoolean());
        Assert.Equal("done", await StatusAsync(id));
        _app.SignIn(PortfolioApp.Harish, Roles.User);
        Assert.Empty(await NoticesAsync(0));
    }

    [Fact]
    public async Task Alert_WhenItsPriceCameLate_SaysSo()
    {
        string id = await SetAsync(new { kind = "below", symbol = Symbol, threshold = 90 });
        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        await TickAsync(90, secondsAgo: 45);

        JsonElement notice = Assert.Single(await NoticesAsync(1));
        Assert.Contains("came late, 45 seconds", notice.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(Assert.Single(await FiringsAsync(id)).GetProperty("firing").GetProperty("late").GetBoolean());
    }

    [Fact]
    public async Task Alert_OnATickOutOfOrder_DoesNotFire()
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 110 });
        _app.Clock.Advance(TimeSpan.FromSeconds(30));
        await TickAsync(101);
        await TickAsync(120, secondsAgo: 5);

        Assert.Equal("armed", await StatusAsync(id));
        await TickAsync(110);
        Assert.Equal("done", await StatusAsync(id));
    }

    [Fact]
    public async Task Alert_SetAfterTheLastTick_WaitsForTheNextOne()
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 99 });
        _app.Clock.Advance(TimeSpan.FromSeconds(10));
        await TickAsync(100.5m, secondsAgo: 11);
        Assert.Equal("armed", await StatusAsync(id));

        await TickAsync(100.5m);
        Assert.Equal("done", await StatusAsync(id));
    }

    [Fact]
    public async Task RearmingAlert_IsPausedResumedAndDeleted()
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 110, rearms = true, hysteresis = 1 });
        await TickAsync(111);
        await TickAsync(109);
        await TickAsync(112);
        Assert.Equal(("fired", 1), (await StatusAsync(id), (await FiringsAsync(id)).Length));
        await TickAsync(108);
        await TickAsync(110);
        Assert.Equal(2, (await FiringsAsync(id)).Length);

        await EditAsync(id, new { paused = true });
        await TickAsync(100);
        await TickAsync(115);
        Assert.Equal(("paused", 2), (await StatusAsync(id), (await FiringsAsync(id)).Length));
        await EditAsync(id, new { paused = false });
        await TickAsync(116);
        Assert.Equal(("fired", 3), (await StatusAsync(id), (await FiringsAsync(id)).Length));
        await NoticesAsync(3);

        Assert.Equal(HttpStatusCode.NoContent, (await _app.SendAsync(HttpMethod.Delete, $"alerts/{id}")).Status);
        await TickAsync(90);
        await TickAsync(120);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Get, $"alerts/{id}")).Status);
        Assert.Equal(3, (await NoticesAsync(3)).Length);
    }

    [Fact]
    public async Task Fall_IsMeasuredFromPricesBeforeItWasSet_AlsoInANewLife()
    {
        _app.Clock.Advance(TimeSpan.FromMinutes(5));
        await TickAsync(120);
        _app.Clock.Advance(TimeSpan.FromMinutes(5));
        string id = await SetAsync(new { kind = "fall", symbol = Symbol, threshold = 10, windowMinutes = 30 });
        await TickAsync(109);
        Assert.Equal("armed", await StatusAsync(id));
        _app.Get<ITickObserver>().Forget(await _app.Get<TicksHub>().PartitionOfAsync(Symbol, default));
        await TickAsync(108);

        Assert.Equal(10m, Assert.Single(await FiringsAsync(id)).GetProperty("firing").GetProperty("level").GetDecimal());
    }

    [Theory]
    [InlineData(FaultKind.Unavailable, "market")]
    [InlineData(FaultKind.DoneButUnavailable, "market")]
    [InlineData(FaultKind.PreconditionFailed, "market")]
    [InlineData(FaultKind.Unavailable, "alerts")]
    [InlineData(FaultKind.DoneButUnavailable, "alerts")]
    [InlineData(FaultKind.PreconditionFailed, "alerts")]
    public async Task Alert_WhenAWriteAroundItFails_FiresOnceForEachCrossing(FaultKind kind, string container)
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 110, rearms = true, hysteresis = 1 });
        using (_app.App.Host.Cosmos.Faults.Add(new FaultRule(kind)
        {
            Container = container, Operation = CosmosOperation.Batch, Next = 2,
        }))
        {
            // All in one batch: it fires, is armed again, and fires.
            await TicksAsync(111, 100, 112);
        }

        Assert.Equal(2, (await FiringsAsync(id)).Length);
        Assert.Equal(2, (await NoticesAsync(2)).Length);
    }

    [Fact]
    public async Task TwoInstances_ThatSeeTheSameTicks_FireOnce()
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 110 });
        AlertWatch[] instances = [NewWatch(), NewWatch()];
        BoardSymbol place = new(new SymbolState(Symbol, _app.Get<Exchanges>().Of(Symbol)), new Board(0));
        long now = _app.Clock.Now();
        AcceptedTick calm = new(place, 1, 100, now, now, "test");
        foreach (AlertWatch instance in instances)
        {
            await instance.SeeAsync("9", [calm], [], default);
        }

        await Task.WhenAll(instances.Select(instance =>
            instance.SeeAsync("9", [calm with { Seq = 2, Price = 120 }, calm with { Seq = 3, Price = 130 }], [], default)));

        Assert.Single(await FiringsAsync(id));
        Assert.Single(await NoticesAsync(1));
    }

    [Fact]
    public async Task Ticks_OfASymbolWithAlerts_ReadNothing()
    {
        string id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 1000 });
        await TickAsync(101);
        // The change feed tells the hub once more of the new alert.
        await Eventually.TrueAsync(async () => (await QueriesAsync()) >= 3, "the alert is read after its change");
        long before = await QueriesAsync();
        for (int i = 0; i < 30; i++)
        {
            await TickAsync(200 + i);
        }

        Assert.Equal(before, await QueriesAsync());
        Assert.Equal("armed", await StatusAsync(id));
    }

    [Theory]
    [InlineData("above", 0, null)]
    [InlineData("above", 100, 5)]
    [InlineData("rise", 5, null)]
    [InlineData("fall", 100, 60)]
    [InlineData("drawdown", 5, null)]
    public async Task Alert_ThatMakesNoSense_IsRefused(string kind, int threshold, int? windowMinutes)
    {
        (HttpStatusCode status, string? code, _) =
            await _app.RefusedAsync("alerts", new { kind, symbol = Symbol, threshold, windowMinutes });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_alert"), (status, code));
    }

    [Fact]
    public async Task Alerts_OfNoSymbol_OrTooMany_AreRefused_AndOthersDoNotExist()
    {
        Assert.Equal("unknown_symbol", (await _app.RefusedAsync(
            "alerts", new { kind = "above", symbol = "NEVERSEEN", threshold = 1 })).Code);
        string id = "";
        for (int i = 0; i < FinVault.Portfolios.Alerts.MaxPerUser; i++)
        {
            id = await SetAsync(new { kind = "above", symbol = Symbol, threshold = 1000 + i });
        }

        Assert.Equal("too_many_alerts", (await _app.RefusedAsync(
            "alerts", new { kind = "above", symbol = Symbol, threshold = 1 })).Code);
        _app.SignIn(PortfolioApp.Harish, Roles.User);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Get, $"alerts/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Delete, $"alerts/{id}")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Patch, $"alerts/{id}", new { paused = true })).Status);
    }

    private AlertWatch NewWatch() => ActivatorUtilities.CreateInstance<AlertWatch>(_app.App.Host.Services);

    private async Task<string> SetAsync(object alert) =>
        (await _app.PostAsync("alerts", alert)).GetProperty("id").GetString()!;

    private async Task EditAsync(string id, object edit) =>
        Assert.Equal(HttpStatusCode.OK, (await _app.SendAsync(HttpMethod.Patch, $"alerts/{id}", edit)).Status);

    private async Task<string?> StatusAsync(string id) =>
        (await _app.GetAsync($"alerts/{id}")).GetProperty("status").GetString();

    private async Task<JsonElement[]> FiringsAsync(string id) =>
        [.. (await _app.GetAsync($"alerts/{id}/firings")).GetProperty("data").EnumerateArray()];

    private async Task<JsonElement[]> NoticesAsync(int count)
    {
        JsonElement[] found = [];
        await Eventually.TrueAsync(
            async () =>
            {
                found = [.. (await _app.GetAsync("notifications")).GetProperty("data").EnumerateArray()];
                return found.Length >= count;
            },
            $"{count} notices");
        return found;
    }

    private Task<long> QueriesAsync() => Task.FromResult(_app.App.Host.Cosmos.Ledger.Snapshot()
        .Where(line => line is { Container: Containers.Alerts, Operation: CosmosOperation.Query }).Sum(line => line.Requests));

    private async Task<string> TickAsync(decimal price, int secondsAgo = 0)
    {
        DateTimeOffset at = _app.Clock.GetUtcNow().AddSeconds(-secondsAgo);
        await SendAsync([(price, at)]);
        return at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    private Task TicksAsync(params decimal[] prices) =>
        SendAsync([.. prices.Select(price => (price, _app.Clock.GetUtcNow()))]);

    private async Task SendAsync(IReadOnlyList<(decimal Price, DateTimeOffset At)> ticks)
    {
        string body = string.Join('\n', ticks.Select(tick => JsonSerializer.Serialize(
            new { symbol = Symbol, price = tick.Price, volume = ++_sent, eventTime = tick.At }, Json.Options)));
        using StringContent content = new(body, Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer =
            await _app.App.Client.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.TrueAsync(
            async () => (await _app.GetAsync("market/ingest")).GetProperty("received").GetInt64() >= _sent, $"{_sent} ticks");
    }
}
