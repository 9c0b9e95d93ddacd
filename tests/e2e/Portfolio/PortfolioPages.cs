using System.Text.Json;
using FinVault.Tests.E2e.Giveaways;

namespace FinVault.Tests.E2e.Portfolio;

/// <summary>Accounts to look at, where how they came to be is not what is tested.</summary>
internal static class PortfolioPages
{
    /// <summary>Symbols of the demo feed, which trade around the clock.</summary>
    public const string Gold = "TEST-AURUM";

    public const string Argon = "TEST-ARGON";

    /// <summary>A symbol that no feed has ever named.</summary>
    public const string Unheard = "UNHEARD";

    /// <summary>An account of a made-up user with a priced and an unpriced holding, and its id.</summary>
    public static async Task<string> AccountAsync(this MarketServer server, string user, string name)
    {
        using HttpClient http = await server.ClientAsync(user);
        JsonElement made = await GiveawayPages.SendAsync(http, "portfolios", new { name, currency = "INR" });
        string id = made.GetProperty("id").GetString()!;
        foreach (string symbol in new[] { Gold, Unheard })
        {
            await GiveawayPages.SendAsync(http, $"portfolios/{id}/transactions", new
            {
                kind = "buy", currency = "INR", tradedAt = DateTimeOffset.UtcNow.AddDays(-3), symbol, quantity = 4, price = 1_250.5,
            });
        }

        await GiveawayPages.SendAsync(http, $"portfolios/{id}/transactions", new
        {
            kind = "sell", currency = "INR", tradedAt = DateTimeOffset.UtcNow.AddDays(-2), symbol = Gold, quantity = 1, price = 1_300,
        });
        return id;
    }
}
