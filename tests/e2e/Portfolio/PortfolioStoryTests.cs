using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Identity;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>An investor's way through the pages, in a real browser, at the prices of a running feed.</summary>
[Collection(BrowserTests.Name)]
public sealed class PortfolioStoryTests(MarketServer server, Browser browser)
{
    private const string Header = "Date,Code,Currency,Price,Quantity,Action,Fee\n";
    private const string GoodRow = "12/11/2021,TEST-BORAX,INR,36.50,2,buy,10\n";
    private const string PriceOfGold = $"document.querySelector('[data-symbol={PortfolioPages.Gold}] [data-test=price]')?.innerText";

    [BrowserFact]
    public async Task Investor_OpensAnAccountBuysAndSeesValuesMove()
    {
        await using Page page = await browser.OpenAsync(server, "portfolio", "meera");
        string id = await OpenAccountAsync(page, "First steps");
        await BuyAsync(page, id, PortfolioPages.Gold, "10", "1,000.50");
        await BuyAsync(page, id, PortfolioPages.Argon, "2.5", "80");

        await page.GoAsync($"portfolio/{id}");
        await page.UntilAsync("document.querySelectorAll('[data-symbol] [data-test=price]').length === 2");
        await page.UntilAsync("document.querySelector('[data-symbol]').innerText.includes('as of')");
        string before = await page.EvaluateAsync<string>(PriceOfGold);
        string value = (await page.TextAsync("[data-test=value]"))!;
        await page.UntilAsync($"{PriceOfGold} !== '{before}'");
        await page.UntilAsync($"document.querySelector('[data-test=value]').innerText.trim() !== '{value}'");
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('[data-test=unavailable]').length"));

        await page.ClickAsync($"[data-symbol={PortfolioPages.Gold}] a");
        await page.UntilAsync("document.querySelectorAll('[data-test=open-lots] tbody tr').length === 1");
        Assert.Contains("₹10,005.00", await page.TextAsync("[data-test=open-lots]"), StringComparison.Ordinal);

        await page.GoAsync($"portfolio/{id}/transactions");
        await page.ClickAsync("[data-transaction] [data-test=reverse]");
        await page.FillAsync("dialog[open] [data-test=reverse-reason]", "It was never bought.");
        await page.ClickAsync("dialog[open] [data-test=reverse-confirm]");
        await page.UntilAsync("document.querySelectorAll('tr.over').length === 2");
        await page.GoAsync($"portfolio/{id}");
        await page.UntilAsync("document.querySelectorAll('[data-symbol]').length === 1");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Investor_SeesABadRow_ImportsTheMendedFile_AndUndoesIt()
    {
        using ScratchFile bad = new("bad.csv", Header + GoodRow + "13/11/2021,TEST-BORAX,INR,cheap,2,buy,0\n");
        using ScratchFile good = new("good.csv", Header + GoodRow);
        string id = await server.AccountAsync("meera", "A broker’s file");
        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}/import", "meera");
        await page.ChooseFilesAsync("[data-test=file]", bad.Path);
        await page.UntilAsync("document.querySelectorAll('[data-test=import-rows] [data-state=error]').length === 1");
        Assert.Contains("“cheap” is no number", await page.TextAsync("[data-state=error]"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('[data-test=import]').disabled"));
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.ChooseFilesAsync("[data-test=file]", good.Path);
        await page.UntilAsync("document.querySelector('[data-test=import]')?.disabled === false");
        await page.ClickAsync("[data-test=import]");
        await page.UntilAsync("document.querySelector('[data-test=imports] [data-state=completed]')");
        // The same file once more brings nothing.
        await page.ClickAsync("[data-test=preview]");
        await page.UntilAsync("document.querySelector('[data-test=import-rows] [data-state=duplicate]')");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('[data-test=import]').disabled"));

        await page.EvaluateAsync<object>("window.confirm = () => true; null");
        await page.ClickAsync("[data-test=undo]");
        await page.UntilAsync("document.querySelector('[data-test=imports] [data-state=undone]')");
        await page.GoAsync($"portfolio/{id}");
        await page.UntilAsync($"document.querySelector('[data-symbol={PortfolioPages.Gold}]')");
        Assert.False(await page.EvaluateAsync<bool>("document.querySelector('[data-symbol=TEST-BORAX]') !== null"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Investor_WhoSellsShort_SaysSoWhenTheFileAsks()
    {
        using ScratchFile sales = new("short.csv", Header + GoodRow.Replace("buy", "sell", StringComparison.Ordinal));
        string id = await server.AccountAsync("meera", "Short sales");
        await using Page page = await browser.OpenAsync(server, $"portfolio/{id}/import", "meera");
        await page.ChooseFilesAsync("[data-test=file]", sales.Path);
        await page.UntilAsync("document.querySelector('[data-test=allow-short]')");
        Assert.Equal(1, await page.EvaluateAsync<int>("document.querySelectorAll('[data-state=error]').length"));
        await page.ClickAsync("[data-test=allow-short]");
        await page.UntilAsync("document.querySelector('[data-test=import]')?.disabled === false");
        await page.ClickAsync("[data-test=import]");
        await page.UntilAsync("document.querySelector('[data-test=imports] [data-state=completed]')");

        await page.GoAsync($"portfolio/{id}/holding/TEST-BORAX");
        await page.UntilAsync("document.querySelectorAll('[data-test=open-lots] tbody tr').length === 1");
        Assert.Contains("−2", await page.TextAsync("[data-test=open-lots]"), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    private static async Task<string> OpenAccountAsync(Page page, string name)
    {
        await page.UntilAsync("document.querySelector('[data-test=accounts] li')?.innerText.includes('Looking') === false");
        await page.EvaluateAsync<object>("document.querySelector('[data-test=open-account]').open = true; null");
        await page.FillAsync("[data-test=account-name]", name);
        await page.ClickAsync("[data-test=account-open]");
        await page.UntilAsync("location.hash.startsWith('#/portfolio/PACC_')");
        return await page.EvaluateAsync<string>("location.hash.split('/')[2]");
    }

    private static async Task BuyAsync(Page page, string account, string symbol, string quantity, string price)
    {
        await page.GoAsync($"portfolio/{account}/transactions");
        await page.FillAsync("[data-test=symbol]", symbol);
        await page.FillAsync("[data-test=quantity]", quantity);
        await page.FillAsync("[data-test=price-of-one]", price);
        await page.ClickAsync("[data-test=record]");
        await page.UntilAsync($"document.querySelector('[data-test=recorded]')?.innerText.includes('{symbol}')");
    }

    /// <summary>A file that is chosen and then goes.</summary>
    private sealed class ScratchFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finvault-import-");

        public ScratchFile(string name, string content)
        {
            Path = System.IO.Path.Combine(_folder.FullName, name);
            File.WriteAllText(Path, content);
        }

        public string Path { get; }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
