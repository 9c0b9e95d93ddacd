using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Portfolios;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Identity;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>Plans, losses worth taking and watchlists, in a real browser, at prices that stand still.</summary>
[Collection(BrowserTests.Name)]
public sealed class PlanPagesTests(MarketServer server, Browser browser) : IAsyncLifetime
{
    private const string Person = "harish";

    private readonly TickSource _feed = FeedOf(server);

    /// <summary>What costs 100 a unit.</summary>
    private string Cheap => _feed.Symbol(0);

    /// <summary>What costs 200 a unit.</summary>
    private string Dear => _feed.Symbol(1);

    public Task InitializeAsync() => _feed.SendAsync(_feed.TickOf(0, 0), _feed.TickOf(1, 0), _feed.TickOf(2, 0));

    public async Task DisposeAsync() => await _feed.DisposeAsync();

    private static TickSource FeedOf(MarketServer server) => new(server.Address, "PLANS", 3);

    [BrowserFact]
    public async Task Investor_SetsTargets_ReviewsEveryOrder_AndRecordsThem()
    {
        string id = await AccountAsync(
            Person, "To be balanced", new { kind = "deposit", currency = "INR", amount = 1_000_000, tradedAt = Ago(9) }, Buy(10, 100, 8));
        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}/rebalance", Person);
        await page.UntilAsync($"document.querySelector('[data-target={Cheap}] input')?.value === '10'");
        await page.FillAsync($"[data-target={Cheap}] input", "50");
        await page.FillAsync("[data-test=symbol]", Dear);
        await page.ClickAsync("[data-test=add-target]");
        await page.FillAsync($"[data-target={Dear}] input", "30");
        await page.UntilAsync("document.querySelector('[data-test=targets-sum]').innerText === '80.00%, 20.00% cash'");
        await page.ClickAsync("[data-test=make-plan]");

        // Of 10,000 half is 5,000: 40 more units. 3,000 are 15 of the other. 9,000 − 7,000 stay.
        await page.UntilAsync("document.querySelectorAll('[data-order]').length === 2");
        Assert.Contains("40", await page.TextAsync($"[data-order={Cheap}]"), StringComparison.Ordinal);
        Assert.Contains("₹3,000.00", await page.TextAsync($"[data-order={Dear}]"), StringComparison.Ordinal);
        Assert.StartsWith("₹2,000.00", await page.TextAsync("[data-test=cash-after]"), StringComparison.Ordinal);
        Assert.Contains("50.00%", await page.TextAsync($"[data-line={Cheap}] b"), StringComparison.Ordinal);
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.ClickAsync("[data-test=confirm-plan]");
        await page.UntilAsync("document.querySelector('[data-test=plan-confirmed]')?.innerText.startsWith('2 orders')");
        await page.GoAsync($"portfolio/{id}/transactions");
        await page.UntilAsync("document.querySelectorAll('[data-transaction] .pill.warn').length === 2");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task PlanOfTheNight_IsThereAtOnce_AndOnceItIsPutAwayInTheList()
    {
        string id = await AccountAsync(
            Person, "Drifts by night", new { kind = "deposit", currency = "INR", amount = 1_000_000, tradedAt = Ago(9) }, Buy(10, 100, 8));
        using HttpClient http = await server.ClientAsync(Person);
        await GiveawayPages.UntilAsync(
            http, $"market/quotes?symbols={Cheap}", answer => answer.GetProperty("data").GetArrayLength() == 1);
        using HttpResponseMessage set = await http.PutAsJsonAsync(
            new Uri($"api/v1/portfolios/{id}/targets", UriKind.Relative),
            new { rules = new { targets = new Dictionary<string, decimal> { [Cheap] = 0.5m } }, nightly = "propose" });
        set.EnsureSuccessStatusCode();
        Assert.True(await server.Get<Rebalances>().NightAsync(id, "2024-01-03", default));

        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}/rebalance", Person, width: 360);
        await page.UntilAsync("document.querySelector('[data-test=plan] h2')?.innerText.startsWith('Plan of the night')");
        await page.UntilAsync($"document.querySelector('[data-target={Cheap}] input')?.value === '50'");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.ClickAsync("[data-test=cancel-plan]");
        await page.UntilAsync("document.querySelector('[data-test=plans] [data-plan] .pill')?.innerText === 'put away'");
        Assert.Null(await page.TextAsync("[data-test=plan]"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Losses_TellTheWashSale_AreTriedAndSaved()
    {
        await AccountAsync("meera", "Held long", Buy(10, 150, 200));
        await AccountAsync("meera", "Bought lately", Buy(4, 110, 5));
        await using Page page = await browser.OpenAsync(server, "portfolio/tax-losses", "meera");
        await page.ClickAsync($"[data-loss={Cheap}] [data-test=try]");
        Assert.Contains("wash sale until", await page.TextAsync($"[data-loss={Cheap}]"), StringComparison.Ordinal);
        await page.ClickAsync("[data-test=try-out]");

        // Ten lose 50 each; of four of them the loss goes to those that were bought lately.
        await page.UntilAsync("document.querySelector('[data-test=tried]')");
        string tried = (await page.TextAsync("[data-test=tried]"))!;
        Assert.All(["−₹500.00", "₹200.00", "−₹300.00"], amount => Assert.Contains(amount, tried, StringComparison.Ordinal));
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.EvaluateAsync<object>("URL.createObjectURL = (file) => ((window.saved = file), '#'); null");
        await page.ClickAsync("[data-test=save-csv]");
        await page.UntilAsync("window.saved");
        Assert.Contains(Cheap, await page.EvaluateAsync<string>("window.saved.text()"), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Watchlist_IsMadeFilledOrderedAndDeleted()
    {
        await using Page page = await browser.OpenAsync(server, "portfolio/watchlists", Person);
        await page.FillAsync("[data-test=list-name]", "Followed");
        await page.ClickAsync("[data-test=make-list]");
        // Of its own, as the other tests reckon with prices that stand still.
        string moving = _feed.Symbol(2);
        foreach (string symbol in new[] { Cheap, moving, PortfolioPages.Unheard })
        {
            await page.FillAsync("[data-test=watchlist] [data-test=symbol]", symbol.ToLowerInvariant());
            await page.ClickAsync("[data-test=add-symbol]");
            await page.UntilAsync($"document.querySelector('[data-watched={symbol}]')");
        }

        await page.UntilAsync($"document.querySelector('[data-watched={moving}] [data-test=price]')?.innerText === '300.00'");
        Assert.Contains("Unavailable", await page.TextAsync($"[data-watched={PortfolioPages.Unheard}]"), StringComparison.Ordinal);
        await _feed.SendAsync(_feed.TickOf(2, 1));
        await page.UntilAsync($"document.querySelector('[data-watched={moving}] [data-test=price]').innerText === '300.05'");

        await page.ClickAsync("[data-test=edit-list]");
        await page.ClickAsync($"[data-watched={moving}] [data-test=move-up]");
        await page.UntilAsync($"document.querySelector('[data-watched]').dataset.watched === '{moving}'");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.ClickAsync($"[data-watched={Cheap}] [data-test=take-off]");
        await page.UntilAsync("document.querySelectorAll('[data-watched]').length === 2");
        await page.EvaluateAsync<object>("window.confirm = () => true; null");
        await page.ClickAsync("[data-test=delete-list]");
        await page.UntilAsync("document.querySelector('[data-test=no-lists]')");
        Assert.Empty(page.Errors);
    }

    private async Task<string> AccountAsync(string user, string name, params object[] transactions)
    {
        using HttpClient http = await server.ClientAsync(user);
        JsonElement made = await GiveawayPages.SendAsync(http, "portfolios", new { name, currency = "INR", tracksCash = transactions.Length > 1 });
        string id = made.GetProperty("id").GetString()!;
        await GiveawayPages.SendAsync(http, $"portfolios/{id}/transactions/batch", new { transactions });
        return id;
    }

    private object Buy(int quantity, int price, int daysAgo) =>
        new { kind = "buy", currency = "INR", symbol = Cheap, quantity, price, tradedAt = Ago(daysAgo) };

    private static DateTimeOffset Ago(int days) => DateTimeOffset.UtcNow.AddDays(-days);
}
