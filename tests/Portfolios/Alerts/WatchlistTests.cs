using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Market.Ingest;
using FinVault.Market.Read;
using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Alerts;

/// <summary>Lists of symbols, each user's own, in the user's order, with quotes.</summary>
public sealed class WatchlistTests : IAsyncLifetime
{
    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Watchlist_KeepsItsOrder_AndHasAQuoteWhereThereIsOne()
    {
        JsonElement list = await _app.PostAsync("watchlists", new { name = " Mine ", symbols = new[] { "TEST-B", "TEST-A" } });
        string id = list.GetProperty("id").GetString()!;
        Assert.Equal("Mine", list.GetProperty("name").GetString());
        Assert.Equal(["TEST-B -", "TEST-A -"], await QuotesAsync(id));

        object tick = new { symbol = "TEST-A", price = 12.5, volume = 1, eventTime = _app.Clock.GetUtcNow() };
        using HttpResponseMessage sent = await _app.App.Client.PostAsJsonAsync("api/v1/market/ticks", new[] { tick });
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        await Eventually.TrueAsync(
            async () => (await _app.Get<BoardReader>().ReadFreshAsync(TimeSpan.Zero, default)).Find("TEST-A") is not null,
            "the tick");
        Assert.Equal(["TEST-B -", "TEST-A 12.5"], await QuotesAsync(id));

        await _app.SendAsync(HttpMethod.Put, $"watchlists/{id}", new { name = "Other", symbols = new[] { "TEST-A" } });
        Assert.Equal(["TEST-A 12.5"], await QuotesAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, (await _app.SendAsync(HttpMethod.Delete, $"watchlists/{id}")).Status);
        Assert.Equal(0, (await _app.GetAsync("watchlists")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Watchlist_OfSomebodyElse_DoesNotExist_AndThereAreOnlySoMany()
    {
        string id = "";
        for (int i = 0; i < Watchlists.MaxPerUser; i++)
        {
            id = (await _app.PostAsync("watchlists", new { name = $"List {i}", symbols = Array.Empty<string>() }))
                .GetProperty("id").GetString()!;
        }

        Assert.Equal("too_many_watchlists", (await _app.RefusedAsync(
            "watchlists", new { name = "One more", symbols = Array.Empty<string>() })).Code);
        Assert.Equal("invalid_watchlist", (await _app.RefusedAsync(
            "watchlists", new { name = "Twice", symbols = new[] { "TEST-A", "TEST-A" } })).Code);
        _app.SignIn(PortfolioApp.Harish, Roles.User);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Get, $"watchlists/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Delete, $"watchlists/{id}")).Status);
    }

    private async Task<string[]> QuotesAsync(string id) =>
        [.. (await _app.GetAsync($"watchlists/{id}")).GetProperty("quotes").EnumerateArray().Select(one =>
            one.GetProperty("symbol").GetString() + " "
            + (one.GetProperty("quote") is { ValueKind: JsonValueKind.Object } quote ? quote.GetProperty("price").GetRawText() : "-"))];
}
