using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>Tasks and points through the pages: done by a participant, seen by everybody, taken away by the host.</summary>
[Collection(BrowserTests.Name)]
public sealed class ConditionPagesTests(Browser browser, MarketServer server)
{
    [BrowserFact]
    public async Task ATask_IsDoneOnThePage_Ranked_AndTakenAwayByTheHost()
    {
        string id = await StartAsync();
        await using Page own = await browser.OpenAsync(server, $"g/{id}");
        await own.UntilAsync("document.querySelector('[data-test=register]')");
        await own.FillAsync("[data-test=name]", "Asha Rao");
        await own.FillAsync("[data-test=contact]", $"asha{id[^6..]}@example.com");
        await own.ClickAsync("[data-test=accept]");
        await own.ClickAsync("[data-test=register]");
        await own.UntilAsync("document.querySelector('[data-test=handle]')");
        Assert.Contains("Nobody has any points", await own.TextAsync("[data-test=ranking]"), StringComparison.Ordinal);
        await own.FillAsync("[data-test=handle]", $"asha{id[^6..]}");
        await own.ClickAsync("[data-test=complete]");
        await own.UntilAsync("document.querySelector('[data-test=points]').innerText === '100 points'");
        await own.UntilAsync("document.querySelector('[data-test=ranked].own')");
        Assert.Empty(await own.AccessibilityViolationsAsync());

        await using Page host = await browser.OpenAsync(server, $"giveaways/{id}", "harish");
        await host.UntilAsync("document.querySelector('[data-test=completions] tr[data-state=completed]')");
        await host.UntilAsync("document.querySelector('[data-test=entrants] tbody').innerText.includes('Asha Rao')");
        Assert.Empty(await host.AccessibilityViolationsAsync());
        await host.ClickAsync("[data-test=invalidate]");
        await host.FillAsync("[data-test=invalidate-reason]", "Bought followers.");
        await host.ClickAsync("[data-test=invalidate-confirm]");
        await host.UntilAsync("document.querySelector('[data-test=completions] tr[data-state=invalidated]')");
        await own.UntilAsync("document.querySelector('[data-test=ranking]').innerText.includes('Nobody has any points')");
        Assert.Empty(own.Errors);
        Assert.Empty(host.Errors);
    }

    [BrowserFact]
    public async Task AWebhook_IsAdded_Pinged_AndItsLogShown()
    {
        await using Page page = await browser.OpenAsync(server, "wallet", "harish");
        await page.UntilAsync("document.querySelector('[data-test=webhook-url]')");
        // Nobody listens there: what is sent is seen to fail, and goes on being tried.
        await page.FillAsync("[data-test=webhook-url]", "http://127.0.0.1:9/hook");
        await page.ClickAsync("[data-test=webhook-add]");
        await page.UntilAsync("document.querySelector('[data-test=webhook-secret]')?.innerText.startsWith('whsec_')");
        await page.ClickAsync("[data-test=webhook-log]");
        await page.UntilAsync("document.querySelector('[data-test=webhook-ping]')");
        await page.ClickAsync("[data-test=webhook-ping]");
        await page.UntilAsync("document.querySelector('[data-test=deliveries] tr[data-state=pending]')");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    private async Task<string> StartAsync()
    {
        using HttpClient host = await server.ClientAsync("harish");
        await GiveawayPages.FundAsync(host);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JsonElement made = await GiveawayPages.SendAsync(host, "giveaways", new
        {
            title = "Tasks",
            mode = "condition",
            startsAt = now.AddSeconds(-1),
            endsAt = now.AddMinutes(30),
            currency = "INR",
            prizes = new[] { new { title = "Airtime", kind = "airtime", amount = 10_000, quantity = 1 } },
            minPoints = 1,
        });
        string id = made.GetProperty("id").GetString()!;
        object tasks = new
        {
            tasks = new[]
            {
                new { title = "Follow us", network = "instagram", action = "follow", target = "@finvault", points = 100 },
            },
        };
        using HttpResponseMessage set = await host.PutAsJsonAsync(new Uri($"api/v1/giveaways/{id}/tasks", UriKind.Relative), tasks);
        set.EnsureSuccessStatusCode();
        await GiveawayPages.SendAsync(host, $"giveaways/{id}/schedule", new { });
        await GiveawayPages.UntilAsync(host, $"giveaways/{id}", view => view.GetProperty("state").GetString() == "active");
        return id;
    }
}
