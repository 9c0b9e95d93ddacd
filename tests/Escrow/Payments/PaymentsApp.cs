using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Local.Payments;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>FinVault with its simulated payment provider, on a clock that stands still, spoken to over HTTP.</summary>
internal sealed class PaymentsApp : IAsyncDisposable
{
    public const string Secret = "secret-of-today";
    public const string PreviousSecret = "secret-of-yesterday";
    public const string Tenant = "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string OtherTenant = "TENANT_01BX5ZZKBKACTAV9WEVGEMMVRZ";
    public const string Harish = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Meera = "USER_01BX5ZZKBKACTAV9WEVGEMMVRZ";

    private readonly AppHost _app;

    private PaymentsApp(AppHost app, ManualClock clock) => (_app, Clock) = (app, clock);

    public ManualClock Clock { get; }

    public AppHost App => _app;

    public HttpClient Client => _app.Client;

    public ProviderSimulator Provider => Get<ProviderSimulator>();

    public FinVault.Escrow.Ledger Ledger => Get<FinVault.Escrow.Ledger>();

    public static async Task<PaymentsApp> StartAsync(
        string? folder = null, ManualClock? clock = null, Action<IServiceCollection>? configure = null,
        IReadOnlyList<Type>? functions = null, Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        clock ??= new ManualClock();
        LocalHostOptions options = AppHost.Defaults with
        {
            Time = clock,
            Data = folder ?? LocalHostOptions.Memory,
            Configure = configure,
            FunctionTypes = functions,
            Settings = new Dictionary<string, string?>
            {
                ["PaymentProvider:WebhookSecret"] = Secret,
                ["PaymentProvider:PreviousWebhookSecret"] = PreviousSecret,
            },
        };
        PaymentsApp app = new(await AppHost.StartAsync(change?.Invoke(options) ?? options), clock);
        app.SignIn(Roles.Host);
        return app;
    }

    public T Get<T>()
        where T : notnull => _app.Host.Services.GetRequiredService<T>();

    public Container Documents => Get<CosmosClient>().GetContainer(Containers.Database, Containers.Escrow);

    /// <summary>Becomes a caller with these roles.</summary>
    public void SignIn(params string[] roles) => SignInAs(Harish, Tenant, roles);

    public void SignInAs(string user, string tenant, params string[] roles) =>
        _app.SignIn(new CurrentUser(user, tenant, roles.ToHashSet()));

    public Task<JsonElement> GetAsync(string route) => _app.GetJsonAsync($"api/v1/{route}");

    public Task<JsonElement> PostAsync(string route, object body) => _app.PostJsonAsync($"api/v1/{route}", body);

    /// <summary>The status and, of a problem, its code.</summary>
    public async Task<(HttpStatusCode Status, string? Code)> TryPostAsync(string route, object body)
    {
        using HttpResponseMessage answer = await Client.PostAsJsonAsync($"api/v1/{route}", body);
        JsonElement json = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.TryGetProperty("code", out JsonElement code) ? code.GetString() : null);
    }

    /// <summary>Sends an event as the provider does, signed by hand.</summary>
    public async Task<(HttpStatusCode Status, string? State, bool Repeated)> SendEventAsync(
        string id, string type, object data, string secret = Secret, TimeSpan age = default)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { id, type, data }, Json.Options);
        using HttpResponseMessage answer = await SendRawAsync(
            body, WebhookSignature.Write(Clock.GetUtcNow() - age, body, [secret]));
        JsonElement json = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        return (
            answer.StatusCode,
            json.TryGetProperty("state", out JsonElement state) ? state.GetString() : json.GetProperty("code").GetString(),
            json.TryGetProperty("repeated", out JsonElement repeated) && repeated.GetBoolean());
    }

    public async Task<HttpResponseMessage> SendRawAsync(byte[] body, string? signature)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "api/v1/webhooks/payments")
        {
            Content = new ByteArrayContent(body),
        };
        if (signature is not null)
        {
            request.Headers.Add(WebhookSignature.Header, signature);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Opens the wallet of the caller; the number to send money to.</summary>
    public async Task<string> OpenWalletAsync(string currency = "INR") =>
        (await PostAsync($"wallets/{currency}", new { })).GetProperty("virtualAccount").GetProperty("number").GetString()!;

    public static object TopUp(string account, long gross, long fee, string reference, string currency = "INR") =>
        new { virtualAccount = account, gross, fee, currency, reference };

    /// <summary>Fails unless every account's books balance, now and over all.</summary>
    public async Task AssertBalancedAsync() =>
        Assert.True((await Get<LedgerBooks>().TrialBalanceAsync(default)).Balanced);

    public async Task<(long Available, long Held)> BalanceAsync(string account) =>
        await Ledger.FindAccountAsync(account, default) is { } found ? (found.Available, found.Held) : (0, 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
