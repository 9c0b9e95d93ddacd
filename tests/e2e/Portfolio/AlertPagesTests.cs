using FinVault.Portfolios;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Identity;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>A portfolio that falls: waited for, told of, waited for again and given up, on the alerts' page.</summary>
[Collection(BrowserTests.Name)]
public sealed class AlertPagesTests(MarketServer server, Browser browser)
{
    private const string Person = "meera";
    private const string Name = "That may fall";

    private const string Alert = $"[...document.querySelectorAll('[data-alert]')].find((one) => one.innerText.includes('{Name}'))";

    [BrowserFact]
    public async Task Drawdown_IsSet_Fires_WaitsAgain_AndIsDeleted()
    {
        string account = await server.AccountAsync(Person, Name);
        await using Page page = await browser.OpenAsync(server, "portfolio/alerts", Person);
        await page.UntilAsync("document.querySelector('[data-test=alert-kind] option[value=drawdown]')");
        await page.SetAsync("[data-test=alert-kind]", "drawdown");
        await page.SetAsync("[data-test=alert-account]", account);
        await page.FillAsync("[data-test=alert-threshold]", "5");
        await page.ClickAsync("[data-test=alert-set]");
        await page.UntilAsync($"{Alert}?.dataset.status === 'armed'");
        Assert.Contains(
            "falls below its highest close by 5%", await page.EvaluateAsync<string>($"{Alert}.innerText"), StringComparison.Ordinal);

        await FallAsync(account);
        await AgainAsync(page);
        await page.UntilAsync($"{Alert}?.dataset.status === 'done'");
        string id = await page.EvaluateAsync<string>($"{Alert}.dataset.alert");
        await page.ClickAsync($"[data-alert={id}] [data-test=alert-history]");
        await page.UntilAsync("document.querySelector('[data-test=firings]')?.innerText.includes('10.00% below')");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.ClickAsync($"[data-alert={id}] [data-test=alert-resume]");
        await page.UntilAsync($"{Alert}.dataset.status === 'armed'");
        await page.EvaluateAsync<object>("window.confirm = () => true; null");
        await page.ClickAsync($"[data-alert={id}] [data-test=alert-delete]");
        await page.UntilAsync($"!{Alert}");
        Assert.Empty(page.Errors);
    }

    /// <summary>
    /// Lets the account be a tenth below its highest close, as its watch does when a tick says so: when the exchange is
    /// open, and whether today's close is there already, depends on the hour.
    /// </summary>
    private async Task FallAsync(string account)
    {
        AlertStore store = server.Get<AlertStore>();
        AlertDocument alert = Assert.Single(await store.DrawdownsAsync(People.Demo(Person).UserId, account, default));
        SnapshotRow[] closes = [new(DateOnly.FromDateTime(DateTime.UtcNow), 1, [], 0, 0, 1, null, [])];
        AlertProgress fallen = server.Get<Drawdowns>().Judge(alert, closes, 0.9, "live")!;
        Assert.True(await store.WriteAsync(fallen with { Name = Name }, default));
    }

    /// <summary>Comes back to the page, which tells what is stored.</summary>
    private static async Task AgainAsync(Page page)
    {
        await page.GoAsync("portfolio/watchlists");
        await page.SeesAsync("list-name");
        await page.GoAsync("portfolio/alerts");
    }
}
