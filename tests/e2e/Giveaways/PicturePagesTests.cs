using System.Text.Json;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Identity;
using FinVault.Tests.Support;
using FinVault.Tests.Uploads;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>Pictures of a giveaway and of its prizes, from the host's disk to everybody's page.</summary>
[Collection(UploadTests.Name)]
public sealed class PicturePagesTests(UploadApp app, Browser browser) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-pictures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BrowserFact]
    public async Task Pictures_ChosenInTheEditor_AreOnThePublicPage()
    {
        await app.PageIsThereAsync();
        using HttpClient host = new(new TestSessions.Handler(app.App.Sessions)) { BaseAddress = app.App.Host.BaseAddress };
        host.DefaultRequestHeaders.Authorization = app.App.Sessions.HeaderOf(People.Demo("harish"));
        DateTimeOffset now = app.Clock.GetUtcNow();
        JsonElement draft = await GiveawayPages.SendAsync(host, "giveaways", new
        {
            title = "With pictures",
            mode = "slotMachine",
            startsAt = now.AddHours(1),
            endsAt = now.AddHours(2),
            currency = "INR",
            prizes = new[] { new { title = "Airtime for a week", kind = "airtime", amount = 10_000, quantity = 2 } },
        });
        string id = draft.GetProperty("id").GetString()!;

        await using Page page = await browser.NewPageAsync(width: 900);
        await page.SignInAsync(app.App.Host.BaseAddress, await app.App.Sessions.BeginAsync(People.Demo("harish")));
        await page.GoToAsync(app.PageAt($"giveaways/{id}/edit"));
        string picture = Path.Combine(_folder, "picture.png");
        await page.ScreenshotAsync(picture);
        await page.ChooseFilesAsync("[data-test=file-eventImage]", picture);
        await page.UntilAsync("document.querySelector('[data-test=image-eventImage]')?.naturalWidth > 0");
        await page.ChooseFilesAsync("[data-test=file-prizeImage]", picture);
        await page.UntilAsync("document.querySelector('[data-test=image-prizeImage]')?.naturalWidth > 0");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await GiveawayPages.FundAsync(host);
        await GiveawayPages.SendAsync(host, $"giveaways/{id}/schedule", new { });
        await GiveawayPages.UntilAsync(host, $"giveaways/{id}", view => view.GetProperty("state").GetString() == "scheduled");
        await page.GoAsync($"g/{id}");
        await page.UntilAsync("document.querySelector('img.cover')?.naturalWidth > 0");
        await page.UntilAsync("document.querySelector('.prizes img')?.naturalWidth > 0");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }
}
