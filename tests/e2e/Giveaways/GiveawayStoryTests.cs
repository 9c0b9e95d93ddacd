using System.Globalization;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>The whole story on the pages that people use: shop, host, participants, branch, operator.</summary>
[Collection(BrowserTests.Name)]
public sealed class GiveawayStoryTests(Browser browser, MarketServer server)
{
    private const string Card = "Tea for two";
    private const string Title = "Tea and talk";

    [BrowserFact]
    public async Task Story_FromTheShopToTheBooks_IsToldOnThePages()
    {
        await using Page shop = await browser.OpenAsync(server, "shop/cards", "meera");
        await OpenShopAsync(shop);
        await using Page host = await browser.OpenAsync(server, "wallet", "harish");
        await FundAsync(host);
        await PlanAsync(host);
        string code = (await host.TextAsync("[data-test=join-code]"))!;
        string id = await host.EvaluateAsync<string>("location.hash.split('/').at(-1)");

        await using Page onlooker = await browser.OpenAsync(server, $"g/{id}");
        await onlooker.UntilAsync("document.querySelector('[data-test=countdown]')");
        await using Page first = await browser.OpenAsync(server, "giveaways");
        await first.PreferAsync("prefers-reduced-motion", "reduce");
        await first.FillAsync("[data-test=code]", code);
        await first.ClickAsync("[data-test=join]");
        await WinAsync(first, "Asha Rao", Card);
        await onlooker.UntilAsync($"document.querySelector('[data-test=winner]')?.innerText.includes('{Card}')");
        await onlooker.UntilAsync($"document.querySelector('[data-test=said]').innerText.includes('{Card}')");

        // By the link that is shared, and with the reels running.
        await using Page second = await browser.NewPageAsync(width: 390);
        await second.GoToAsync(new Uri(server.Address, $"g/{id}"));
        await WinAsync(second, "Bina Sen", "Airtime");
        await onlooker.UntilAsync("document.querySelector('[data-test=ended]')");
        await second.FillAsync("[data-test=phone]", "+919812345678");
        await second.ClickAsync("[data-test=claim]");
        await second.UntilAsync("document.querySelector('[data-test=own-prize]').innerText.includes('on its way')");

        await first.ClickAsync("[data-test=claim]");
        await first.UntilAsync("document.querySelector('[data-test=gift-code]')");
        string giftCode = (await first.TextAsync("[data-test=gift-code]"))!;
        await VerifyAsync(first, id);
        await RedeemAsync(shop, giftCode);
        await LookIntoTheBooksAsync(id);
        foreach (Page page in (Page[])[shop, host, onlooker, first, second])
        {
            Assert.Empty(page.Errors);
        }
    }

    private async Task OpenShopAsync(Page shop)
    {
        await shop.FillAsync("[data-test=shop-name]", "Chai Corner");
        await shop.FillAsync("[data-test=shop-email]", "chai@example.com");
        await shop.FillAsync("[data-test=shop-legal]", "Chai Corner Private Limited");
        await shop.FillAsync("[data-test=shop-registration]", "U55101KA2020PTC000001");
        await shop.FillAsync("[data-test=shop-bank]", "HDFC0000001-123456789");
        await shop.ClickAsync("[data-test=shop-save]");
        await shop.ClickAsync("[data-test=shop-submit]");
        await shop.UntilAsync("document.querySelector('[data-test=kyc]')?.innerText === 'Being checked'");

        await using Page operations = await browser.OpenAsync(server, "operations/merchants", "admin");
        await operations.ClickAsync("[data-test=kyc-approve]");
        await operations.UntilAsync("document.querySelector('[data-test=merchants] .pill.good')");

        await shop.GoToAsync(new Uri("about:blank"));
        await shop.GoToAsync(server.PageAt("shop/cards"));
        await shop.FillAsync("[data-test=branch-name]", "MG Road");
        await shop.FillAsync("[data-test=branch-address]", "12 MG Road, Bengaluru");
        await shop.ClickAsync("[data-test=branch-add]");
        await shop.UntilAsync("document.querySelector('[data-test=branches] b')");
        await shop.FillAsync("[data-test=card-name]", Card);
        await shop.ClickAsync("[data-test=card-add]");
        await shop.UntilAsync("document.querySelector('[data-test=cards] b')");
    }

    private static async Task FundAsync(Page host)
    {
        await host.UntilAsync("document.querySelector('[data-test=open-wallet], [data-test=top-up]')");
        if (await host.EvaluateAsync<bool>("document.querySelector('[data-test=open-wallet]') !== null"))
        {
            await host.ClickAsync("[data-test=open-wallet]");
        }

        await host.FillAsync("[data-test=amount]", "20,000");
        await host.ClickAsync("[data-test=top-up]");
        await host.UntilAsync("document.querySelector('[data-test=topped-up]')?.innerText.includes('arrived')");
    }

    private async Task PlanAsync(Page host)
    {
        await host.GoToAsync(new Uri("about:blank"));
        await host.GoToAsync(server.PageAt("giveaways/new"));
        await host.FillAsync("[data-test=title]", Title);
        await host.SetAsync("[data-test=starts]", await LocalTimeAsync(host, seconds: -5));
        await host.SetAsync("[data-test=ends]", await LocalTimeAsync(host, seconds: 600));
        await host.FillAsync("[data-test=final-window]", "600");
        await host.UntilAsync($"document.querySelector('[data-test=card]')?.options.length > 1");
        await host.SetAsync("[data-test=card]", await host.EvaluateAsync<string>(
            $"[...document.querySelector('[data-test=card]').options].find((option) => option.text.includes('{Card}')).value"));
        await host.ClickAsync("[data-test=add-airtime]");
        await host.FillAsync("[data-test=prize]:nth-of-type(2) [data-test=airtime]", "100");
        await host.FillAsync("[data-test=prize]:nth-of-type(2) [data-test=prize-title]", "Airtime");
        Assert.Equal("₹600.00", await host.TextAsync("[data-test=value]"));
        await host.ClickAsync("[data-test=save]");
        await host.ClickAsync("[data-test=schedule]");
        await host.UntilAsync("document.querySelector('[data-test=state]')?.innerText === 'Running'");
        await host.UntilAsync("document.querySelector('[data-test=qr]')?.naturalWidth > 0");
    }

    private static async Task WinAsync(Page page, string name, string prize)
    {
        await page.FillAsync("[data-test=name]", name);
        await page.FillAsync("[data-test=contact]", $"{name.Split(' ')[0]}@example.com");
        await page.ClickAsync("[data-test=accept]");
        await page.ClickAsync("[data-test=register]");
        await page.UntilAsync("document.querySelector('[data-test=attempt]:not(:disabled)')");
        await page.ClickAsync("[data-test=attempt]");
        await page.UntilAsync($"document.querySelector('[data-test=told]').innerText.includes('You have won: {prize}')");
        await page.UntilAsync("document.querySelector('[data-test=own-prize]') && document.querySelector('[data-test=receipt]')");
    }

    private async Task VerifyAsync(Page page, string id)
    {
        await page.ClickAsync("[data-test=to-verify]");
        await page.UntilAsync("document.querySelector('[data-test=verdict]')?.dataset.verified === 'true'");
        Assert.Contains("your own receipt", await page.TextAsync("[data-test=steps]"), StringComparison.Ordinal);
        Assert.Equal(server.PageAt($"g/{id}/verify").AbsoluteUri, await page.EvaluateAsync<string>("location.href"));
    }

    private async Task RedeemAsync(Page shop, string code)
    {
        await shop.GoToAsync(new Uri("about:blank"));
        await shop.GoToAsync(server.PageAt("shop"));
        await shop.UntilAsync("document.querySelector('[data-test=branch]')?.value");
        await shop.FillAsync("[data-test=gift-code]", code.ToLower(CultureInfo.InvariantCulture).Replace('-', ' '));
        await shop.ClickAsync("[data-test=look-up]:not(:disabled)");
        await shop.UntilAsync("document.querySelector('[data-test=worth]')?.innerText === '₹500.00'");
        await shop.ClickAsync("[data-test=confirm]");
        await shop.UntilAsync("document.querySelector('[data-test=redeemed]')");
        await shop.UntilAsync("document.querySelector('[data-test=today-sum]').innerText.includes('500.00')");

        await shop.GoToAsync(new Uri("about:blank"));
        await shop.GoToAsync(server.PageAt("shop/money"));
        await shop.UntilAsync("/^₹4\\d\\d\\./.test(document.querySelector('[data-test=earned]')?.innerText)");
        await shop.FillAsync("[data-test=withdraw-amount]", "100");
        await shop.ClickAsync("[data-test=withdraw]:not(:disabled)");
        await shop.UntilAsync("document.querySelector('[data-test=withdrawals] tr[data-state=completed]')");
    }

    private async Task LookIntoTheBooksAsync(string id)
    {
        await using Page books = await browser.OpenAsync(server, "operations", "admin");
        await books.UntilAsync("document.querySelector('[data-test=balanced]')?.innerText === 'Balanced'");
        Assert.Equal("₹0.00", await books.TextAsync("[data-currency=INR] [data-test=total]"));
        await books.ClickAsync("[data-test=open-ESCROW]");
        await books.UntilAsync("document.querySelectorAll('[data-test=entries] tbody tr').length > 1");
        await books.ClickAsync("[data-test=verify-journal]");
        await books.UntilAsync("document.querySelector('[data-test=journal-check]')?.innerText.startsWith('Intact')");

        await using Page sagas = await browser.OpenAsync(server, "operations/sagas", "admin");
        await sagas.FillAsync("[data-test=saga-prefix]", id);
        await sagas.PressAsync("Enter");
        await sagas.UntilAsync($"document.querySelector('[data-test=sagas] a')?.href.includes('{id}')");
        await sagas.ClickAsync($"[data-test=sagas] a[href$='{id}']");
        await sagas.UntilAsync("document.querySelectorAll('[data-test=step]').length > 3");
        await sagas.ClickAsync("[data-test=suspend]");
        await sagas.FillAsync("[data-test=suspend-reason]", "Looking into it");
        await sagas.ClickAsync("[data-test=suspend-confirm]");
        await sagas.ClickAsync("[data-test=resume]");
        await sagas.FillAsync("[data-test=resume-reason]", "All is well");
        await sagas.ClickAsync("[data-test=resume-confirm]");
        await sagas.UntilAsync("document.querySelector('[data-test=timeline]').innerText.includes('Looking into it')");
        Assert.Empty(books.Errors);
        Assert.Empty(sagas.Errors);
    }

    // As the field takes it, in the browser's own zone.
    private static Task<string> LocalTimeAsync(Page page, int seconds) => page.EvaluateAsync<string>($$"""
        new Date(Date.now() + {{seconds}} * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19)
        """);
}
