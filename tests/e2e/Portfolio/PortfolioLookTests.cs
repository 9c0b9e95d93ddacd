using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>Every page of an investor on a phone, light and dark, and what assistive technology meets.</summary>
[Collection(BrowserTests.Name)]
public sealed class PortfolioLookTests(Browser browser, MarketServer server)
{
    private const string WiderThanTheScreen = """
        [...document.querySelectorAll('main *, header *')].filter((element) =>
          element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.unseen, .scroll-x, .skip, .canvas'))
          .map((element) => element.outerHTML.slice(0, 160))
        """;

    /// <summary>Route, user, and what says that the page is there. <c>{id}</c> is an account.</summary>
    public static TheoryData<string, string?, string> Pages { get; } = new()
    {
        { "portfolio", null, "[data-test=gate]" },
        { "portfolio", "meera", "[data-test=account]" },
        { "portfolio/{id}", "meera", "[data-symbol=TEST-AURUM] [data-test=price]" },
        { "portfolio/{id}/holding/TEST-AURUM", "meera", "[data-test=closed-lots] tbody tr" },
        { "portfolio/{id}/transactions", "meera", "[data-transaction]" },
        { "portfolio/{id}/import", "meera", "[data-test=imports] tbody td" },
        { "portfolio/{id}/performance", "meera", "[data-test=performance], [data-test=nothing-earned]" },
        { "portfolio/{id}/rebalance", "meera", "[data-target=TEST-AURUM]" },
        { "portfolio/tax-losses", "meera", "[data-loss], .about-it" },
        { "portfolio/watchlists", "meera", "[data-test=no-lists]" },
        { "portfolio/alerts", "meera", "[data-test=alert-set]" },
    };

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_FitsAPhone_AndHasNoAccessibilityViolations(string route, string? user, string ready)
    {
        ArgumentNullException.ThrowIfNull(route);
        string place = user is null
            ? route
            : route.Replace("{id}", await server.AccountAsync(user, "How it looks"), StringComparison.Ordinal);
        await using Page page = await browser.OpenAsync(server, place, user, width: 360);
        await page.UntilAsync($"document.querySelector('{ready}')");
        Assert.Empty(await page.EvaluateAsync<string[]>(WiderThanTheScreen));
        Assert.True(await page.EvaluateAsync<bool>(
            "document.querySelector('main').scrollWidth === document.querySelector('main').clientWidth"));
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.PreferAsync("prefers-color-scheme", "dark");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    /// <summary>What cannot be known says so, in words, on the page of the accounts and on that of the holdings.</summary>
    [BrowserFact]
    public async Task Value_WithoutAPrice_IsUnavailableWithItsReason()
    {
        string id = await server.AccountAsync("meera", "Without a price");
        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}", "meera");
        await page.UntilAsync($"document.querySelector('[data-symbol={PortfolioPages.Unheard}] [data-test=unavailable]')");
        Assert.Contains("no price was ever seen", await page.TextAsync("[data-test=value]"), StringComparison.Ordinal);
        Assert.Contains(PortfolioPages.Unheard, await page.TextAsync("[data-test=priced]"), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }
}
