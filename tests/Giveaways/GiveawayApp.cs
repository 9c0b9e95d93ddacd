using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Audit;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Giveaways;

/// <summary>FinVault with a host whose wallet is full, on a clock that a test moves, spoken to over HTTP.</summary>
internal sealed class GiveawayApp : IAsyncDisposable
{
    public const string Tenant = "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Other = "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAW";
    public const long Wealth = 1_000_000;

    private static int _numbers;

    // Without what fires every second, or oftener, of the hours that these tests let pass.
    public static readonly IReadOnlyList<Type> Functions =
    [
        .. typeof(FinVaultApp).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(m => m.IsDefined(typeof(FunctionAttribute), inherit: false)))
            .Where(type => type.Namespace is { } name && !name.StartsWith("FinVault.Market", StringComparison.Ordinal)
                && !name.StartsWith("FinVault.Local", StringComparison.Ordinal) && type != typeof(OutboxFunctions)
                && type != typeof(AuditFeedFunctions)),
    ];

    private GiveawayApp(AppHost app, ManualClock clock) => (App, Clock) = (app, clock);

    public AppHost App { get; }

    public ManualClock Clock { get; }

    public HttpClient Client => App.Client;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<GiveawayApp> StartAsync(
        long wealth = Wealth, Func<LocalHostOptions, LocalHostOptions>? options = null, DateTimeOffset? start = null)
    {
        ManualClock clock = new(start ?? new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));
        LocalHostOptions chosen = AppHost.Defaults with { Time = clock, Settings = Settings(), FunctionTypes = Functions };
        AppHost host = await AppHost.StartAsync(options?.Invoke(chosen) ?? chosen);
        GiveawayApp app = new(host, clock);
        await FundAsync(host.Host.Services, wealth);
        app.SignIn(Roles.Host);
        return app;
    }

    /// <summary>FinVault on the time that it is, over a folder.</summary>
    public static async Task<GiveawayApp> OpenAsync(LocalHostOptions options)
    {
        GiveawayApp app = new(await AppHost.StartAsync(options), new ManualClock(DateTimeOffset.UtcNow));
        app.SignIn(Roles.Host);
        return app;
    }

    public static Dictionary<string, string?> Settings() => new()
    {
        ["Giveaways:CallsPerMinute"] = "1000000",
        ["Giveaways:MaxDaysAhead"] = "10000",
    };

    /// <summary>Puts money into the host's wallet, as a top-up would.</summary>
    public static async Task FundAsync(IServiceProvider services, long amount)
    {
        FinVault.Escrow.Ledger ledger = services.GetRequiredService<FinVault.Escrow.Ledger>();
        string provider = LedgerAccount.PlatformId(AccountKind.Provider, "INR");
        await ledger.OpenAccountAsync(provider, AccountKind.Provider, "INR", default);
        await services.GetRequiredService<Wallets>().OpenAccountAsync(Tenant, "INR", default);
        if (amount > 0)
        {
            await ledger.TransferAsync(
                new("TOPUP-1", provider, Wallets.AccountOf(Tenant, "INR"), amount, "INR"), default);
        }
    }

    public void SignIn(string role, string tenant = Tenant)
    {
        CurrentUser user = new("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", tenant, new HashSet<string> { role });
        App.SignIn(user);
    }

    /// <summary>A plan that starts in a minute and lasts two, with airtime as prizes.</summary>
    public GiveawayPlan Plan(DrawMode mode = DrawMode.SlotMachine, int prizes = 3, long amount = 100) => new(
        "Festival giveaway", mode, Now.AddMinutes(1), Now.AddMinutes(3), "INR",
        [new PrizeLine("Airtime", PrizeKind.Airtime, amount, prizes)],
        Slots: mode == DrawMode.SlotMachine
            ? new SlotPlan(AttemptsPerParticipant: 3, ExpectedAttempts: 10, CapPercent: 100, FinalWindowSeconds: 60)
            : null);

    public async Task<JsonElement> CreateAsync(GiveawayPlan plan) => await SendAsync(HttpMethod.Post, "giveaways", plan);

    /// <summary>Creates, funds and schedules; answers the id.</summary>
    public async Task<string> ScheduledAsync(GiveawayPlan? plan = null)
    {
        JsonElement draft = await CreateAsync(plan ?? Plan());
        string id = draft.GetProperty("id").GetString()!;
        await SendAsync(HttpMethod.Post, $"giveaways/{id}/schedule");
        await StateAsync(id, "scheduled");
        return id;
    }

    /// <summary>The same, moved to its start.</summary>
    public async Task<string> ActiveAsync(GiveawayPlan? plan = null)
    {
        GiveawayPlan chosen = plan ?? Plan();
        string id = await ScheduledAsync(chosen);
        await MoveAsync(id, chosen.StartsAt, "active");
        return id;
    }

    /// <summary>Moves the clock and waits for what comes of it.</summary>
    public async Task MoveAsync(string id, DateTimeOffset to, string state)
    {
        Clock.AdvanceTo(to);
        await StateAsync(id, state);
    }

    public Task StateAsync(string id, string state) => UntilAsync(
        id, giveaway => giveaway.GetProperty("state").GetString() == state, $"{id} is {state}");

    public async Task UntilAsync(string id, Func<JsonElement, bool> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    // A timer that is set for a time which has just passed fires when the clock moves, and a beacon that
                    // was asked for after a test's leap speaks some seconds later.
                    Clock.Advance(TimeSpan.FromMilliseconds(20));
                    return condition(await SendAsync(HttpMethod.Get, $"giveaways/{id}"));
                },
                what);
        }
        catch (Xunit.Sdk.XunitException late)
        {
            JsonElement view = await SendAsync(HttpMethod.Get, $"giveaways/{id}");
            IEnumerable<string> warnings = App.Logs.All.Where(log => log.Level >= LogLevel.Warning)
                .TakeLast(10).Select(log => $"{log.Message} {log.Exception}");
            OrchestrationMetadata? lifecycle = await App.Host.Durable.Client.GetInstanceAsync(id, true);
            string ended = $"{lifecycle?.RuntimeStatus} {lifecycle?.SerializedCustomStatus} {lifecycle?.FailureDetails}";
            Assert.Fail(string.Join('\n', [late.Message, $"{view}", ended, .. warnings]));
        }
    }

    public async Task<(string Id, string Token)> RegisterAsync(string giveaway, string? contact = null)
    {
        int number = Interlocked.Increment(ref _numbers);
        JsonElement registered = await SendAsync(
            HttpMethod.Post, $"public/giveaways/{giveaway}/participants",
            new { name = $"Asha Rao {number}", contact = contact ?? $"asha{number}@example.in", acceptsTerms = true });
        return (registered.GetProperty("participant").GetString()!, registered.GetProperty("token").GetString()!);
    }

    public Task<JsonElement> AttemptAsync(string giveaway, string token, string? attempt = null) => SendAsync(
        HttpMethod.Post, $"public/giveaways/{giveaway}/attempts",
        new { id = attempt ?? Ids.New(AttemptRequest.Prefix, Clock) }, token);

    /// <summary>Sends, and fails with the answer's text when it is no success.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        using HttpResponseMessage answer = await TryAsync(method, path, body, token);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>The status and the problem's code of a refusal.</summary>
    public async Task<(HttpStatusCode Status, string? Code)> RefusedAsync(
        HttpMethod method, string path, object? body = null, string? token = null)
    {
        using HttpResponseMessage answer = await TryAsync(method, path, body, token);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.False(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return (answer.StatusCode, JsonElement.Parse(text).GetProperty("code").GetString());
    }

    public async Task<HttpResponseMessage> TryAsync(
        HttpMethod method, string path, object? body = null, string? token = null)
    {
        using HttpRequestMessage request = new(method, $"api/v1/{path}");
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Json.Options);
        }

        if (token is not null)
        {
            request.Headers.Add(ParticipantToken.Header, token);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>What the host can spend, and what stands in escrow.</summary>
    public async Task<(long Wallet, long Escrow)> MoneyAsync()
    {
        FinVault.Escrow.Ledger ledger = App.Host.Services.GetRequiredService<FinVault.Escrow.Ledger>();
        LedgerAccount? wallet = await ledger.FindAccountAsync(Wallets.AccountOf(Tenant, "INR"), default);
        LedgerAccount? escrow = await ledger.FindAccountAsync(
            LedgerAccount.PlatformId(AccountKind.Escrow, "INR"), default);
        return (wallet?.Available ?? 0, escrow?.Available ?? 0);
    }

    public async Task<List<JsonElement>> PrizesAsync(string id) =>
        [.. (await SendAsync(HttpMethod.Get, $"giveaways/{id}/prizes")).GetProperty("data").EnumerateArray()];

    public async Task<List<JsonElement>> WinnersAsync(string id) =>
        [.. (await SendAsync(HttpMethod.Get, $"public/giveaways/{id}/winners?limit=200")).GetProperty("data").EnumerateArray()];

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
