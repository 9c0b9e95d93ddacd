using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Identity;
using FinVault.Tests.Portfolios;
using FinVault.Tests.Support;
using FinVault.Tests.Uploads;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>All of a portfolio, from the button to a file on somebody's disk.</summary>
[Collection(UploadTests.Name)]
public sealed class ExportPageTests(UploadApp app, Browser browser) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BrowserFact]
    public async Task Export_IsMade_Saved_AndFoundAgain()
    {
        await app.PageIsThereAsync();
        CurrentUser owner = UploadApp.Somebody();
        await RecordAsync(owner);
        await using Page page = await browser.NewPageAsync(width: 360);
        await page.SaveIntoAsync(_folder);
        await page.SignInAsync(app.App.Host.BaseAddress, await app.App.Sessions.BeginAsync(owner));
        await page.GoToAsync(app.PageAt("portfolio/sharing"));
        await page.ClickAsync("[data-test=export]");
        await page.SeesAsync("exported");
        Assert.Contains("one account, 1 transaction.", await page.TextAsync("[data-test=exported]"), StringComparison.Ordinal);
        Assert.Empty(await page.AccessibilityViolationsAsync());
        string sha256 = (await page.TextAsync("[data-test=export-digest]"))!;

        await page.ClickAsync("[data-test=fetch-export]");
        await Eventually.TrueAsync(() => Saved(sha256) is not null, "the file that the page tells of");
        using ZipArchive archive = await ZipFile.OpenReadAsync(Saved(sha256)!);
        using StreamReader reader = new(archive.GetEntry("portfolio.json")!.Open());
        JsonElement account = JsonElement.Parse(await reader.ReadToEndAsync()).GetProperty("accounts")[0];
        Assert.Equal("TCS", account.GetProperty("transactions")[0].GetProperty("symbol").GetString());

        // Whoever comes back another day need not have it made again.
        await page.GoAsync("");
        await page.UntilAsync("!document.querySelector('[data-test=export]')");
        await page.GoAsync("portfolio/sharing");
        await page.SeesAsync("fetch-export");
        Assert.Empty(page.Errors);
    }

    private async Task RecordAsync(CurrentUser owner)
    {
        using HttpClient http = new(new TestSessions.Handler(app.App.Sessions)) { BaseAddress = app.App.Host.BaseAddress };
        http.DefaultRequestHeaders.Authorization = app.App.Sessions.HeaderOf(owner);
        JsonElement made = await GiveawayPages.SendAsync(http, "portfolios", new { name = "Taken away", currency = "INR" });
        await GiveawayPages.SendAsync(
            http, $"portfolios/{made.GetProperty("id").GetString()}/transactions",
            PortfolioApp.Trade("buy", "TCS", 10, 101.25m, "2024-01-02"));
    }

    /// <summary>Where a file with these bytes is; null while there is none, or it is not whole yet.</summary>
    private string? Saved(string sha256) => Directory.GetFiles(_folder, "*.zip").FirstOrDefault(
        file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) == sha256);
}
