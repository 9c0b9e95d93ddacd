using System.Net.Http.Json;
using System.Text.Json;

namespace FinVault.Benchmarks.Portfolios;

/// <summary>Accounts of the benchmark, made over HTTP as anybody makes theirs.</summary>
internal sealed class PortfolioSetup(HttpClient http)
{
    private const int Together = 30;

    /// <summary>An account with money and some units of so many symbols, each bought in one go.</summary>
    public async Task<string> OpenAsync(string name, int holdings, DateTimeOffset since)
    {
        JsonElement made = await SendAsync(
            HttpMethod.Post, "portfolios", new { name, currency = "INR", lotMethod = "fifo", tracksCash = true });
        string account = made.GetProperty("id").GetString()!;
        object[] all =
        [
            new { kind = "deposit", currency = "INR", amount = 10_000_000_000, tradedAt = since },
            .. Enumerable.Range(0, holdings).Select(i => new
            {
                kind = "buy", symbol = PortfolioNames.Of(i), quantity = 10 + (i % 40), price = 100 + i, currency = "INR",
                tradedAt = since.AddMinutes(i + 1),
            }),
        ];
        foreach (object[] some in all.Chunk(Together))
        {
            await SendAsync(HttpMethod.Post, $"portfolios/{account}/transactions/batch", new { transactions = some });
        }

        return account;
    }

    /// <summary>Everything in equal parts, which it is not.</summary>
    public Task TargetAsync(string account, int holdings, string nightly) => SendAsync(
        HttpMethod.Put, $"portfolios/{account}/targets", new
        {
            rules = new
            {
                targets = Enumerable.Range(0, holdings).ToDictionary(PortfolioNames.Of, _ => Math.Floor(9_000m / holdings) / 10_000),
                band = 0.0001,
            },
            nightly,
        });

    public Task AlertAsync(string symbol, decimal threshold) =>
        SendAsync(HttpMethod.Post, "alerts", new { kind = "above", symbol, threshold });

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        using HttpRequestMessage request = new(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body, body.GetType()),
        };
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? text.Length == 0 ? default : JsonElement.Parse(text)
            : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }
}
