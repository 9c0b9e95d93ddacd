using System.Globalization;
using System.Text;
using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Plans;

/// <summary>Prices for plans.</summary>
internal static class PlanTicks
{
    /// <summary>Gives symbols of the Bombay exchange a price, and waits until readers see them.</summary>
    public static async Task PriceAsync(this PortfolioApp app, int minute, params (string Symbol, decimal Price)[] prices)
    {
        DateTime at = new DateTime(2024, 1, 2, 4, 30, 0).AddMinutes(minute);
        string ticks = string.Join(',', prices.Select(one => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"symbol":"{{one.Symbol}}","price":{{one.Price}},"volume":{{minute + 100}},"eventTime":"{{at:yyyy-MM-ddTHH:mm:ss}}Z"}""")));
        using StringContent body = new($"[{ticks}]", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await app.App.Client.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), body);
        await AppHost.ReadJsonAsync(answer);
        foreach ((string symbol, decimal price) in prices)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    app.Clock.Advance(TimeSpan.FromSeconds(1));
                    JsonElement data = (await app.GetAsync($"market/quotes?symbols={symbol}")).GetProperty("data");
                    return data.GetArrayLength() == 1 && data[0].GetProperty("price").GetDecimal() == price;
                },
                $"{symbol} at {price}");
        }
    }

    /// <summary>
    /// An account with 100 TCS that cost 500 and 100 INFY that cost 300, and 20,000 INR; it wants half and half.
    /// </summary>
    public static async Task<string> DriftedAsync(this PortfolioApp app, string nightly = "onRequest")
    {
        string account = await app.OpenAsync(tracksCash: true);
        await app.PostAsync($"portfolios/{account}/transactions/batch", new
        {
            transactions = new object[]
            {
                new { kind = "deposit", currency = "INR", amount = 10_000_000, tradedAt = PortfolioApp.At("2023-01-02") },
                PortfolioApp.Trade("buy", "TCS", 100, 500, "2023-01-02"),
                PortfolioApp.Trade("buy", "INFY", 100, 300, "2023-01-02"),
            },
        });
        await app.TargetAsync(account, nightly, ("TCS", 0.5m), ("INFY", 0.5m));
        return account;
    }

    public static Task<(System.Net.HttpStatusCode Status, JsonElement Body)> TargetAsync(
        this PortfolioApp app, string account, string nightly, params (string Symbol, decimal Weight)[] targets) =>
        app.SendAsync(HttpMethod.Put, $"portfolios/{account}/targets", new
        {
            rules = new { targets = targets.ToDictionary(one => one.Symbol, one => one.Weight) },
            nightly,
        });

    public static async Task<JsonElement[]> PendingAsync(this PortfolioApp app, string account) =>
    [
        .. (await app.GetAsync($"portfolios/{account}/transactions?status=pending&limit=500")).GetProperty("data").EnumerateArray(),
    ];
}
