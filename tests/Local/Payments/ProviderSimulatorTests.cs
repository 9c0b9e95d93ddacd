using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Payments;

/// <summary>The simulated provider as a developer meets it: over HTTP, with its switches, and over restarts.</summary>
public sealed class ProviderSimulatorTests : IAsyncLifetime, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly ManualClock _clock = new();
    private PaymentsApp _app = null!;

    public async Task InitializeAsync() => _app = await PaymentsApp.StartAsync(_folder.Name, _clock);

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deposit_FillsTheWallet_LessNothing_WithAFeeOfItsOwn()
    {
        string number = await _app.OpenWalletAsync();
        await DepositAsync(number, 100_000);
        await BalanceAsync(100_000);
        JsonElement topUp = (await _app.GetAsync("wallets/INR/topups")).GetProperty("data")[0];
        Assert.InRange(topUp.GetProperty("fee").GetInt64(), 1, 5_000);
        // In another currency it is for nobody.
        await DepositAsync(number, 5, "USD");
        _app.SignIn(Roles.Admin);
        await Eventually.TrueAsync(
            async () => (await _app.GetAsync("operations/topups/unallocated")).GetProperty("data").GetArrayLength() == 1,
            "the dollars wait for an operator");
    }

    [Fact]
    public async Task Webhooks_HeldBack_ComeInEitherOrder()
    {
        string number = await _app.OpenWalletAsync();
        await FaultsAsync(new { webhooks = new { hold = true, copies = 2 } });
        await DepositAsync(number, 100);
        await DepositAsync(number, 200);
        Assert.Equal(0, (await _app.GetAsync("wallets/INR")).GetProperty("available").GetInt64());
        using HttpResponseMessage released = await _app.Client.PostAsync("dev/provider/webhooks/release?order=reverse", null);
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        await BalanceAsync(300);
        JsonElement[] entries = [.. (await _app.GetAsync("wallets/INR/transactions")).GetProperty("data").EnumerateArray()];
        Assert.Equal([300, 200], entries.Select(entry => entry.GetProperty("available").GetInt64()));
    }

    [Fact]
    public async Task Provider_AfterARestart_KnowsItsAccountsOperationsAndWebhooks()
    {
        string number = await _app.OpenWalletAsync();
        await FaultsAsync(new { webhooks = new { hold = true } });
        await DepositAsync(number, 100);
        await _app.Get<IPaymentProvider>().TransferAsync(
            new("E1-NET", AccountKind.Escrow, AccountKind.Withdrawal, 5, "INR"), default);
        await _app.DisposeAsync();

        _app = await PaymentsApp.StartAsync(_folder.Name, _clock);
        // What nobody had taken is sent again.
        await BalanceAsync(100);
        Assert.Equal(number, await _app.OpenWalletAsync());
        Assert.Equal(ProviderState.Succeeded, (await _app.Get<IPaymentProvider>().FindAsync("E1-NET", default))!.State);
    }

    [Fact]
    public async Task Api_IsForItsKeyOnly_AndTheWorldForThisMachine()
    {
        using HttpResponseMessage refused = await _app.Client.PostAsJsonAsync(
            "dev/provider/transfers", new { reference = "X", from = "main", to = "fee", amount = 1, currency = "INR" });
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using HttpRequestMessage elsewhere = new(HttpMethod.Get, "dev/provider/operations");
        elsewhere.Headers.Host = "evil.example";
        using HttpResponseMessage hidden = await _app.Client.SendAsync(elsewhere);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Empty((await _app.App.GetJsonAsync("dev/provider/operations")).EnumerateArray());
    }

    [Fact]
    public async Task TopUp_IsToldToTheTenantsWebhook()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await _app.PostAsync("webhooks", new { url = receiver.Url, events = new[] { "wallet.toppedUp" } });
        await DepositAsync(await _app.OpenWalletAsync(), 700);
        await Eventually.TrueAsync(() => receiver.All.Count == 1, "the tenant is told");
        Assert.Equal(700, receiver.All[0].Json.GetProperty("data").GetProperty("gross").GetInt64());
    }

    private async Task DepositAsync(string virtualAccount, long gross, string currency = "INR") =>
        await _app.App.PostJsonAsync("dev/provider/topups", new { virtualAccount, gross, currency });

    private async Task FaultsAsync(object faults)
    {
        using HttpResponseMessage set = await _app.Client.PutAsJsonAsync("dev/provider/faults", faults);
        await AppHost.ReadJsonAsync(set);
    }

    private Task BalanceAsync(long available) => Eventually.TrueAsync(
        async () => (await _app.GetAsync("wallets/INR")).GetProperty("available").GetInt64() == available,
        $"{available} in the wallet");
}
