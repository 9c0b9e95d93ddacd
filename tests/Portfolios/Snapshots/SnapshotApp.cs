using System.Globalization;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Portfolios.Snapshots;

/// <summary>FinVault with bars of past days and a clock that stands still, spoken to over HTTP.</summary>
internal sealed class SnapshotApp : IAsyncDisposable
{
    private SnapshotApp(AppHost app, ManualClock clock) => (App, Clock) = (app, clock);

    public AppHost App { get; }

    public ManualClock Clock { get; }

    /// <param name="now">The clock's first instant, UTC; null for Tuesday 2024-01-02 in session.</param>
    /// <param name="folder">Where everything is kept; null for nowhere.</param>
    /// <param name="around">Runs around every function.</param>
    public static async Task<SnapshotApp> StartAsync(
        string? now = null, string? folder = null, Func<FunctionContext, FunctionExecutionDelegate, Task>? around = null)
    {
        ManualClock clock = now is null ? new() : new(Instant(now));
        LocalHostOptions options = AppHost.Defaults with
        {
            Time = clock,
            Data = folder ?? LocalHostOptions.Memory,
            Settings = new Dictionary<string, string?> { ["Market:WindowMilliseconds"] = "0" },
        };
        if (around is not null)
        {
            options = options with
            {
                App = (worker, configuration) =>
                {
                    worker.AddFinVault(configuration);
                    worker.Use(next => context => around(context, next));
                },
            };
        }

        SnapshotApp app = new(await AppHost.StartAsync(options), clock);
        app.SignIn(PortfolioApp.Asha);
        return app;
    }

    public T Get<T>()
        where T : notnull => App.Host.Services.GetRequiredService<T>();

    public void SignIn(string user) =>
        App.SignIn(new CurrentUser(user, PortfolioApp.Tenant, new HashSet<string> { Roles.User }));

    public async Task<string> OpenAsync(string currency = "INR", bool tracksCash = false) =>
        (await App.PostJsonAsync("api/v1/portfolios", new { name = "Test", currency, lotMethod = "fifo", tracksCash }))
            .GetProperty("id").GetString()!;

    public Task<JsonElement> RecordAsync(string account, object transaction) =>
        App.PostJsonAsync($"api/v1/portfolios/{account}/transactions", transaction);

    public Task<JsonElement> PerformanceAsync(string account, string query = "") =>
        App.GetJsonAsync($"api/v1/portfolios/{account}/performance?{query}");

    /// <summary>Sends a tick a day, at ten o'clock in Mumbai, and waits until all are counted.</summary>
    public async Task TicksAsync(string symbol, params (string Day, decimal Price)[] closes)
    {
        string body = JsonSerializer.Serialize(closes.Select(close => new
        {
            symbol, price = close.Price, volume = 10, eventTime = $"{close.Day}T04:30:00Z",
        }));
        long before = await ReceivedAsync();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer =
            await App.Client.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), content);
        await AppHost.ReadJsonAsync(answer);
        await Eventually.TrueAsync(
            async () => await ReceivedAsync() == before + closes.Length, $"{closes.Length} ticks");
    }

    /// <summary>Lets the timer look at what is due, and waits until an account's snapshots are made.</summary>
    public async Task MakeAsync(string account)
    {
        Clock.JumpTo(Clock.GetUtcNow().AddMinutes(5));
        await Eventually.TrueAsync(
            async () =>
            {
                // A step that failed is tried again after a while.
                Clock.JumpTo(Clock.GetUtcNow().AddMilliseconds(50));
                return !(await PerformanceAsync(account)).GetProperty("pending").GetBoolean();
            },
            "the snapshots");
    }

    /// <summary>Everything that is kept of an account's days.</summary>
    public async Task<List<SnapshotDocument>> SnapshotsAsync(string account) =>
        await Get<PortfolioDocuments>().ListAsync<SnapshotDocument>(
            account, new("SELECT * FROM c WHERE c.type = 'snapshot' ORDER BY c.place"), default);

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static double? Value(JsonElement json, string name) =>
        json.GetProperty(name).GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public static string? Reason(JsonElement json, string name) =>
        json.GetProperty(name).GetProperty("unavailable") is { ValueKind: JsonValueKind.Object } why
            ? why.GetProperty("reason").GetString()
            : null;

    public static long? Amount(JsonElement json, string name) =>
        json.GetProperty(name).GetProperty("amount") is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null;

    private async Task<long> ReceivedAsync() =>
        (await App.GetJsonAsync("api/v1/market/ingest")).GetProperty("received").GetInt64();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
