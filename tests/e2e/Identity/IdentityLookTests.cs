using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Identity;

/// <summary>Every page of signing in and of one's own account on a phone, light and dark.</summary>
[Collection(BrowserTests.Name)]
public sealed class IdentityLookTests(Browser browser, MarketServer server)
{
    private const string WiderThanTheScreen = """
        [...document.querySelectorAll('main *, header *')].filter((element) =>
          element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.unseen, .scroll-x, .skip'))
          .map((element) => element.outerHTML.slice(0, 160))
        """;

    /// <summary>Route, user, and what says that the page is there.</summary>
    public static TheoryData<string, string?, string> Pages { get; } = new()
    {
        { "sign-in", null, "[data-test=sign-in-asha]" },
        { "register", null, "[data-test=register]" },
        { "verify", null, ".links" },
        { "forgot", null, "[data-test=forgot]" },
        { "reset", null, ".links" },
        { "profile", null, "[data-test=gate]" },
        { "profile", "asha", "[data-test=sign-out]" },
        { "security", "asha", "[data-current=true]" },
        { "api-keys", "asha", "[data-test=key-make]" },
    };

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_FitsAPhone_AndHasNoAccessibilityViolations(string route, string? user, string ready)
    {
        await using Page page = await browser.NewPageAsync(360, 760);
        if (user is not null)
        {
            await page.SignInAsync(server.Address, await server.Sessions.BeginAsync(People.Demo(user)));
        }

        await page.GoToAsync(server.PageAt(route));
        await page.UntilAsync($"document.querySelector('{ready}')");
        Assert.Empty(await page.EvaluateAsync<string[]>(WiderThanTheScreen));
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.PreferAsync("prefers-color-scheme", "dark");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    /// <summary>Nobody is told that they are somebody: where the server refuses the cookie, the page says so.</summary>
    [BrowserFact]
    public async Task Page_WithACookieThatIsOver_SaysSo()
    {
        await using Page page = await browser.NewPageAsync(1000, 800);
        FinVault.Identity.SessionGrant session = await server.Sessions.BeginAsync(People.Demo("asha"));
        await page.SignInAsync(server.Address, session);
        await server.Get<FinVault.Identity.Sessions>().EndAsync(session.UserId, session.SessionId, default);
        await page.GoToAsync(server.PageAt("profile"));
        await page.UntilAsync("document.querySelector('[data-test=gate]')?.innerText.includes('session is over')");
        await page.SeesAsync("sign-in-link");

        await page.GoAsync("");
        await page.UntilAsync("document.querySelector('[data-symbol] .value')");
        Assert.Empty(page.Errors);
    }
}
