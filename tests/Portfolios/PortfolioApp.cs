using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Market.App;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Portfolios;

/// <summary>FinVault for one who keeps a portfolio, on a clock that stands still, spoken to over HTTP.</summary>
internal sealed class PortfolioApp : IAsyncDisposable
{
    public const string Tenant = "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Asha = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Harish = "USER_01BX5ZZKBKACTAV9WEVGEMMVRZ";

    private long _ticks;

    private PortfolioApp(AppHost app, ManualClock clock) => (App, Clock) = (app, clock);

    public AppHost App { get; }

    public ManualClock Clock { get; }

    public static async Task<PortfolioApp> StartAsync(
        Action<IServiceCollection>? configure = null, ManualClock? clock = null)
    {
        clock ??= new ManualClock();
        LocalHostOptions options = AppHost.Defaults with
        {
            Time = clock,
            Configure = configure,
            Settings = new Dictionary<string, string?>
            {
                ["Market:WindowMilliseconds"] = "0",
            },
        };
        PortfolioApp app = new(await AppHost.StartAsync(options), clock);
        app.SignIn(Asha, Roles.User);
        return app;
    }

    public T Get<T>()
        where T : notnull => App.Host.Services.GetRequiredService<T>();

    public void SignIn(string user, params string[] roles) =>
        App.SignIn(new CurrentUser(user, Tenant, roles.ToHashSet()));

    public async Task<string> OpenAsync(
        string currency = "INR", LotMethod method = LotMethod.Fifo, bool tracksCash = false)
    {
        JsonElement account = await PostAsync("portfolios", new
        {
            name = "Test",
            currency,
            lotMethod = JsonNamingPolicy.CamelCase.ConvertName(method.ToString()),
            tracksCash,
        });
        return account.GetProperty("id").GetString()!;
    }

    public Task<JsonElement> GetAsync(string route) => App.GetJsonAsync($"api/v1/{route}");

    public Task<JsonElement> PostAsync(string route, object body) => App.PostJsonAsync($"api/v1/{route}", body);

    /// <summary>The status and the body, whatever they are.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string route, object? body = null)
    {
        using HttpRequestMessage request = new(method, $"api/v1/{route}")
        {
            Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json.Options),
        };
        using HttpResponseMessage answer = await App.Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public Task<JsonElement> RecordAsync(string account, object transaction) =>
        PostAsync($"portfolios/{account}/transactions", transaction);

    /// <summary>The refusal's status, its code, and its reason if it tells one.</summary>
    public async Task<(HttpStatusCode Status, string? Code, string? Reason)> RefusedAsync(
        string route, object body)
    {
        (HttpStatusCode status, JsonElement json) = await SendAsync(HttpMethod.Post, route, body);
        return (status, TextOf(json, "code"), TextOf(json, "reason"));
    }

    /// <summary>Loads daily rates as an operator does, and is the user again.</summary>
    public async Task LoadRatesAsync(string table)
    {
        SignIn(Harish, Roles.Admin);
        using StringContent csv = new(table, System.Text.Encoding.UTF8, "text/csv");
        using HttpResponseMessage answer = await App.Client.PutAsync(new Uri("api/v1/operations/fx/rates", UriKind.Relative), csv);
        await AppHost.ReadJsonAsync(answer);
        SignIn(Asha, Roles.User);
    }

    /// <summary>Sends a tick, stamped so many minutes from the clock's first instant, and waits until it is counted.</summary>
    public async Task TickAsync(string symbol, decimal price, long volume, int minutes = 0)
    {
        using StringContent tick =
            new(TickIntakeTests.Tick(symbol, price, volume, minutes), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await App.Client.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), tick);
        await AppHost.ReadJsonAsync(answer);
        _ticks++;
        await Eventually.TrueAsync(
            async () => (await GetAsync("market/ingest")).GetProperty("received").GetInt64() == _ticks, $"{_ticks} ticks");
    }

    public async Task<Position?> PositionAsync(string account, string symbol) =>
        (await Get<PortfolioStore>().HoldingsAsync(account, default))
            .Select(holding => holding.Position).FirstOrDefault(position => position.Symbol == symbol);

    public static object Trade(
        string kind, string symbol, decimal quantity, decimal price, string day, string currency = "INR", long fees = 0,
        string? clientId = null) =>
        new { kind, symbol, quantity, price, currency, fees, clientId, tradedAt = At(day) };

    /// <summary>Ten o'clock of a day.</summary>
    public static DateTimeOffset At(string day) => DateTimeOffset.Parse(
        day + "T10:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
