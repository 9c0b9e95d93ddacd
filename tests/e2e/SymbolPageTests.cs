using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

[Collection(BrowserTests.Name)]
public sealed class SymbolPageTests(Browser browser, MarketServer server)
{
    // Newest first, and each number one below the one before it.
    private const string WithoutHoles = """
        [...document.querySelectorAll('[data-test=ticks] [data-seq]')].map((row) => Number(row.dataset.seq))
          .every((seq, i, all) => i === 0 || seq === all[i - 1] - 1)
        """;

    [BrowserFact]
    public async Task SymbolPage_WhenTicksArrive_DrawsCandlesAndListsThem()
    {
        await using TickSource feed = new(server.Address, "LIVE", 1);
        await feed.StartAsync();
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt("symbol/" + feed.Symbol(0)));
        await page.UntilAsync("Number(document.querySelector('[data-test=chart]')?.dataset.bars) > 0");
        await page.UntilAsync("document.querySelector('[data-test=chart] canvas')?.width > 0");
        await page.UntilAsync(Newest("> 3"));
        double first = await page.EvaluateAsync<double>("Number(document.querySelector('[data-seq]').dataset.seq)");
        await page.UntilAsync(Newest($"> {first}"));

        Assert.True(await page.EvaluateAsync<bool>(WithoutHoles));
        Assert.Matches(@"^100\.0[05]$", await page.TextAsync("[data-test=last-price]"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task SymbolPage_WhenManyTicksComeAtOnce_HasEveryOneOfThem()
    {
        await using TickSource feed = new(server.Address, "HEAL", 1);
        await feed.SendAsync(feed.TickOf(0, 1), feed.TickOf(0, 2));
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt("symbol/" + feed.Symbol(0)));
        await page.UntilAsync(Newest("=== 2"));

        // One push carries only the last of these as a quote: the others must be fetched.
        await feed.SendAsync([.. Enumerable.Range(3, 40).Select(step => feed.TickOf(0, step))]);
        await page.UntilAsync(Newest("=== 42"));
        Assert.True(await page.EvaluateAsync<bool>(WithoutHoles));
        Assert.Equal(42, await page.EvaluateAsync<int>("document.querySelectorAll('[data-seq]').length"));

        // More than the ring holds: the list starts again, again without a hole.
        await feed.SendAsync([.. Enumerable.Range(43, 158).Select(step => feed.TickOf(0, step))]);
        await page.UntilAsync(Newest("=== 200"));
        Assert.True(await page.EvaluateAsync<bool>(WithoutHoles));
        Assert.Equal(100, await page.EvaluateAsync<int>("document.querySelectorAll('[data-seq]').length"));
    }

    [BrowserFact]
    public async Task SymbolPage_WhenDaysAreAskedFor_DrawsTheRunningDay()
    {
        await using TickSource feed = new(server.Address, "DAYS", 1);
        await feed.SendAsync(feed.TickOf(0, 1));
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt("symbol/" + feed.Symbol(0)));
        await page.UntilAsync("document.querySelector('[data-test=chart] canvas')");
        await page.ClickAsync(".segments button:last-child");
        await page.UntilAsync("document.querySelector('[data-test=chart]').ariaLabel.includes('one day')");
        await page.UntilAsync("document.querySelector('[data-test=chart]').dataset.bars === '1'");
    }

    [BrowserFact]
    public async Task SymbolPage_OfASymbolThatNobodyTrades_SaysSo()
    {
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt("symbol/NOBODY"));
        await page.UntilAsync("document.querySelector('[data-test=unknown]')");
        Assert.Contains("NOBODY", await page.TextAsync("[data-test=unknown]"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task SymbolPage_WhenTheFirstTickComesLater_ComesToLife()
    {
        await using TickSource feed = new(server.Address, "LATER", 1);
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt("symbol/" + feed.Symbol(0)));
        await page.UntilAsync("document.querySelector('[data-test=unknown]')");
        await feed.StartAsync();
        await page.UntilAsync(Newest("> 1"));
        double first = await page.EvaluateAsync<double>("Number(document.querySelector('[data-seq]').dataset.seq)");
        await page.UntilAsync(Newest($"> {first}"));
    }

    [BrowserFact]
    public async Task ChartLibrary_OnTheBoard_IsNotLoaded()
    {
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt(""));
        await page.UntilAsync("document.querySelector('[data-symbol] .value')");
        string[] scripts = await page.EvaluateAsync<string[]>(
            "performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.endsWith('.js'))");
        Assert.DoesNotContain(scripts, script => script.Contains("Candles", StringComparison.Ordinal));
    }

    private static string Newest(string comparison) =>
        $"Number(document.querySelector('[data-test=ticks] [data-seq]')?.dataset.seq) {comparison}";
}
