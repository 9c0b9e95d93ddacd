using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

/// <summary>What a user sees when prices can no longer be trusted, and when they can again.</summary>
[Collection(BrowserTests.Name)]
public sealed class ConnectionTests(Browser browser, MarketServer server)
{
    [BrowserFact]
    public async Task Quotes_WhenTheirFeedFallsSilent_AreMarkedStaleAndOthersAreNot()
    {
        await using TickSource quiet = new(server.Address, "QUIET", 2);
        await using TickSource lively = new(server.Address, "LIVELY", 2);
        await quiet.StartAsync();
        await lively.StartAsync();
        // The server is every page test's, and so are its symbols: so tall that no row is left undrawn.
        await using Page page = await browser.NewPageAsync(height: 6_000);
        await page.GoToAsync(server.PageAt(""));
        await page.UntilAsync($"{Row(quiet)} && {Row(lively)} && !{Row(quiet)}.querySelector('[data-test=stale]')");

        await quiet.StopAsync();
        await page.UntilAsync($"{Row(quiet)}?.querySelector('.age [data-test=stale]')?.innerText.includes('Stale')");
        Assert.True(await page.EvaluateAsync<bool>($"{Row(lively)}.querySelector('[data-test=stale]') === null"));
        Assert.True(await page.EvaluateAsync<bool>($"{Row(quiet)}.querySelector('.age [data-test=stale] svg') !== null"));

        await using TickSource again = new(server.Address, "QUIET", 2);
        await again.StartAsync();
        await page.UntilAsync($"!{Row(quiet)}.querySelector('[data-test=stale]')");
    }

    [BrowserFact]
    public async Task Board_WhenTheServerDiesAndComesBack_SaysSoAndRecovers()
    {
        MarketServer first = await MarketServer.StartAsync();
        Uri address = first.Address;
        await using (TickSource feed = new(address, "BACK", 2))
        {
            await feed.StartAsync();
            await using Page page = await browser.NewPageAsync();
            await page.GoToAsync(first.PageAt(""));
            await page.UntilAsync($"{Row(feed)} && document.querySelector('[data-test=connection]').innerText === 'Live'");

            await feed.StopAsync();
            await first.DisposeAsync();
            await page.UntilAsync("document.querySelector('[data-test=disconnected]')");
            await page.UntilAsync($"{Row(feed)}.querySelector('.age [data-test=stale]')");
            Assert.NotEqual("Live", await page.TextAsync("[data-test=connection]"));

            // It kept nothing: its numbers start again, below those the page holds.
            MarketServer second = await MarketServer.StartAsync(address.AbsoluteUri);
            try
            {
                await using TickSource feedAgain = new(address, "BACK", 2);
                await feedAgain.StartAsync();
                await page.UntilAsync("document.querySelector('[data-test=connection]').innerText === 'Live'");
                await page.UntilAsync($"!{Row(feed)}.querySelector('[data-test=stale]')");
                await page.UntilAsync("!document.querySelector('.banner')");
            }
            finally
            {
                await second.DisposeAsync();
            }
        }
    }

    [BrowserFact]
    public async Task Board_WithoutWebSockets_GetsItsPricesByLongPolling()
    {
        await using TickSource feed = new(server.Address, "POLL", 1);
        await feed.StartAsync();
        await using Page page = await browser.NewPageAsync();
        await page.RunFirstAsync("delete window.WebSocket; delete window.EventSource;");
        await page.GoToAsync(server.PageAt("symbol/" + feed.Symbol(0)));
        await page.UntilAsync("document.querySelector('[data-test=connection]').innerText === 'Live'");
        await page.UntilAsync("document.querySelector('[data-seq]')");
        double before = await page.EvaluateAsync<double>("Number(document.querySelector('[data-seq]').dataset.seq)");
        await page.UntilAsync($"Number(document.querySelector('[data-seq]').dataset.seq) > {before + 2}");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Board_WithoutAnyLiveConnection_FetchesItsPrices()
    {
        await using TickSource feed = new(server.Address, "FETCH", 1);
        await feed.StartAsync();
        await using Page page = await browser.NewPageAsync();
        await page.RunFirstAsync("""
            const ordinary = window.fetch;
            window.fetch = (to, how) => String(to).includes('/realtime') ? Promise.reject(new Error('cut')) : ordinary(to, how);
            """);
        await page.GoToAsync(server.PageAt("symbol/" + feed.Symbol(0)));
        await page.UntilAsync("document.querySelector('[data-test=polling]') && document.querySelector('[data-seq]')");
        double before = await page.EvaluateAsync<double>("Number(document.querySelector('[data-seq]').dataset.seq)");
        await page.UntilAsync($"Number(document.querySelector('[data-seq]').dataset.seq) > {before + 2}");
        Assert.Null(await page.TextAsync("[data-test=stale]"));
    }

    [BrowserFact]
    public async Task Market_WithoutAnySymbol_ShowsHowToFeedIt()
    {
        MarketServer empty = await MarketServer.StartAsync();
        try
        {
            await using Page page = await browser.NewPageAsync();
            await page.GoToAsync(empty.PageAt(""));
            await page.UntilAsync("document.querySelectorAll('[data-test=empty] code').length === 2");

            await using TickSource feed = new(empty.Address, "FIRST", 1);
            await feed.StartAsync();
            await page.UntilAsync($"{Row(feed)}");
        }
        finally
        {
            await empty.DisposeAsync();
        }
    }

    private static string Row(TickSource feed) => $"document.querySelector('[data-symbol={feed.Symbol(0)}]')";
}
