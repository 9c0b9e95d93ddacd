using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Market.App;

/// <summary>FinVault with its market, on a clock that stands still, spoken to over HTTP.</summary>
internal sealed class MarketApp : IAsyncDisposable
{
    private readonly AppHost _app;

    private MarketApp(AppHost app, ManualClock clock) => (_app, Clock) = (app, clock);

    public ManualClock Clock { get; }

    public HttpClient Client => _app.Client;

    public AppHost App => _app;

    public static async Task<MarketApp> StartAsync()
    {
        ManualClock clock = new();
        LocalHostOptions options = AppHost.Defaults with
        {
            Time = clock,
            Settings = new Dictionary<string, string?>
            {
                ["Market:WindowMilliseconds"] = "0",
            },
        };
        return new MarketApp(await AppHost.StartAsync(options), clock);
    }

    public async Task<HttpResponseMessage> PostTicksAsync(string body, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "api/v1/market/ticks")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Sends ticks and waits until they are counted.</summary>
    public async Task TakeAsync(string body, long received)
    {
        using HttpResponseMessage answer = await PostTicksAsync(body);
        await AppHost.ReadJsonAsync(answer);
        await ReceivedAsync(received);
    }

    public Task ReceivedAsync(long count) => Eventually.TrueAsync(
        async () => (await _app.GetJsonAsync("api/v1/market/ingest")).GetProperty("received").GetInt64() == count,
        $"{count} ticks received");

    public async Task<JsonElement> QuoteAsync(string symbol) =>
        (await _app.GetJsonAsync($"api/v1/market/quotes?symbols={symbol}")).GetProperty("data")[0];

    /// <summary>Becomes a caller with these roles.</summary>
    public void SignIn(params string[] roles)
    {
        CurrentUser user = new("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV", roles.ToHashSet());
        _app.SignIn(user);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
