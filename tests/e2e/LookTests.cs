using System.Globalization;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e;

/// <summary>Narrow screens, both themes, and what assistive technology meets.</summary>
[Collection(BrowserTests.Name)]
public sealed class LookTests(Browser browser, MarketServer server)
{
    private const string WiderThanTheScreen = """
        [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1
          && !element.closest('.unseen, .skip, [data-test=chart], code')).map((element) => element.outerHTML.slice(0, 120))
        """;

    public static TheoryData<string, string> Looks { get; } = new()
    {
        { "", "light" }, { "", "dark" }, { "symbol", "light" }, { "symbol", "dark" }, { "feed", "light" }, { "feed", "dark" },
        { "profile", "light" }, { "profile", "dark" },
    };

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task Page_At360Pixels_HasNoHorizontalScroll(string route, string scheme)
    {
        await using TickSource feed = new(server.Address, "NARROW", 2);
        await using Page page = await OpenAsync(feed, route, scheme, width: 360);
        Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(await page.EvaluateAsync<bool>(
            "document.querySelector('main').scrollWidth === document.querySelector('main').clientWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(WiderThanTheScreen));
    }

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task Page_HasNoAccessibilityViolations(string route, string scheme)
    {
        await using TickSource feed = new(server.Address, "AXE", 2);
        await using Page page = await OpenAsync(feed, route, scheme, width: 1280);
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [BrowserFact]
    public async Task Theme_FollowsTheSystemUntilChosen_AndIsKept()
    {
        await using Page page = await browser.NewPageAsync();
        await page.PreferAsync("prefers-color-scheme", "dark");
        await page.GoToAsync(server.PageAt(""));
        Assert.True(await IsDarkAsync(page));

        await page.ClickAsync("[data-test=theme]");
        await page.UntilAsync("document.documentElement.dataset.theme === 'light'");
        Assert.False(await IsDarkAsync(page));

        await page.GoToAsync(new Uri("about:blank"));
        await page.GoToAsync(server.PageAt(""));
        Assert.False(await IsDarkAsync(page));
    }

    [BrowserFact]
    public async Task Flash_WhereMotionIsUnwanted_IsNotAnimated()
    {
        await using Page page = await browser.NewPageAsync();
        await page.PreferAsync("prefers-reduced-motion", "reduce");
        await page.GoToAsync(server.PageAt(""));
        await page.UntilAsync("document.querySelector('[class*=flash-]')");
        Assert.Equal("none", await page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('.rows .value')).animationName"));
    }

    private async Task<Page> OpenAsync(TickSource feed, string route, string scheme, int width)
    {
        await feed.StartAsync();
        await feed.StopAsync();
        Page page = await browser.NewPageAsync(width, 760);
        await page.PreferAsync("prefers-color-scheme", scheme);
        await page.GoToAsync(server.PageAt(route == "symbol" ? "symbol/" + feed.Symbol(0) : route));
        await page.UntilAsync(route switch
        {
            "symbol" => "document.querySelector('[data-test=chart] canvas') && document.querySelector('[data-seq]')",
            "profile" => "document.querySelector('main [data-test^=sign-in]')",
            "feed" => "document.querySelectorAll('[data-test=ingest] tbody tr').length > 5",
            _ => "document.querySelector('[data-symbol] .value')",
        });
        return page;
    }

    private static async Task<bool> IsDarkAsync(Page page)
    {
        string background = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        int red = int.Parse(background.Split('(', ',')[1], CultureInfo.InvariantCulture);
        return red < 100;
    }
}
