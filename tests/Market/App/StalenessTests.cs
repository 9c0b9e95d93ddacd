using System.Text.Json;
using FinVault.Market.Live;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Market.App;

/// <summary>A price that is not the current one says so: the failure that FinVault was made to end.</summary>
public sealed class StalenessTests : IAsyncLifetime
{
    private MarketApp _app = null!;

    public async Task InitializeAsync() => _app = await MarketApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Quote_WhileItsFeedSends_IsFresh()
    {
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, 0), 1);

        Assert.False(await IsStaleAsync("TCS"));
    }

    [Fact]
    public async Task Quote_WhoseFeedIsSilentInSession_IsStaleWithinFiveSeconds()
    {
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, 0), 1);
        _app.Clock.Advance(TimeSpan.FromSeconds(4));

        Assert.True(await IsStaleAsync("TCS"));
    }

    [Fact]
    public async Task Quote_OfAQuietSymbolWhoseFeedSendsOthers_IsFresh()
    {
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, 0), 1);
        _app.Clock.Advance(TimeSpan.FromSeconds(4));
        await _app.TakeAsync(TickIntakeTests.Tick("INFY", 1500, 10, 0), 2);
        _app.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await IsStaleAsync("TCS"));
    }

    [Fact]
    public async Task Quote_OfAFeedThatRunsAnHourBehind_IsStaleThoughItSends()
    {
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, -30), 1);

        Assert.True(await IsStaleAsync("TCS"));
    }

    [Fact]
    public async Task Quote_AfterTheClose_IsTheLastPriceAndNotStale()
    {
        _app.Clock.Jump(TimeSpan.FromHours(5.4));
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, 324), 1);
        _app.Clock.Jump(TimeSpan.FromHours(8));
        JsonElement quote = await _app.QuoteAsync("TCS");

        Assert.Equal(("closed", false), (quote.GetProperty("session").GetString(), quote.GetProperty("stale").GetBoolean()));
    }

    [Fact]
    public async Task Quote_OfTheDayBefore_IsStaleOnceTheNextDayHasOpened()
    {
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, 0), 1);
        _app.Clock.Jump(TimeSpan.FromDays(1));

        Assert.True(await IsStaleAsync("TCS"));
    }

    /// <summary>The line that an alert waits for: while quotes are stale by it, and no oftener than each minute.</summary>
    [Fact]
    public async Task Silence_WhileTheMarketIsOpen_IsToldToOperators()
    {
        await _app.TakeAsync(TickIntakeTests.Tick("TCS", 3210, 10, 0), 1);
        FeedWatch watch = _app.App.Host.Services.GetRequiredService<FeedWatch>();
        await watch.CheckAsync(CancellationToken.None);
        Assert.Equal(0, Told());

        _app.Clock.Advance(TimeSpan.FromSeconds(5));
        await watch.CheckAsync(CancellationToken.None);
        await watch.CheckAsync(CancellationToken.None);
        Assert.Equal(1, Told());

        int Told() => _app.App.Logs.All.Count(line => line.Message.StartsWith("The feed ", StringComparison.Ordinal));
    }

    private async Task<bool> IsStaleAsync(string symbol) => (await _app.QuoteAsync(symbol)).GetProperty("stale").GetBoolean();
}
