using System.Text.Json;
using FinVault.Platform;
using FinVault.Tests.E2e;
using FinVault.Tests.E2e.Chrome;
using FinVault.Uploads;

namespace FinVault.Tests.Uploads;

/// <summary>A browser's own fetch, from the web client's origin, against Blob Storage on another.</summary>
[Collection(UploadTests.Name)]
public sealed class BrowserFetchTests(UploadApp app, Browser browser)
{
    [BrowserFact]
    public async Task TenFiles_PutAtOnceByFetch_AreAllConfirmed()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload[] signed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => user.PresignPictureAsync(file)));
        await using Page page = await browser.NewPageAsync();
        await app.PageIsThereAsync();
        await page.GoToAsync(app.App.Host.BaseAddress);

        int[] statuses = await page.EvaluateAsync<int[]>($$"""
            Promise.all({{JsonSerializer.Serialize(signed, Json.Options)}}.map((to) => fetch(to.url, {
              method: 'PUT', headers: to.headers,
              body: Uint8Array.from(atob('{{Convert.ToBase64String(file.Bytes)}}'), (c) => c.charCodeAt(0)),
            }).then((answer) => answer.status)))
            """);

        Assert.Equal(Enumerable.Repeat(201, 10), statuses);
        foreach (SignedUpload one in signed)
        {
            Assert.True((await user.ConfirmAsync(one.ObjectKey)).IsSuccess);
            Assert.Empty(await app.WaitingAsync(one.UploadId));
        }
    }

    [BrowserFact]
    public async Task Fetch_FromAnotherOrigin_IsNotLetIn()
    {
        TestFile file = TestFile.Png();
        SignedUpload signed = await app.As(UploadApp.Somebody()).PresignPictureAsync(file);
        await using Page page = await browser.NewPageAsync();
        await page.GoToAsync(new Uri("data:text/html,<p>Somebody else's page.</p>"));

        string outcome = await page.EvaluateAsync<string>($$"""
            fetch('{{signed.Url}}', { method: 'PUT', headers: {{JsonSerializer.Serialize(signed.Headers)}}, body: 'x' })
              .then((answer) => `answered ${answer.status}`, (refused) => refused.name)
            """);

        Assert.Equal("TypeError", outcome);
        Assert.Empty(await app.WaitingAsync(signed.UploadId));
    }
}
