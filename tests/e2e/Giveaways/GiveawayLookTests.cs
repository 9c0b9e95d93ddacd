using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>Every page of giveaways, shops and operations on a phone and on a desk, and what assistive technology meets.</summary>
[Collection(BrowserTests.Name)]
public sealed class GiveawayLookTests(Browser browser, MarketServer server)
{
    private const string WiderThanTheScreen = """
        [...document.querySelectorAll('main *, header *')].filter((element) =>
          element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.unseen, .scroll-x, .skip'))
          .map((element) => element.outerHTML.slice(0, 160))
        """;

    /// <summary>Route, user, and what says that the page is there. <c>{id}</c> is a running giveaway.</summary>
    public static TheoryData<string, string?, string> Pages { get; } = new()
    {
        { "giveaways", null, "[data-test=gate]" },
        { "giveaways", "harish", "[data-test=giveaways] li" },
        { "giveaways/new", "harish", "[data-test=prize]" },
        { "giveaways/{id}", "harish", "[data-test=qr]" },
        { "wallet", "harish", "[data-test=virtual-account]" },
        { "g/{id}", null, "[data-test=register]" },
        { "g/{id}/verify", null, "[data-test=not-revealed]" },
        { "operations", "admin", "[data-test=balanced]" },
        { "operations/account/PLATFORM-MAIN-INR", "admin", "[data-test=entries] tbody tr" },
        { "operations/sagas", "admin", "[data-test=sagas] a" },
        { "operations/sagas/{id}", "admin", "[data-test=step]" },
        { "operations/letters", "admin", "[data-test=letters-ticks] li" },
        { "operations/reconciliation", "admin", "[data-test=reconcile]" },
    };

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_FitsAPhone_AndHasNoAccessibilityViolations(string route, string? user, string ready)
    {
        ArgumentNullException.ThrowIfNull(route);
        string place = route.Contains("{id}", StringComparison.Ordinal)
            ? route.Replace("{id}", await server.GiveawayAsync("How it looks"), StringComparison.Ordinal)
            : route;
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
}
