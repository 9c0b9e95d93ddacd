using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>A participant's page where time, the connection or the giveaway itself goes away.</summary>
[Collection(BrowserTests.Name)]
public sealed class ParticipantPageTests(Browser browser, MarketServer server)
{
    // From a shown mm:ss or hh:mm:ss to seconds.
    private const string Shown = """
        document.querySelector('[data-test=countdown]').innerText.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
        """;

    [BrowserFact]
    public async Task Countdown_AfterThePageStoodStill_ShowsWhatIsReallyLeft()
    {
        string id = await server.GiveawayAsync("Countdown");
        await using Page page = await browser.OpenAsync(server, $"g/{id}");
        await page.UntilAsync("document.querySelector('[data-test=countdown]')");

        // No timer fires while the page is busy, as in a tab that sleeps. Its clock goes on.
        double error = await page.EvaluateAsync<double>($$"""
            new Promise((resolve) => {
              // The server is not asked again: only the page's own clock can be right.
              window.fetch = () => new Promise(() => undefined);
              setTimeout(() => {
                const [shown, at] = [{{Shown}}, Date.now()];
                while (Date.now() - at < 3200);
                setTimeout(() => resolve(Math.abs((shown - {{Shown}}) - (Date.now() - at) / 1000)), 400);
              }, 1000);
            })
            """);

        // Seconds are shown rounded up, each of the two readings by up to one.
        Assert.InRange(error, 0, 1.3);
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Countdown_WhenTheServerSaysAnotherEnd_CountsToThat()
    {
        string id = await server.GiveawayAsync("Shorter", minutes: 50);
        await using Page page = await browser.OpenAsync(server, $"g/{id}");
        await page.UntilAsync($"document.querySelector('[data-test=countdown]') && {Shown} > 49 * 60");

        // What comes on the next hydration replaces the target, however much less it is.
        await page.EvaluateAsync<object>("""
            (() => {
              const ordinary = window.fetch;
              window.fetch = async (to, how) => {
                const answer = await ordinary(to, how);
                if (!/public\/giveaways\/[^/?]+$/.test(String(to))) return answer;
                return Response.json({ ...(await answer.json()), remainingTimeSeconds: 600 });
              };
              document.dispatchEvent(new Event('visibilitychange'));
              return null;
            })()
            """);
        await page.UntilAsync($"{Shown} <= 600 && {Shown} > 580");
    }

    [BrowserFact]
    public async Task Ended_IsShownAtOnceByPush_AndAfterAReloadBeforeAnyAnswer()
    {
        string id = await server.GiveawayAsync("Called off");
        await using Page page = await browser.OpenAsync(server, $"g/{id}");
        await page.UntilAsync("document.querySelector('[data-test=countdown]')");
        await page.UntilAsync("document.querySelector('[data-test=connection]').innerText === 'Live'");

        using HttpClient host = await server.ClientAsync("harish");
        await GiveawayPages.SendAsync(host, $"giveaways/{id}/cancel", new { reason = "Rain." });
        await page.UntilAsync("document.querySelector('[data-test=ended]')");

        // The server does not answer any more: what this browser knows is shown all the same.
        await page.RunFirstAsync("window.fetch = () => new Promise(() => undefined);");
        await page.GoToAsync(new Uri("about:blank"));
        await page.GoToAsync(server.PageAt($"g/{id}"));
        await page.UntilAsync("document.querySelector('[data-test=ended]')");
        Assert.Equal("Called off", await page.TextAsync("[data-test=title]"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task WithoutALiveConnection_ItSaysSo_AndWinnersStillAppear()
    {
        string id = await server.GiveawayAsync("Offline");
        await using Page page = await browser.NewPageAsync();
        await page.RunFirstAsync("""
            const ordinary = window.fetch;
            window.fetch = (to, how) => String(to).includes('/realtime') ? Promise.reject(new Error('cut')) : ordinary(to, how);
            """);
        await page.GoToAsync(server.PageAt($"g/{id}"));
        await page.UntilAsync("document.querySelector('[data-test=disconnected], [data-test=polling]')");

        using HttpClient anybody = new() { BaseAddress = server.Address };
        System.Text.Json.JsonElement registered = await GiveawayPages.SendAsync(
            anybody, $"public/giveaways/{id}/participants", new { name = "Bina Rao", contact = "bina@example.com", acceptsTerms = true });
        anybody.DefaultRequestHeaders.Add("X-Participant-Token", registered.GetProperty("token").GetString());
        await GiveawayPages.SendAsync(anybody, $"public/giveaways/{id}/attempts", new { id = FinVault.Platform.Ids.New("ATTEMPT", TimeProvider.System) });
        await page.UntilAsync("document.querySelector('[data-test=winner]')?.innerText.includes('Airtime for a week')");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task JoinCode_OfNoGiveaway_IsRefusedInWords()
    {
        await using Page page = await browser.OpenAsync(server, "giveaways");
        await page.FillAsync("[data-test=code]", "AAAA-AAAA");
        await page.ClickAsync("[data-test=join]");
        await page.UntilAsync("document.querySelector('[data-test=join-failure]')?.innerText.length > 10");
        Assert.Empty(page.Errors);
    }
}
