using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>What an operator does by hand: sends dead letters again, and looks into what a statement says otherwise.</summary>
[Collection(BrowserTests.Name)]
public sealed class OperatorPagesTests(Browser browser, MarketServer server)
{
    [BrowserFact]
    public async Task DeadLetter_WhenSentAgain_SaysSo()
    {
        using HttpClient http = new() { BaseAddress = server.Address };
        string at = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        using StringContent bad = new(
            $$"""[{"symbol":"TEST-BAD","price":0,"volume":1,"eventTime":"{{at}}"}]""", Encoding.UTF8,
            new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage taken = await http.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), bad);
        Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
        using HttpClient admin = await server.ClientAsync("admin");
        await GiveawayPages.UntilAsync(admin, "operations/dead-letters", page => page.GetProperty("data").GetArrayLength() > 0);

        await using Page page = await browser.OpenAsync(server, "operations/letters", "admin");
        await page.UntilAsync("document.querySelector('[data-test=letters-ticks] li .why')?.innerText.includes('invalidPrice')");
        await page.ClickAsync("[data-test=letters-ticks] li button");
        await page.UntilAsync("document.querySelector('[data-test=letters-ticks] li .pill')?.innerText === 'Sent again'");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Statement_OfWhichOneLineIsNotInTheBooks_IsMatchedAndTheLineLookedInto()
    {
        using HttpClient host = await server.ClientAsync("harish");
        await GiveawayPages.FundAsync(host);
        using HttpClient admin = await server.ClientAsync("admin");
        JsonElement entries = await GiveawayPages.UntilAsync(
            admin, "ledger/accounts/PLATFORM-PROVIDER-INR/statement", page => page.GetProperty("data").GetArrayLength() > 0);
        JsonElement booked = entries.GetProperty("data")[0];
        string today = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string known = Line(booked.GetProperty("transfer").GetString()!, booked.GetProperty("clearingChange").GetInt64(), today);
        string unknown = Line("NOT-OURS-1", 7, today);

        await using Page page = await browser.OpenAsync(server, "operations/reconciliation", "admin");
        await page.SetAsync("[data-test=statement]", $"{known}\n{unknown}");
        await page.ClickAsync("[data-test=reconcile]");
        await page.UntilAsync("document.querySelector('[data-test=matched]')?.innerText === '1'");
        await page.UntilAsync("""
            (() => {
              const row = [...document.querySelectorAll('[data-test=queue] tbody tr')].find((one) => one.innerText.includes('NOT-OURS-1'));
              if (row) row.id = 'not-ours';
              return row?.innerText.includes('Only in the statement');
            })()
            """);
        await page.ClickAsync("#not-ours [data-test=resolve]");
        await page.FillAsync("#not-ours [data-test=resolve-reason]", "The bank took it back.");
        await page.ClickAsync("#not-ours [data-test=resolve-confirm]");
        await page.UntilAsync("""
            [...document.querySelectorAll('[data-test=queue] tbody tr')].some(
              (row) => row.innerText.includes('NOT-OURS-1') && row.innerText.includes('The bank took it back.'))
            """);
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    private static string Line(string reference, long amount, string date) => JsonSerializer.Serialize(
        new { reference, amount, currency = "INR", date });
}
