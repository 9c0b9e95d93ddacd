using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Portfolios;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Identity;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>Months of an account, against a benchmark, with every figure's origin.</summary>
[Collection(BrowserTests.Name)]
public sealed class PerformancePageTests(MarketServer server, Browser browser)
{
    private const int Days = 220;
    private const int Bought = 70;

    [BrowserFact]
    public async Task Months_AreDrawnAgainstABenchmark_AndExplained()
    {
        await using TickSource feed = new(server.Address, "MONTHS", 2);
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);
        DateOnly first = today.AddDays(-Days);
        SentTick[] own = [.. Range(first).Select(day => Tick(feed.Symbol(0), day, PriceOf(first, day)))];
        SentTick[] index = [.. Range(first).Select(day => Tick(feed.Symbol(1), day, 1_000 + (day.DayNumber % 7)))];
        await feed.SendAsync(own);
        await feed.SendAsync(index);
        string id = await AccountAsync(feed.Symbol(0), first.AddDays(Bought), PriceOf(first, first.AddDays(Bought)));
        using HttpClient http = await server.ClientAsync("meera");
        foreach (SentTick last in new[] { own[^1], index[^1] })
        {
            await GiveawayPages.UntilAsync(http, $"market/quotes?symbols={last.Symbol}", answer =>
                answer.GetProperty("data") is var quotes && quotes.GetArrayLength() == 1
                && quotes[0].GetProperty("price").GetDecimal() == last.Price);
        }

        DateOnly through = server.Get<SnapshotCalendar>().LastClosed();
        Assert.Equal(0, await server.Get<FinVault.Portfolios.Snapshots>().MakeAsync(through, [id], default));

        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}/performance", "meera");
        await page.ClickAsync("[data-test=span-6M]");
        await page.FillAsync("[data-test=symbol]", feed.Symbol(1));
        await page.ClickAsync("[data-test=compare]");
        await page.UntilAsync("document.querySelector('.legend .other')?.innerText.includes('MONTHS-001')");
        // About 100 trading days, each with a point, and two lines drawn in other colours.
        Assert.InRange(await page.EvaluateAsync<int>("Number(document.querySelector('[data-test=growth]').dataset.points)"), 80, 130);
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('[data-test=growth] canvas').width > 200"));

        // A test symbol's day ends after the exchange's close: the last snapshot goes by the day before.
        decimal became = PriceOf(first, through.AddDays(-1)) / PriceOf(first, first.AddDays(Bought));
        string earned = string.Create(CultureInfo.InvariantCulture, $"+{(became - 1) * 100:F2}%");
        Assert.Contains(earned, await page.TextAsync("[data-test=performance]"), StringComparison.Ordinal);
        await page.ClickAsync("[data-test=explain]");
        await page.UntilAsync("document.querySelectorAll('[data-test=explanation] tbody tr').length > 1");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        // Of the one holding, and of its one lot, as the API tells it.
        await page.GoAsync($"portfolio/{id}/holding/{feed.Symbol(0)}");
        await page.ClickAsync("[data-test=holding-performance]");
        await SeesReturnAsync(page, http, $"portfolios/{id}/holdings/{feed.Symbol(0)}/performance");
        await page.GoAsync($"portfolio/{id}/holding/{feed.Symbol(0)}");
        await page.ClickAsync("[data-test=open-lots] tbody a");
        await page.UntilAsync("location.hash.includes('/lot/')");
        string lot = await page.EvaluateAsync<string>("location.hash.split('/').at(-1)");
        await SeesReturnAsync(page, http, $"portfolios/{id}/holdings/{feed.Symbol(0)}/lots/{lot}/performance");
        Assert.Empty(page.Errors);
    }

    private static async Task SeesReturnAsync(Page page, HttpClient http, string route)
    {
        JsonElement told = await http.GetFromJsonAsync<JsonElement>(new Uri($"api/v1/{route}", UriKind.Relative));
        double earned = told.GetProperty("timeWeighted").GetProperty("value").GetDouble();
        string said = string.Create(CultureInfo.InvariantCulture, $"+{earned * 100:F2}%");
        await page.UntilAsync($"document.querySelector('h2.of') && document.querySelector('[data-test=performance]')?.innerText.includes('{said}')");
        await page.UntilAsync("document.querySelector('[data-test=growth]').dataset.points > 80");
    }

    private static IEnumerable<DateOnly> Range(DateOnly first) => Enumerable.Range(0, Days).Select(first.AddDays);

    private static decimal PriceOf(DateOnly first, DateOnly day) => 100 + (0.5m * (day.DayNumber - first.DayNumber));

    private static SentTick Tick(string symbol, DateOnly day, decimal price) =>
        new(symbol, price, 10, new(day, new(4, 30), TimeSpan.Zero));

    private async Task<string> AccountAsync(string symbol, DateOnly day, decimal price)
    {
        using HttpClient http = await server.ClientAsync("meera");
        JsonElement made = await GiveawayPages.SendAsync(http, "portfolios", new { name = "For months", currency = "INR" });
        string id = made.GetProperty("id").GetString()!;
        await GiveawayPages.SendAsync(http, $"portfolios/{id}/transactions", new
        {
            kind = "buy", currency = "INR", tradedAt = new DateTimeOffset(day, new(4, 30), TimeSpan.Zero), symbol, quantity = 10, price,
        });
        return id;
    }
}
