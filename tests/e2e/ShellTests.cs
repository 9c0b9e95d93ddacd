using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using FinVault.Tests.E2e.Portfolio;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

/// <summary>What the document shows and asks for by itself, before the client's code is there, and how that takes over.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class ShellTests(Browser browser, MarketServer server)
{
    /// <summary>When the document is read to its end and none of its modules has run yet.</summary>
    private const string LookBeforeTheClient = """
        window.before = { asked: [] };
        const ordinary = window.fetch;
        window.fetch = (to, how) => {
          if (!new Error().stack.includes('/assets/')) before.asked.push(`${how.method} ${to}`);
          return ordinary(to, how);
        };
        document.addEventListener('readystatechange', () => {
          if (document.readyState !== 'interactive') return;
          const app = document.getElementById('app');
          Object.assign(before, { text: app.innerText, bar: app.querySelector('header') });
          document.querySelector('[data-test=theme]').click();
        });
        """;

    /// <summary>Route, user, what stands there at once, what is asked for at once, and what says that the data is there.</summary>
    public static TheoryData<string, string?, string, string, string> Pages { get; } = new()
    {
        { "", null, "Symbol", "GET /api/v1/market/symbols", "[data-symbol] .value" },
        { "portfolio", "meera", "Tax losses", "POST /api/v1/portfolios/live", "[data-test=account]" },
        { "portfolio/{id}", "meera", "Transactions", "GET /api/v1/portfolios/{id}", "[data-symbol=TEST-AURUM] [data-test=price]" },
    };

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_StandsInTheDocument_AndIsTakenOverAsItIs(string route, string? user, string text, string asked, string ready)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(asked);
        string id = user is null ? "" : await server.AccountAsync(user, "From the first moment");
        await using Page page = await browser.NewPageAsync(width: 412);
        if (user is not null)
        {
            await page.SignInAsync(server.Address, await server.Sessions.BeginAsync(People.Demo(user)));
        }

        await page.PreferAsync("prefers-color-scheme", "dark");
        await page.RunFirstAsync(LookBeforeTheClient);
        await page.GoToAsync(server.PageAt(route.Replace("{id}", id, StringComparison.Ordinal)));
        await page.UntilAsync($"document.querySelector('{ready}')");

        string before = await page.EvaluateAsync<string>("before.text");
        Assert.Contains(text, before, StringComparison.Ordinal);
        Assert.Contains("Giveaways", before, StringComparison.Ordinal);
        Assert.Contains(asked.Replace("{id}", id, StringComparison.Ordinal), await page.EvaluateAsync<string[]>("before.asked"));
        Assert.True(await page.EvaluateAsync<bool>("before.bar === document.querySelector('header')"), "It was drawn anew.");
        // What was clicked while nothing could react to it is done.
        await page.UntilAsync("document.documentElement.dataset.theme === 'light'");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public void Document_NamesWhatItsPagesNeed_AndAllowsNoOtherScript()
    {
        string built = Repository.PathTo("web", "dist");
        string document = File.ReadAllText(Path.Combine(built, "index.html"));

        Assert.DoesNotContain("rel=\"stylesheet\"", document, StringComparison.Ordinal);
        Assert.Contains("<style>", document, StringComparison.Ordinal);
        foreach (string shell in (string[])["board", "accounts", "holdings", "other", "board-in", "accounts-in", "holdings-in", "other-in"])
        {
            Assert.Contains($"<template id=\"shell-{shell}\"><!--[-->", document, StringComparison.Ordinal);
        }

        string[] scripts = [.. InlineScripts().Matches(document).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, scripts.Length);
        string policy = Policy().Match(document).Groups[1].Value;
        Assert.Equal(
            $"script-src 'self' {string.Join(' ', scripts.Select(script => $"'sha256-{HashOf(script)}'"))}", policy);
        string[] pieces = [.. Pieces().Matches(scripts[0]).Select(match => match.Value)];
        Assert.Contains(pieces, piece => piece.StartsWith("/assets/Board-", StringComparison.Ordinal));
        Assert.Contains(pieces, piece => piece.StartsWith("/assets/portfolio-", StringComparison.Ordinal));
        Assert.All(pieces, piece => Assert.True(File.Exists(built + piece), piece));
    }

    private static string HashOf(string script) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScripts();

    [GeneratedRegex("http-equiv=\"content-security-policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex(@"/assets/[\w-]+\.js")]
    private static partial Regex Pieces();
}
