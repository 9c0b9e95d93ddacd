using System.Net;
using System.Net.Http.Headers;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Web;

/// <summary>The web client is built when its sources changed, and served as browsers like it.</summary>
public sealed class WebClientTests : IDisposable
{
    private readonly string _web = Directory.CreateTempSubdirectory("finvault-web-").FullName;

    public WebClientTests()
    {
        File.WriteAllText(Path.Combine(_web, "package.json"), """{ "name": "w", "scripts": { "build": "node build.mjs" } }""");
        File.WriteAllText(Path.Combine(_web, "source.txt"), "one");
        File.WriteAllText(Path.Combine(_web, "build.mjs"), """
            import { mkdirSync, rmSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs'
            import { brotliCompressSync } from 'node:zlib'
            mkdirSync('test-results', { recursive: true })
            appendFileSync('test-results/builds', 'x')
            rmSync('dist', { recursive: true, force: true })
            mkdirSync('dist/assets', { recursive: true })
            const page = `<p>${readFileSync('source.txt', 'utf8')}</p>`
            writeFileSync('dist/index.html', page)
            writeFileSync('dist/assets/app-1a2b.js', 'let a')
            writeFileSync('dist/assets/app-1a2b.js.br', brotliCompressSync('let a'))
            """);
    }

    private int Builds => File.ReadAllText(Path.Combine(_web, "test-results", "builds")).Length;

    [NodeFact]
    public async Task Client_IsBuiltOnce_AndAgainWhenASourceChanged()
    {
        await using (AppHost first = await StartAsync())
        {
            Assert.Equal("<p>one</p>", await PageAsync(first, "/"));
        }

        await using (AppHost second = await StartAsync())
        {
            Assert.Equal("<p>one</p>", await PageAsync(second, "/"));
            Assert.Equal(1, Builds);
        }

        await File.WriteAllTextAsync(Path.Combine(_web, "source.txt"), "two");
        await using AppHost third = await StartAsync();
        Assert.Equal("<p>two</p>", await PageAsync(third, "/"));
        Assert.Equal(2, Builds);
    }

    [NodeFact]
    public async Task Client_IsServedWithItsCacheRules_AndItsOwnPaths()
    {
        await using AppHost app = await StartAsync();

        Assert.Equal("<p>one</p>", await PageAsync(app, "/symbols/SAMPLE-A"));
        using HttpResponseMessage page = await app.Client.GetAsync("/");
        using HttpResponseMessage asset = await app.Client.GetAsync("/assets/app-1a2b.js");
        var compressed = new HttpRequestMessage(HttpMethod.Get, "/assets/app-1a2b.js");
        compressed.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using HttpResponseMessage brotli = await app.Client.SendAsync(compressed);
        var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using HttpResponseMessage unchanged = await app.Client.SendAsync(again);

        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", asset.Headers.CacheControl!.ToString());
        Assert.Equal("let a", await asset.Content.ReadAsStringAsync());
        Assert.Empty(asset.Content.Headers.ContentEncoding);
        Assert.Equal(["br"], brotli.Content.Headers.ContentEncoding);
        Assert.Equal("text/javascript", brotli.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [NodeFact]
    public async Task WhatIsNotOfTheClient_IsNotFound()
    {
        await using AppHost app = await StartAsync();
        await PageAsync(app, "/");

        foreach (string path in (string[])["/assets/other.js", "/.sources", "/..%2fpackage.json", "/api/v1/nothing"])
        {
            using HttpResponseMessage answer = await app.Client.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path} answered {answer.StatusCode}.");
        }
    }

    [NodeFact]
    public async Task ABuildThatFails_IsExplained_AndTheApiWorks()
    {
        await File.WriteAllTextAsync(Path.Combine(_web, "build.mjs"), "process.exit(3)");
        await using AppHost app = await StartAsync();

        await Eventually.TrueAsync(
            async () => (await ReadAsync(app, "/")).Contains("ended with 3", StringComparison.Ordinal), "the failure is explained");
        using HttpResponseMessage api = await app.Client.GetAsync("/api/v1/nothing");

        Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
    }

    public void Dispose() => Directory.Delete(_web, recursive: true);

    private Task<AppHost> StartAsync() =>
        AppHost.WithFunctionsAsync([], options: AppHost.Defaults with { Web = true, WebSources = _web });

    private static async Task<string> PageAsync(AppHost app, string path)
    {
        string text = "";
        await Eventually.TrueAsync(
            async () => (text = await ReadAsync(app, path)).StartsWith("<p>", StringComparison.Ordinal), "the page is served");
        return text;
    }

    private static async Task<string> ReadAsync(AppHost app, string path)
    {
        using HttpResponseMessage answer = await app.Client.GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }
}
