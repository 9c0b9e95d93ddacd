using FinVault.Escrow;
using FinVault.Local.Payments;
using FinVault.Platform.Resilience;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;
using Polly.CircuitBreaker;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>The adapter against the simulated provider, over HTTP.</summary>
public sealed class HttpPaymentProviderTests : IAsyncLifetime, IDisposable
{
    private PaymentsApp _app = null!;
    private HttpPaymentProvider _provider = null!;

    public async Task InitializeAsync()
    {
        _app = await PaymentsApp.StartAsync();
        // With a breaker of its own, that no timer of the app calls through.
        PaymentOptions options = new(_app.Get<IConfiguration>());
        _provider = new(options, new Dependencies(_app.Clock, _app.App.Logs.Create<Dependencies>()));
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Transfer_IsDoneOnceForItsReference()
    {
        Assert.Equal(ProviderState.Succeeded, (await TransferAsync("E1-NET")).State);
        Assert.Equal(ProviderState.Succeeded, (await TransferAsync("E1-NET")).State);
        Assert.Single(_app.Provider.Operations);
        // The same reference for something else is a mistake of ours, never a failed payment.
        await Assert.ThrowsAsync<InvalidOperationException>(() => TransferAsync("E1-NET", 11));
    }

    [Theory]
    [InlineData(ProviderFaultMode.Before, false)]
    [InlineData(ProviderFaultMode.After, true)]
    public async Task Leg_ThatFails_IsUnknownUntilItIsLookedUp(ProviderFaultMode mode, bool done)
    {
        _app.Provider.Faults = new([new(mode, "transfers", Reference: "-FEE")]);
        Assert.Equal(ProviderState.Succeeded, (await TransferAsync("E1-NET")).State);
        await Assert.ThrowsAsync<ProviderUnknownException>(() => TransferAsync("E1-FEE"));
        Assert.Equal(done, await _provider.FindAsync("E1-FEE", default) is { State: ProviderState.Succeeded });
        Assert.Equal(ProviderState.Succeeded, (await TransferAsync("E1-FEE")).State);
        Assert.Equal(2, _app.Provider.Operations.Count);
    }

    [Fact]
    public async Task Call_IsGivenUpAfterThreeAndTenSeconds()
    {
        _app.Provider.Faults = new([new(ProviderFaultMode.Slow)]);
        Task<ProviderResult> call = TransferAsync("E1-NET");
        await _app.Clock.WhenDueAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(13));
        _app.Clock.Advance(TimeSpan.FromSeconds(12.9));
        Assert.False(call.IsCompleted);
        _app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await Assert.ThrowsAsync<ProviderUnknownException>(() => call);
    }

    [Fact]
    public async Task Vend_IsToldByTheSameEventsAsAPayout()
    {
        ProviderResult taken = await _provider.VendAsync(new("GIFT_1", "+919876543210", 100, "INR"), default);
        Assert.Equal(ProviderState.Accepted, taken.State);
        Assert.Equal(ProviderState.Succeeded, (await _provider.FindAsync("GIFT_1", default))!.State);
        Assert.Null(await _provider.FindAsync("GIFT_2", default));
    }

    [Fact]
    public async Task Breaker_WhoseProbeFails_StaysOpen()
    {
        _app.Provider.Faults = new([new(ProviderFaultMode.Before, "transfers", Times: 6)]);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_provider.IsAvailable);
            await Assert.ThrowsAsync<ProviderUnknownException>(() => TransferAsync("E1-NET"));
        }

        Assert.False(_provider.IsAvailable);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => TransferAsync("E1-NET"));
        _app.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_provider.IsAvailable);
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_provider.IsAvailable);
        await Assert.ThrowsAsync<ProviderUnknownException>(() => TransferAsync("E1-NET"));
        Assert.False(_provider.IsAvailable);
        _app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ProviderState.Succeeded, (await TransferAsync("E1-NET")).State);
        Assert.True(_provider.IsAvailable);
        Assert.Contains(_app.App.Logs.All, log => log.EventId == 1150 && log["Dependency"] == "payments");
    }

    [Fact]
    public async Task Breaker_CountsFailuresInARow()
    {
        for (int round = 0; round < 3; round++)
        {
            _app.Provider.Faults = new([new(ProviderFaultMode.Before, "transfers", Times: 4)]);
            for (int i = 0; i < 4; i++)
            {
                await Assert.ThrowsAsync<ProviderUnknownException>(() => TransferAsync("E1-NET"));
            }

            await TransferAsync("E1-NET");
        }

        Assert.True(_provider.IsAvailable);
    }

    [Fact]
    public void Secret_ThatTheVaultDidNotGive_IsNone() => Assert.Equal(
        ["real"],
        new PaymentOptions(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PaymentProvider:WebhookSecret"] = "@Microsoft.KeyVault(SecretUri=https://vault/secrets/payment-webhook-secret)",
            ["PaymentProvider:PreviousWebhookSecret"] = "real",
        }).Build()).WebhookSecrets);

    private Task<ProviderResult> TransferAsync(string reference, long amount = 10) => _provider.TransferAsync(
        new(reference, AccountKind.Escrow, AccountKind.Withdrawal, amount, "INR"), default);
}
