using FinVault.Escrow;
using FinVault.Local.Payments;
using FinVault.Tests.Escrow.Escrows;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Airtime;

/// <summary>Airtime with the simulated provider on its good and its bad days.</summary>
public sealed class AirtimeTests : IAsyncLifetime
{
    private const string Phone = "+919876543210";

    private EscrowApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await EscrowApp.StartAsync();
        await _app.FundAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Claim_LoadsThePhone_AndSettlesTheWholeAmount()
    {
        EscrowRequest won = await WonAsync();
        Assert.Equal(EscrowCode.Done, (await ClaimAsync(won)).Code);
        await EndsAsync(won, EscrowState.Settled);
        PrizeClaim again = await ClaimAsync(won);
        Assert.Equal((EscrowCode.AlreadyDone, AirtimeState.Completed), (again.Code, again.Airtime));
        Assert.Equal((EscrowApp.Funds - 10_000, 0), (await _app.WalletAsync(), await _app.PlatformAsync(AccountKind.Escrow)));
        Assert.Single(_app.App.Provider.Operations, operation => operation.Kind == "vends");
    }

    [Fact]
    public async Task Claim_ByAnotherOrForAnotherPhone_IsRefused()
    {
        EscrowRequest won = await WonAsync();
        _app.App.Provider.Faults = new(null, new() { Hold = true });
        Assert.Equal(EscrowCode.InvalidRequest, (await ClaimAsync(won, phone: "98765")).Code);
        Assert.Equal(EscrowCode.DifferentContent, (await ClaimAsync(won, winner: 2)).Code);
        Assert.Equal(EscrowCode.Done, (await ClaimAsync(won)).Code);
        Assert.Equal(EscrowCode.DifferentContent, (await ClaimAsync(won, phone: "+919876543211")).Code);
        EscrowResult release = await _app.Escrows.ReleaseAsync(EscrowApp.Host, won.Id, "expired", default);
        Assert.Equal(EscrowCode.Busy, release.Code);
        await _app.App.Provider.ReleaseAsync(false);
        await EndsAsync(won, EscrowState.Settled);
    }

    [Fact]
    public async Task Trap5_PayoutSuccessBeforeTheAnswer_AndPayoutFailedThreeTimes_RefundsOnce()
    {
        _app.App.Provider.Faults = new(null, new() { Early = true });
        EscrowRequest early = await WonAsync();
        PrizeClaim claim = await ClaimAsync(early);
        Assert.Equal((EscrowState.Settled, AirtimeState.Completed), (claim.Escrow!.State, claim.Airtime));

        _app.App.Provider.Faults = new(null, new() { Hold = true });
        EscrowRequest failed = await WonAsync();
        await ClaimAsync(failed);
        foreach (int i in Enumerable.Range(0, 3))
        {
            await TellAsync($"EVT_F{i}", "payout_failed", failed);
        }

        // The same event again, and one that says the contrary, change nothing either.
        await TellAsync("EVT_F0", "payout_failed", failed);
        await TellAsync("EVT_S", "payout_success", failed);
        EscrowView released = await FindAsync(failed);
        Assert.Equal((EscrowState.Released, "vend_failed"), (released.State, released.Reason));
        Assert.Equal((EscrowApp.Funds - 10_000, 0), (await _app.WalletAsync(), await _app.PlatformAsync(AccountKind.Escrow)));
        Dictionary<string, object?> gift = await GiftAsync(failed);
        Assert.Null(gift["hostWalletReference"]);
        PrizeClaim late = await ClaimAsync(failed);
        Assert.Equal((EscrowCode.Refused, AirtimeState.Refunded), (late.Code, late.Airtime));
    }

    [Fact]
    public async Task Failures_ToldAtOnce_RefundOnce()
    {
        _app.App.Provider.Faults = new(null, new() { Hold = true });
        EscrowRequest won = await WonAsync();
        await ClaimAsync(won);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => TellAsync($"EVT_{i}", "payout_failed", won)));
        Assert.Equal(EscrowState.Released, (await FindAsync(won)).State);
        Assert.Equal(EscrowApp.Funds, await _app.WalletAsync());
    }

    [Theory]
    [InlineData(ProviderFaultMode.Before)]
    [InlineData(ProviderFaultMode.After)]
    public async Task UnknownOutcome_IsAskedFor(ProviderFaultMode mode)
    {
        EscrowRequest won = await WonAsync();
        _app.App.Provider.Faults = new([new(mode, "vends")], new() { Hold = true });
        PrizeClaim claim = await ClaimAsync(won);
        Assert.Equal((EscrowCode.Done, AirtimeState.Vending), (claim.Code, claim.Airtime));
        _app.Clock.Advance(TimeSpan.FromMinutes(3));
        await _app.Escrows.RecoverAirtimeAsync(default);
        _app.Clock.Advance(TimeSpan.FromMinutes(3));
        await _app.Escrows.RecoverAirtimeAsync(default);
        await EndsAsync(won, EscrowState.Settled);
        Assert.Single(_app.App.Provider.Operations, operation => operation.Kind == "vends");
    }

    [Fact]
    public async Task RefusedVend_RefundsAtOnce()
    {
        EscrowRequest won = await WonAsync();
        _app.App.Provider.Faults = new([new(ProviderFaultMode.Refuse, "vends")]);
        PrizeClaim claim = await ClaimAsync(won);
        Assert.Equal((EscrowState.Released, AirtimeState.Refunded), (claim.Escrow!.State, claim.Airtime));
        Assert.Equal(EscrowApp.Funds, await _app.WalletAsync());
    }

    private async Task<EscrowRequest> WonAsync()
    {
        EscrowRequest request = _app.Airtime();
        await _app.Escrows.CreateAsync(request, default);
        Assert.True((await _app.Escrows.AllocateAsync(EscrowApp.Host, request.Id, EscrowApp.Winner(), default)).IsDone);
        return request;
    }

    private Task<PrizeClaim> ClaimAsync(EscrowRequest won, int winner = 1, string phone = Phone) =>
        _app.Escrows.ClaimAsync(EscrowApp.Host, won.Id, new($"PARTICIPANT_{winner}", phone), default);

    private async Task TellAsync(string id, string type, EscrowRequest won) => await _app.App.SendEventAsync(
        id, type, new { reference = $"{won.Id}-VEND", amount = won.Amount, currency = won.Currency });

    private async Task<EscrowView> FindAsync(EscrowRequest won) =>
        (await _app.Escrows.FindAsync(EscrowApp.Host, won.Id, default))!;

    private Task EndsAsync(EscrowRequest won, EscrowState state) =>
        Eventually.TrueAsync(async () => (await FindAsync(won)).State == state, $"{state}");

    private async Task<Dictionary<string, object?>> GiftAsync(EscrowRequest won) =>
        (await _app.App.Documents.ReadItemAsync<Dictionary<string, object?>>(
            won.Id.Replace("ESCROW_", "AIRTIME_", StringComparison.Ordinal), new PartitionKey(EscrowApp.Host))).Resource;
}
