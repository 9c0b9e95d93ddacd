using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

[Collection(BrowserTests.Name)]
public sealed class BoardTests(Browser browser, MarketServer server)
{
    private const int Symbols = 120;

    [BrowserFact]
    public async Task Board_WithTheDemoFeed_ShowsPricesThatMove()
    {
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt(""));
        await page.UntilAsync("document.querySelectorAll('[data-symbol^=TEST-] [data-test=price] .value').length > 3");
        await page.EvaluateAsync<bool>("""
            (window.seen = [...document.querySelectorAll('[data-test=price] .value')].map((cell) => cell.innerText)) && true
            """);
        await page.UntilAsync("""
            [...document.querySelectorAll('[data-test=price] .value')].some((cell, i) => cell.innerText !== seen[i])
            """);
        await page.UntilAsync("document.querySelector('[class*=flash-]')");

        await page.UntilAsync("document.querySelector('[data-test=connection]').innerText === 'Live'");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Board_WithManySymbols_DrawsOnlyWhatIsOnTheScreen()
    {
        await using TickSource feed = new(server.Address, "MANY", Symbols);
        await using Page page = await OpenWithAsync(feed);
        await SearchAsync(page, "MANY");
        await page.UntilAsync($"document.querySelector('.board').getAttribute('aria-rowcount') === '{Symbols + 1}'");

        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('[data-symbol]').length"), 10, 60);
        await page.EvaluateAsync<bool>("(document.querySelector('.board').scrollTop = 1e6) > 0");
        await page.UntilAsync($"document.querySelector('[data-symbol={feed.Symbol(Symbols - 1)}] .value')");
    }

    [BrowserFact]
    public async Task Columns_WhenClicked_SortBothWays()
    {
        await using TickSource feed = new(server.Address, "SORT", 8);
        await using Page page = await OpenWithAsync(feed);
        await SearchAsync(page, "SORT");
        await page.ClickAsync("[data-sort=price]");
        await page.UntilAsync(FirstRowIs(feed.Symbol(7)));
        Assert.Equal("descending", await SortedAsync(page));

        await page.ClickAsync("[data-sort=price]");
        await page.UntilAsync(FirstRowIs(feed.Symbol(0)));
        Assert.Equal("ascending", await SortedAsync(page));
    }

    [BrowserFact]
    public async Task Search_ByKeyboard_FindsAndOpensASymbol()
    {
        await using TickSource feed = new(server.Address, "FIND", 8);
        await using Page page = await OpenWithAsync(feed);
        await page.PressAsync("/");
        await page.TypeAsync("find-005");
        await page.UntilAsync("document.querySelectorAll('[data-symbol]').length === 1");
        Assert.Equal("1 symbol", await page.TextAsync("[data-test=count]"));

        await page.PressAsync("Enter");
        await page.UntilAsync($"location.hash === '#/symbol/{feed.Symbol(5)}'");
        await page.UntilAsync($"document.querySelector('h1')?.innerText === '{feed.Symbol(5)}'");
    }

    [BrowserFact]
    public async Task Search_ThatFindsNothing_SaysSoAndOffersEverything()
    {
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt(""));
        await SearchAsync(page, "no such thing");
        await page.UntilAsync("document.querySelector('.nothing')");
        await page.ClickAsync(".nothing button");
        await page.UntilAsync("document.querySelector('[data-symbol]')");
    }

    [BrowserFact]
    public async Task Rows_ByKeyboard_AreWalkedAndOpened()
    {
        await using TickSource feed = new(server.Address, "KEYS", Symbols);
        await using Page page = await OpenWithAsync(feed);
        await SearchAsync(page, "KEYS");
        await page.UntilAsync($"document.querySelector('.board').getAttribute('aria-rowcount') === '{Symbols + 1}'");
        await page.PressAsync("ArrowDown");
        await page.PressAsync("ArrowDown");
        await page.UntilAsync(ActiveIs(feed.Symbol(1)));
        await page.PressAsync("End");
        await page.UntilAsync(ActiveIs(feed.Symbol(Symbols - 1)));
        await page.UntilAsync($"document.getElementById('row-{feed.Symbol(Symbols - 1)}')");
        await page.PressAsync("Home");
        await page.PressAsync("Enter");
        await page.UntilAsync($"document.querySelector('h1')?.innerText === '{feed.Symbol(0)}'");

        await page.PressAsync("Escape");
        await page.UntilAsync("location.hash === '#/' && document.querySelector('[data-test=search]')?.value === 'KEYS'");
    }

    private async Task<Page> OpenWithAsync(TickSource feed)
    {
        await feed.StartAsync();
        Page page = await browser.NewPageAsync();
        await page.GoToAsync(server.PageAt(""));
        await page.UntilAsync("document.querySelector('[data-symbol] .value')");
        return page;
    }

    private static async Task SearchAsync(Page page, string text)
    {
        await page.ClickAsync("[data-test=search]");
        await page.TypeAsync(text);
        await page.UntilAsync($"document.querySelector('[data-test=search]').value === '{text}'");
    }

    private static Task<string?> SortedAsync(Page page) => page.EvaluateAsync<string?>(
        "document.querySelector('[data-sort=price]').closest('[aria-sort]').getAttribute('aria-sort')");

    private static string FirstRowIs(string symbol) =>
        $"document.querySelector('[data-symbol]')?.dataset.symbol === '{symbol}'";

    private static string ActiveIs(string symbol) =>
        $"document.querySelector('.board').getAttribute('aria-activedescendant') === 'row-{symbol}'";
}
