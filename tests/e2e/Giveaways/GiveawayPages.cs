using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e.Giveaways;

/// <summary>Gets pages of made-up users, and giveaways to look at, where how they came to be is not what is tested.</summary>
internal static class GiveawayPages
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A page of somebody who has signed in; of nobody where no user is named.</summary>
    public static async Task<Page> OpenAsync(
        this Browser browser, MarketServer server, string route, string? user = null, int width = 1280)
    {
        Page page = await browser.NewPageAsync(width, 900);
        if (user is not null)
        {
            await page.SignInAsync(server.Address, await server.Sessions.BeginAsync(People.Demo(user)));
        }

        await page.GoToAsync(server.PageAt(route));
        return page;
    }

    /// <summary>A client of the API for a made-up user.</summary>
    public static Task<HttpClient> ClientAsync(this MarketServer server, string user)
    {
        HttpClient http = new(new TestSessions.Handler(server.Sessions)) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = server.Sessions.HeaderOf(People.Demo(user));
        return Task.FromResult(http);
    }

    /// <summary>A running giveaway of two airtime prizes, and its id.</summary>
    public static async Task<string> GiveawayAsync(this MarketServer server, string title, int minutes = 30)
    {
        using HttpClient host = await server.ClientAsync("harish");
        await FundAsync(host);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JsonElement made = await SendAsync(host, "giveaways", new
        {
            title,
            mode = "slotMachine",
            startsAt = now.AddSeconds(-1),
            endsAt = now.AddMinutes(minutes),
            currency = "INR",
            prizes = new[] { new { title = "Airtime for a week", kind = "airtime", amount = 10_000, quantity = 2 } },
            description = "Two of you will talk for free.",
            terms = "One entry each.",
            // The final window is nearly all of it: every attempt wins while there are prizes.
            slots = new
            {
                attemptsPerParticipant = 3, expectedAttempts = 100, capPercent = 50, finalWindowSeconds = (minutes * 60) - 1,
            },
        });
        string id = made.GetProperty("id").GetString()!;
        await SendAsync(host, $"giveaways/{id}/schedule", new { });
        await UntilAsync(host, $"giveaways/{id}", view => view.GetProperty("state").GetString() == "active");
        return id;
    }

    /// <summary>Puts ₹10,000 into the host's wallet.</summary>
    public static async Task FundAsync(HttpClient host)
    {
        JsonElement wallet = await SendAsync(host, "wallets/INR", new { });
        long before = wallet.GetProperty("available").GetInt64();
        string account = wallet.GetProperty("virtualAccount").GetProperty("number").GetString()!;
        Uri topUps = new("dev/provider/topups", UriKind.Relative);
        using HttpResponseMessage paid = await host.PostAsJsonAsync(
            topUps, new { virtualAccount = account, gross = 1_000_000, currency = "INR" });
        paid.EnsureSuccessStatusCode();
        await UntilAsync(host, "wallets/INR", view => view.GetProperty("available").GetInt64() > before);
    }

    public static async Task<JsonElement> SendAsync(HttpClient http, string path, object body)
    {
        ArgumentNullException.ThrowIfNull(http);
        using HttpResponseMessage answer = await http.PostAsJsonAsync(new Uri($"api/v1/{path}", UriKind.Relative), body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    public static async Task<JsonElement> UntilAsync(HttpClient http, string path, Func<JsonElement, bool> met)
    {
        ArgumentNullException.ThrowIfNull(met);
        using CancellationTokenSource overdue = new(Limit);
        while (true)
        {
            JsonElement view = await http.GetFromJsonAsync<JsonElement>(
                new Uri($"api/v1/{path}", UriKind.Relative), overdue.Token);
            if (met(view))
            {
                return view;
            }

            await Task.Delay(Pause, overdue.Token);
        }
    }
}
