using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>An operator finds who changed what and sets it back; a host takes premium and leaves it.</summary>
[Collection(BrowserTests.Name)]
public sealed class AuditPagesTests(Browser browser, MarketServer server)
{
    [BrowserFact]
    public async Task Change_IsFoundLookedAtAndSetBack_AndItsChainHolds()
    {
        using HttpClient harish = await server.ClientAsync("harish");
        foreach (string name in new[] { "Harish as he was", "Harish renamed" })
        {
            using HttpResponseMessage put = await harish.PutAsJsonAsync(
                new Uri("api/v1/profile", UriKind.Relative), new { displayName = name });
            put.EnsureSuccessStatusCode();
        }

        string entity = $"profile:{People.Demo("harish").UserId}";
        using HttpClient admin = await server.ClientAsync("admin");
        JsonElement lines = await GiveawayPages.UntilAsync(
            admin, "audit/records?kind=profile", page => page.ToString().Contains("Harish renamed", StringComparison.Ordinal));
        JsonElement line = lines.GetProperty("data").EnumerateArray()
            .First(one => After(one).Contains("Harish as he was", StringComparison.Ordinal));
        string version = line.GetProperty("version").ToString();
        string row = $"[data-test=line][data-version=\"{version}\"]";

        await using Page page = await browser.OpenAsync(server, "operations/audit", "admin");
        await page.UntilAsync("document.querySelector('[data-test=line]')");
        await page.FillAsync("[data-test=entity]", entity);
        await page.EvaluateAsync<object>("document.querySelector('form.search').requestSubmit(); null");
        await page.UntilAsync($"document.querySelector('{row}')?.dataset.entity === '{entity}'");
        await page.ClickAsync($"{row} summary");
        await page.UntilAsync($"document.querySelector('{row} table')?.innerText.includes('Harish as he was')");
        await page.ClickAsync("[data-test=verify]");
        await page.UntilAsync("document.querySelector('[data-test=check]')?.innerText.includes('Intact')");
        await page.ClickAsync($"{row} [data-test=preview]");
        await page.UntilAsync($"document.querySelector('{row} [data-test=rollback]')?.innerText.includes('Harish renamed')");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.ClickAsync($"{row} [data-test=roll-back]");
        await GiveawayPages.UntilAsync(
            harish, "profile", profile => profile.GetProperty("displayName").GetString() == "Harish as he was");
        Assert.Empty(page.Errors);

        await using Page premium = await browser.OpenAsync(server, "premium", "harish");
        await premium.UntilAsync("document.querySelector('[data-test=premium-plan]')?.innerText.includes('a month')");
        await premium.FillAsync("[data-test=premium-method]", "pm_card");
        await premium.ClickAsync("[data-test=subscribe]");
        await premium.UntilAsync("document.querySelector('[data-test=premium-state]')?.innerText === 'Active'");
        Assert.Empty(await premium.AccessibilityViolationsAsync());
        await premium.ClickAsync("[data-test=cancel-premium]");
        await premium.UntilAsync("document.querySelector('[data-test=premium-state]')?.innerText === 'Cancelled'");
        Assert.Empty(premium.Errors);
    }

    private static string After(JsonElement line) => line.TryGetProperty("changes", out JsonElement changes)
        ? string.Join(' ', changes.EnumerateArray().Select(one => one.GetProperty("after").ToString()))
        : "";
}
