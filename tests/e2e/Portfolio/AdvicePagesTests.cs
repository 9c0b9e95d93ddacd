using System.Globalization;
using System.Text;
using System.Text.Json;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Identity;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>A recommendation from the questions to its targets, a link for others, and a list of many rows.</summary>
[Collection(BrowserTests.Name)]
public sealed class AdvicePagesTests(MarketServer server, Browser browser)
{
    private const string Person = "harish";
    private const int Days = 420;
    private const int Rows = 1_200;

    [BrowserFact]
    public async Task Investor_Answers_IsRecommended_TriesThePast_AndTakesTheTargets()
    {
        await using TickSource feed = new(server.Address, "ADVICE", 3);
        string[] symbols = [.. Enumerable.Range(0, 3).Select(feed.Symbol)];
        DateTime first = DateTime.UtcNow.Date.AddDays(-Days).AddHours(4);
        for (int i = 0; i < symbols.Length; i++)
        {
            double wave = 0.3 + (0.2 * i);
            await feed.SendAsync([.. Enumerable.Range(0, Days).Select(day => new SentTick(
                symbols[i], Math.Round((decimal)(100 + (day * 0.1 * (i + 1)) + (5 * Math.Sin(day * wave))), 2), 10, first.AddDays(day)))]);
        }

        string id = await AccountAsync("To be advised");
        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}/recommendation", Person);
        foreach ((string question, string answer) in new[]
        {
            ("horizon", "under2"), ("fall", "wait"), ("goal", "grow"), ("reserve", "many"), ("share", "half"), ("experience", "long"),
        })
        {
            await page.ClickAsync($"[data-question={question}] input[value={answer}]");
        }

        // Means that do not bear a loss hold a profile down, whatever is wanted.
        await page.UntilAsync("document.querySelector('[data-test=assessment]').innerText.includes('Held down by your answer')");
        await page.EvaluateAsync<object>("document.querySelector('[data-test=questions] details').open = true; null");
        await page.FillAsync("[data-test=symbols]", string.Join(", ", symbols));
        await page.FillAsync("[data-test=largest-asset]", "60");
        await page.FillAsync("[data-test=largest-sector]", "100");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.ClickAsync("[data-test=ask]");
        await page.UntilAsync("document.querySelectorAll('[data-test=advice-weights] [data-advice]').length === 3");
        await page.EvaluateAsync<object>("document.querySelector('[data-test=reasons]').open = true; null");
        await page.ClickAsync("[data-test=run-backtest]");
        await page.UntilAsync("document.querySelector('[data-test=index-chart]')?.dataset.points > 10");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.ClickAsync("[data-test=take-targets]");
        await page.UntilAsync("document.querySelectorAll('[data-test=targets] [data-target]').length > 1");
        await page.UntilAsync("document.querySelector('[data-test=targets-sum]').innerText.startsWith('100.00%')");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Link_ShowsPartsToAnybody_UntilItIsEnded()
    {
        await server.AccountAsync(Person, "Shown to others");
        await using Page page = await browser.OpenAsync(server, "portfolio/sharing", Person);
        await page.FillAsync("[data-test=link-name]", "For the adviser");
        await page.ClickAsync("[data-test=share]");
        await page.UntilAsync("document.querySelector('[data-test=link-address]')");
        string address = (await page.TextAsync("[data-test=link-address]"))!;
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await using Page other = await browser.OpenAsync(server, new Uri(address).Fragment[2..], width: 360);
        await other.UntilAsync($"document.querySelector('[data-shared={PortfolioPages.Gold}]')");
        Assert.Equal("For the adviser", await other.TextAsync("h1"));
        Assert.DoesNotContain("₹", await other.TextAsync("main"), StringComparison.Ordinal);
        Assert.Empty(await other.AccessibilityViolationsAsync());

        await page.EvaluateAsync<object>("window.confirm = () => true; null");
        await page.ClickAsync("[data-test=end-link]");
        await page.UntilAsync("!document.querySelector('[data-link]')");
        await other.GoAsync("");
        await other.GoAsync(new Uri(address).Fragment[2..]);
        await other.UntilAsync("document.querySelector('[data-test=link-gone]')");
        Assert.Empty(page.Errors.Concat(other.Errors));
    }

    /// <summary>However long the list, only what is on the screen is drawn; the others are there when one scrolls.</summary>
    [BrowserFact]
    public async Task Holdings_OfManyRows_AreDrawnWhereTheyAreSeen()
    {
        string id = await AccountAsync("Of many");
        StringBuilder file = new("Date,Code,Currency,Price,Quantity,Action,Fee\n");
        for (int row = 0; row < Rows; row++)
        {
            file.Append(CultureInfo.InvariantCulture, $"12/11/2021,MANY-{row:D5},INR,{row + 1},1,buy,0\n");
        }

        using HttpClient http = await server.ClientAsync(Person);
        await GiveawayPages.SendAsync(http, $"portfolios/{id}/imports", new { content = file.ToString(), duplicates = "keep" });
        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}", Person);
        await page.UntilAsync($"document.querySelector('[data-test=holdings]')?.getAttribute('aria-rowcount') === '{Rows + 1}'");
        await page.ClickAsync("[data-test=sort-symbol]");
        await page.UntilAsync("document.querySelector('[data-symbol]').dataset.symbol === 'MANY-00000'");
        await page.EvaluateAsync<bool>("(document.querySelector('.list').scrollTop = 1e6) > 0");
        await page.UntilAsync($"document.querySelector('[data-symbol=MANY-{Rows - 1:D5}]')");
        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('[data-symbol]').length"), 5, 60);
        Assert.Empty(page.Errors);
    }

    private async Task<string> AccountAsync(string name)
    {
        using HttpClient http = await server.ClientAsync(Person);
        JsonElement made = await GiveawayPages.SendAsync(http, "portfolios", new { name, currency = "INR" });
        return made.GetProperty("id").GetString()!;
    }
}
