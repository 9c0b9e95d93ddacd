using System.Text.Json;
using FinVault.Identity;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Identity;

/// <summary>The bell and the page of notifications, in a real browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class NoticesStoryTests(MarketServer server, Browser browser)
{
    private const string Unread = "document.querySelector('[data-test=unread]')?.innerText";

    [BrowserFact]
    public async Task Notice_IsOnTheBellAtOnce_ReadByAClick_AndPreferencesAreKept()
    {
        CurrentUser user = new(
            Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), new HashSet<string> { Roles.User });
        await using Page page = await browser.NewPageAsync(1000, 900);
        await page.SignInAsync(server.Address, await server.Sessions.BeginAsync(user));
        await TellAsync(user, "Before", "first");
        await page.GoToAsync(server.PageAt("feed"));
        await page.UntilAsync($"{Unread} === '1'");

        // Pushed: nothing is asked for again and again.
        await page.UntilAsync("document.querySelector('[data-test=connection]')?.dataset.state === 'live'");
        await TellAsync(user, "While it is open", "second");
        await page.UntilAsync($"{Unread} === '2'");

        await page.ClickAsync("[data-test=bell]");
        await page.UntilAsync("document.querySelectorAll('[data-test=bell-list] [data-test=notice]').length === 2");
        Assert.Contains("While it is open", await page.TextAsync("[data-test=notice]"), StringComparison.Ordinal);
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.ClickAsync("[data-test=bell-list] [data-test=notice]");
        await page.UntilAsync("location.hash === '#/profile'");
        await page.UntilAsync($"{Unread} === '1'");

        await page.GoAsync("notifications");
        await page.ClickAsync("[data-test=page-read-all]");
        await page.UntilAsync($"{Unread} === undefined");
        await page.ClickAsync("[data-test=told-reminder-email]");
        await page.ClickAsync("[data-test=quiet]");
        await page.SeesAsync("quiet-from");
        await page.ClickAsync("[data-test=preferences-save]");
        await page.UntilAsync("document.querySelector('[data-test=preferences-saved]').innerText === 'Saved.'");
        await page.GoToAsync(new Uri("about:blank"));
        await page.GoToAsync(server.PageAt("notifications"));
        await page.UntilAsync("document.querySelector('[data-test=told-reminder-email]')?.checked === false");
        await page.SeesAsync("quiet-to");
        Assert.True(await page.EvaluateAsync<bool>(
            "document.querySelector('[data-test=\"told-security.passwordChanged-email\"]').disabled"));
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    private Task TellAsync(CurrentUser user, string title, string source) => server.Get<Notices>().TellAsync(
        user.UserId, NoticeKinds.Reminder,
        JsonSerializer.SerializeToElement(new { title, text = "Look at it.", link = "#/profile" }), source,
        DateTimeOffset.UtcNow, default);
}
