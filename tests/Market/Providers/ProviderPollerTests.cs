using System.Text.Json;
using FinVault.Local.Feed;
using FinVault.Market.Providers;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Market.Providers;

/// <summary>The whole app with a feed over HTTP that falls silent, and a provider to stand in for it.</summary>
public sealed class ProviderPollerTests : IAsyncLifetime
{
    // 15:27 IST, three minutes before the close.
    private readonly ManualClock clock = new(new(2024, 1, 2, 9, 57, 0, TimeSpan.Zero));
    private readonly SimulatedProvider provider;
    private AppHost app = null!;

    public ProviderPollerTests() =>
        provider = new SimulatedProvider("sim", clock).With("TCS", 3_300).With("INFY", 1_500).With("TEST-X", 1);

    public async Task InitializeAsync() => app = await AppHost.StartAsync(AppHost.Defaults with
    {
        Time = clock,
        Settings = new Dictionary<string, string?> { ["PriceProviders:Symbols:0"] = "INFY" },
        Configure = services => services.AddSingleton<IPriceProvider>(provider),
    });

    public Task DisposeAsync() => app.DisposeAsync().AsTask();

    [Fact]
    public async Task Poll_AFeedFallsSilent_TheProviderStandsInUntilItIsBack()
    {
        await FeedAsync(3_200);
        await QuoteAsync("TCS", "http", 3_200);

        clock.Advance(TimeSpan.FromSeconds(10));
        await PollAsync();
        JsonElement quote = await QuoteAsync("TCS", "sim", 3_300);
        Assert.Equal(1_000, quote.GetProperty("volume").GetInt64());

        clock.Advance(TimeSpan.FromSeconds(1));
        await FeedAsync(3_201);
        await QuoteAsync("TCS", "http", 3_201);
    }

    [Fact]
    public async Task Poll_AConfiguredSymbolThatNoFeedEverSent_GetsAQuote()
    {
        await PollAsync();

        await QuoteAsync("INFY", "sim", 1_500);
    }

    [Fact]
    public async Task Poll_AfterTheClose_AsksNobody()
    {
        await FeedAsync(3_200);
        await QuoteAsync("TCS", "http", 3_200);
        // The polls of the minutes in between are not what is looked at.
        clock.AdvanceTo(new(2024, 1, 2, 10, 0, 1, TimeSpan.Zero));
        await Eventually.TrueAsync(async () => await PollAsync() == 0, "nothing is left to be polled");
        int before = provider.Requests;

        Assert.Equal(0, await PollAsync());
        Assert.Equal(before, provider.Requests);
    }

    [Fact]
    public async Task Poll_TestSymbols_AreNobodysBusiness()
    {
        await FeedAsync(1, "TEST-X");
        await QuoteAsync("TEST-X", "http", 1);
        clock.Advance(TimeSpan.FromSeconds(10));
        await PollAsync();
        await QuoteAsync("INFY", "sim", 1_500);

        await QuoteAsync("TEST-X", "http", 1, stale: true);
    }

    private Task<int> PollAsync() => app.Host.Services.GetRequiredService<ProviderPoller>().PollAsync(default);

    private async Task FeedAsync(decimal price, string symbol = "TCS") => await app.PostJsonAsync(
        "/api/v1/market/ticks", new[] { new { symbol, price, volume = 1_000, eventTime = clock.GetUtcNow() } });

    private async Task<JsonElement> QuoteAsync(string symbol, string source, decimal price, bool stale = false)
    {
        JsonElement quote = default;
        await Eventually.TrueAsync(
            async () =>
            {
                // What was read once is cached by the app's clock, which stands still between two steps of a test.
                clock.Advance(TimeSpan.FromMilliseconds(100));
                JsonElement answer = await app.GetJsonAsync($"/api/v1/market/quotes?symbols={symbol}");
                JsonElement data = answer.GetProperty("data");
                quote = data.GetArrayLength() > 0 ? data[0] : default;
                return quote.ValueKind == JsonValueKind.Object
                    && quote.GetProperty("source").GetString() == source
                    && quote.GetProperty("price").GetDecimal() == price
                    && quote.GetProperty("stale").GetBoolean() == stale;
            },
            $"{symbol} at {price} from {source}, {(stale ? "stale" : "fresh")}");
        return quote;
    }
}
