using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Uploads;
using FinVault.Uploads;

namespace FinVault.Tests.E2e;

/// <summary>The upload control on the profile page, used as a person uses it: with a file from the disk.</summary>
[Collection(UploadTests.Name)]
public sealed class ProfilePageTests(UploadApp app, Browser browser) : IDisposable
{
    private const int Documents = 10;
    private const int LargeBytes = 200 * 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BrowserFact]
    public async Task Picture_WhenChosen_IsUploadedAndShown()
    {
        await using Page page = await SignInAsync("asha");
        string picture = Path.Combine(_folder, "me.png");
        await page.ScreenshotAsync(picture);

        await page.ChooseFilesAsync("[data-test=file-profilePicture]", picture);

        await page.UntilAsync("document.querySelector('[data-test=upload][data-state=done]')");
        await page.UntilAsync("document.querySelector('[data-test=picture]')?.naturalWidth > 0");
        Assert.Contains("/media/profilePicture/", await page.EvaluateAsync<string>(
            "document.querySelector('[data-test=picture]').src"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('[data-test=upload] img').naturalWidth > 0"));
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Program_NamedPng_IsRefusedInWords()
    {
        await using Page page = await SignInAsync("harish");
        string program = Keep("holiday.png", TestFile.Executable());

        await page.ChooseFilesAsync("[data-test=file-profilePicture]", program);

        await page.UntilAsync("document.querySelector('[data-test=upload][data-state=failed]')");
        Assert.Equal(
            "The file is not what its name says, so it was removed.", await page.TextAsync("[data-test=upload-state]"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task File_ThatIsTooLarge_IsRefusedBeforeAnythingIsSent()
    {
        await using Page page = await SignInAsync("asha");
        string large = Keep("large.png", TestFile.Png((5 * 1024 * 1024) + 1));

        await page.ChooseFilesAsync("[data-test=file-profilePicture]", large);

        await page.UntilAsync("document.querySelector('[data-test=upload-refused]')");
        Assert.Contains("too large", await page.TextAsync("[data-test=upload-refused]"), StringComparison.Ordinal);
        Assert.False(await page.EvaluateAsync<bool>("document.querySelector('[data-test=upload]') !== null"));
    }

    [BrowserFact]
    public async Task TenDocuments_ChosenTogether_AreAllUploaded()
    {
        await using Page page = await SignInAsync("meera");
        string[] files = [.. Enumerable.Range(0, Documents).Select(i => Keep($"licence-{i}.pdf", TestFile.Pdf()))];

        await page.ChooseFilesAsync("[data-test=file-merchantDocument]", files);

        await page.UntilAsync($"document.querySelectorAll('[data-test=upload][data-state=done]').length === {Documents}");
        Assert.Equal("[]", await page.EvaluateAsync<string>("localStorage.getItem('finvault.uploads')"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task TwoHundredMegabytes_ReloadedAndCancelledInTheMiddle_GoOnWhereTheyWere()
    {
        await using Page page = await SignInAsync("meera");
        string file = Keep("accounts.pdf", TestFile.Pdf(LargeBytes));
        await page.ChooseFilesAsync("[data-test=file-merchantDocument]", file);
        await SentAsync(page, percent: 20);
        string upload = await page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('finvault.uploads'))[0].uploadId");

        await page.GoToAsync(new Uri("about:blank"));
        await page.GoToAsync(app.PageAt("profile"));
        await page.UntilAsync("document.querySelector('[data-test=upload-left]')?.innerText.includes('accounts.pdf')");
        await page.ChooseFilesAsync("[data-test=file-merchantDocument]", file);
        await page.UntilAsync("document.querySelector('[data-test=upload-state]')?.innerText.includes('went on at')");
        await page.ClickAsync("[data-test=upload-cancel]");
        await page.UntilAsync("document.querySelector('[data-test=upload-state]').innerText === 'Cancelled'");
        Assert.Equal([$"{UploadBlobs.Quarantine}/{upload}"], await app.WaitingAsync(upload));

        await page.ClickAsync("[data-test=upload-again]");
        await page.UntilAsync("document.querySelector('[data-test=upload][data-state=done]')");
        Assert.Empty(await app.WaitingAsync(upload));
        Assert.Equal("[]", await page.EvaluateAsync<string>("localStorage.getItem('finvault.uploads')"));
        Assert.Empty(page.Errors);
    }

    private static Task SentAsync(Page page, int percent) =>
        page.UntilAsync($"document.querySelector('[data-test=upload][data-state=sending] progress')?.value >= {percent}");

    private string Keep(string name, TestFile file)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, file.Bytes);
        return path;
    }

    private async Task<Page> SignInAsync(string user)
    {
        await app.PageIsThereAsync();
        Page page = await browser.NewPageAsync(width: 900);
        await page.SignInAsync(app.App.Host.BaseAddress, await app.App.Sessions.BeginAsync(People.Demo(user)));
        await page.GoToAsync(app.PageAt("profile"));
        await page.UntilAsync("document.querySelector('[data-test=file-profilePicture]')");
        return page;
    }
}
