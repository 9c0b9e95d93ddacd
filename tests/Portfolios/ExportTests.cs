using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using FinVault.Tests.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Portfolios;

/// <summary>An export is a job; its file has everything, and only its owner is told where it is.</summary>
[Collection(UploadTests.Name)]
public sealed class ExportTests(UploadApp uploads)
{
    [NodeFact]
    public async Task Export_IsOneArchiveOfEverything_ForItsOwnerAlone()
    {
        AppHost app = uploads.App;
        app.SignIn(UploadApp.Somebody());
        string account = await OpenAsync(app, "=SUM(A1)");
        await app.PostJsonAsync(
            $"api/v1/portfolios/{account}/transactions", PortfolioApp.Trade("buy", "TCS", 10, 101.25m, "2024-01-02"));
        await app.PostJsonAsync(
            $"api/v1/portfolios/{account}/transactions", PortfolioApp.Trade("sell", "TCS", 4, 110, "2024-01-03"));
        string job = await ExportAsync(app);
        JsonElement file = await app.GetJsonAsync($"api/v1/portfolios/exports/{job}");

        using HttpClient anybody = new();
        byte[] bytes = await anybody.GetByteArrayAsync(new Uri(file.GetProperty("url").GetString()!));
        Assert.Equal(PortfolioApp.TextOf(file, "sha256"), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        using ZipArchive archive = new(new MemoryStream(bytes));
        JsonElement json = JsonElement.Parse(Read(archive, "portfolio.json"));
        Assert.Equal(2, json.GetProperty("accounts")[0].GetProperty("transactions").GetArrayLength());
        Assert.Equal(1, json.GetProperty("accounts")[0].GetProperty("closedLots").GetArrayLength());
        string[] trades = Read(archive, "transactions.csv").Split("\r\n");
        Assert.Equal((4, ""), (trades.Length, trades[^1]));
        Assert.Contains(",1012.5,", trades[1], StringComparison.Ordinal);
        Assert.Contains(",'=SUM(A1),", Read(archive, "accounts.csv"), StringComparison.Ordinal);
        Assert.Contains(",6,", Read(archive, "lots.csv"), StringComparison.Ordinal);

        app.SignIn(UploadApp.Somebody());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, job));
    }

    [NodeFact]
    public async Task Export_IsThereForAWeek_AndThenIsSwept()
    {
        // A clock of its own: URLs of the other tests are judged by the true time.
        ManualClock clock = new(DateTimeOffset.UtcNow);
        await using AppHost app = await uploads.BesideAsync(clock);
        CurrentUser owner = UploadApp.Somebody();
        app.SignIn(owner);
        await OpenAsync(app);
        string job = await ExportAsync(app);

        clock.Jump(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, job));
        Assert.Equal([$"{Exports.FolderOf(owner.UserId)}{job}.zip"], await FilesAsync(owner));

        clock.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, job));
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Jump(TimeSpan.FromMilliseconds(50));
                return (await FilesAsync(owner)).Count == 0;
            },
            "the sweep");
    }

    [NodeFact]
    public async Task Erased_TheirExportsAreGone_AndNobodyElses()
    {
        AppHost app = uploads.App;
        CurrentUser[] users = [UploadApp.Somebody(), UploadApp.Somebody()];
        foreach (CurrentUser user in users)
        {
            app.SignIn(user);
            await OpenAsync(app);
            await ExportAsync(app);
            Assert.Single(await FilesAsync(user));
        }

        await app.Host.Services.GetRequiredService<Erasure>().EraseAsync(new(users[0].UserId, "portfolios"), default);

        Assert.Empty(await FilesAsync(users[0]));
        Assert.Single(await FilesAsync(users[1]));
    }

    private Task<IReadOnlyList<string>> FilesAsync(CurrentUser owner) =>
        uploads.PrivateAsync(Exports.FolderOf(owner.UserId));

    private static async Task<string> OpenAsync(AppHost app, string name = "Mine") => (await app.PostJsonAsync(
        "api/v1/portfolios", new { name, currency = "INR", lotMethod = "fifo", tracksCash = false }))
        .GetProperty("id").GetString()!;

    /// <summary>Waits for the file; its job.</summary>
    private static async Task<string> ExportAsync(AppHost app)
    {
        string job = (await app.PostJsonAsync("api/v1/portfolios/exports", new { })).GetProperty("jobId").GetString()!;
        string? status = null;
        await Eventually.TrueAsync(
            async () =>
            {
                status = PortfolioApp.TextOf(await app.GetJsonAsync($"api/v1/jobs/{job}"), "status");
                return status is "completed" or "failed";
            },
            "the export");
        Assert.Equal("completed", status);
        return job;
    }

    private static async Task<HttpStatusCode> StatusAsync(AppHost app, string job)
    {
        using HttpResponseMessage answer = await app.Client.GetAsync(
            new Uri($"api/v1/portfolios/exports/{job}", UriKind.Relative));
        return answer.StatusCode;
    }

    private static string Read(ZipArchive archive, string name)
    {
        using StreamReader reader = new(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
