using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FinVault.Tests.Support;
using FinVault.Tests.Uploads;

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
        string account = (await app.PostJsonAsync(
            "api/v1/portfolios", new { name = "=SUM(A1)", currency = "INR", lotMethod = "fifo", tracksCash = false }))
            .GetProperty("id").GetString()!;
        await app.PostJsonAsync(
            $"api/v1/portfolios/{account}/transactions", PortfolioApp.Trade("buy", "TCS", 10, 101.25m, "2024-01-02"));
        await app.PostJsonAsync(
            $"api/v1/portfolios/{account}/transactions", PortfolioApp.Trade("sell", "TCS", 4, 110, "2024-01-03"));
        string job = (await app.PostJsonAsync("api/v1/portfolios/exports", new { })).GetProperty("jobId").GetString()!;
        JsonElement done = default;
        await Eventually.TrueAsync(
            async () =>
            {
                done = await app.GetJsonAsync($"api/v1/jobs/{job}");
                return PortfolioApp.TextOf(done, "status") is "completed" or "failed";
            },
            "the export");
        Assert.Equal("completed", PortfolioApp.TextOf(done, "status"));
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
        using HttpResponseMessage other = await app.Client.GetAsync(
            new Uri($"api/v1/portfolios/exports/{job}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    private static string Read(ZipArchive archive, string name)
    {
        using StreamReader reader = new(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
