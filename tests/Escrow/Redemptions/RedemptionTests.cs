using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Payments;
using FinVault.Tests.Escrow.Escrows;

namespace FinVault.Tests.Escrow.Redemptions;

/// <summary>Gift cards at a branch, over HTTP; after each test its books balance.</summary>
public sealed class RedemptionTests : IAsyncLifetime
{
    private Shop _shop = null!;

    public async Task InitializeAsync() => _shop = await Shop.OpenAsync();

    public Task DisposeAsync() => _shop.DisposeAsync().AsTask();

    [Fact]
    public async Task Card_IsRedeemedInTwoSteps_AndTheMerchantPaid()
    {
        (string escrow, string code) = await _shop.WinAsync();
        string redemption = await _shop.InitiateAsync(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, (await _shop.ConfirmAsync(redemption)).Status);
        _shop.AsManager();
        Assert.Equal(HttpStatusCode.OK, (await _shop.ConfirmAsync(redemption)).Status);
        await _shop.AssertSettledOnceAsync(escrow);
        JsonElement done = await _shop.App.App.GetAsync($"redemptions/{redemption}");
        Assert.Equal(
            ("completed", 47_906, Shop.Cashier, Shop.Manager),
            (done.GetProperty("state").GetString(), done.GetProperty("settlement").GetProperty("net").GetInt64(),
                done.GetProperty("initiatedBy").GetString(), done.GetProperty("confirmedBy").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await _shop.ConfirmAsync(redemption)).Status);
        Assert.Equal((HttpStatusCode.Conflict, "gift_card_not_good"), await _shop.TryInitiateAsync(code));
        await _shop.AssertSettledOnceAsync(escrow);
    }

    [Fact]
    public async Task Confirms_AtOnce_SettleOnce()
    {
        (string escrow, string code) = await _shop.WinAsync();
        string redemption = await _shop.InitiateAsync(code);
        _shop.AsManager();
        (HttpStatusCode Status, string? Code)[] all =
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _shop.ConfirmAsync(redemption)));
        Assert.All(all, one => Assert.Equal(HttpStatusCode.OK, one.Status));
        await _shop.AssertSettledOnceAsync(escrow);
    }

    [Fact]
    public async Task Card_IsInOneRedemptionAtATime()
    {
        (_, string code) = await _shop.WinAsync();
        string first = await _shop.InitiateAsync(code);
        Assert.Equal((HttpStatusCode.Conflict, "gift_card_in_use"), await _shop.TryInitiateAsync(code));
        Assert.Equal(HttpStatusCode.OK, (await _shop.App.App.TryPostAsync($"redemptions/{first}/cancel", new { })).Status);
        string second = await _shop.InitiateAsync(code);
        _shop.AsManager();
        Assert.Equal((HttpStatusCode.Conflict, "redemption_over"), await _shop.ConfirmAsync(first));
        _shop.App.Clock.Jump(TimeSpan.FromMinutes(15));
        Assert.Equal((HttpStatusCode.Conflict, "redemption_over"), await _shop.ConfirmAsync(second));
        Assert.Equal("expired", await _shop.StateAsync(second));
        await _shop.InitiateAsync(code);
    }

    [Fact]
    public async Task Card_IsGoodAtItsMerchantOnly_WhereAndForWhomItMay()
    {
        (_, string code) = await _shop.WinAsync();
        _shop.AsOwner();
        string other = await _shop.AddBranchAsync("Airport", new { userId = Shop.Admin, role = Roles.Cashier });
        _shop.AsCashier();
        Assert.Equal(HttpStatusCode.Forbidden, (await _shop.TryInitiateAsync(code, other)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.TryInitiateAsync(code, _shop.App.NewId("BRANCH"))).Status);
        _shop.As(Shop.Cashier, Roles.Host);
        Assert.Equal(HttpStatusCode.Forbidden, (await _shop.TryInitiateAsync(code)).Status);
        _shop.As(Shop.Cashier, Roles.Cashier, EscrowApp.Host);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.TryInitiateAsync(code)).Status);

        string redemption = await _shop.InitiateAsync(code);
        _shop.As(Shop.Admin, Roles.BranchManager);
        Assert.Equal(HttpStatusCode.Forbidden, (await _shop.ConfirmAsync(redemption)).Status);
        _shop.As(Shop.Manager, Roles.BranchManager, EscrowApp.Host);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.ConfirmAsync(redemption)).Status);
        _shop.AsOwner();
        Assert.Equal(HttpStatusCode.OK, (await _shop.ConfirmAsync(redemption)).Status);
    }

    [Fact]
    public async Task WrongCodes_AreCounted_AndAllAnsweredAlike()
    {
        (_, string code) = await _shop.WinAsync();
        _shop.AsCashier();
        string[] wrong = ["", "0000-0000-0000-0000", "not a code", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"];
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal((HttpStatusCode.NotFound, "unknown_gift_card"), await _shop.TryInitiateAsync(wrong[i % wrong.Length]));
            _shop.App.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_attempts"), await _shop.TryInitiateAsync(code));
        _shop.App.Clock.Jump(TimeSpan.FromMinutes(15));
        await _shop.InitiateAsync(code);
    }

    [Fact]
    public async Task ReleasedCard_IsWorthNothing_AlsoBetweenTheTwoSteps()
    {
        (string escrow, string code) = await _shop.WinAsync();
        string redemption = await _shop.InitiateAsync(code);
        Assert.True((await _shop.App.Escrows.ReleaseAsync(EscrowApp.Host, escrow, "cancelled", default)).IsDone);
        _shop.AsManager();
        Assert.Equal((HttpStatusCode.Conflict, "gift_card_not_good"), await _shop.ConfirmAsync(redemption));
        Assert.Equal("cancelled", await _shop.StateAsync(redemption));
        _shop.AsCashier();
        Assert.Equal((HttpStatusCode.Conflict, "gift_card_not_good"), await _shop.TryInitiateAsync(code));
        Assert.Equal((EscrowApp.Funds, 0, 0), (await _shop.App.WalletAsync(), await _shop.EarnedAsync(),
            await _shop.App.PlatformAsync(AccountKind.Escrow)));
    }

    [Fact]
    public async Task RefusalOfTheFirstLeg_StepsBack_AndALaterConfirmationSettles()
    {
        (string escrow, string code) = await _shop.WinAsync();
        string redemption = await _shop.InitiateAsync(code);
        _shop.App.App.Provider.Faults = new([new(ProviderFaultMode.Refuse, "transfers", 1, "-NET")]);
        _shop.AsManager();
        Assert.Equal(HttpStatusCode.Accepted, (await _shop.ConfirmAsync(redemption)).Status);
        JsonElement back = await _shop.App.App.GetAsync($"redemptions/{redemption}");
        Assert.Equal("initiated", back.GetProperty("state").GetString());
        Assert.Equal(EscrowState.Allocated, await _shop.EscrowStateAsync(escrow));
        Assert.Equal(Shop.Amount, await _shop.App.PlatformAsync(AccountKind.Escrow));
        Assert.Equal(HttpStatusCode.OK, (await _shop.ConfirmAsync(redemption)).Status);
        await _shop.AssertSettledOnceAsync(escrow);
    }

    [Fact]
    public async Task RefusalOfTheSecondLeg_LeavesTheDatabaseUntouched_AndARetrySettlesOnce()
    {
        (string escrow, string code) = await _shop.WinAsync();
        string redemption = await _shop.InitiateAsync(code);
        _shop.App.App.Provider.Faults = new([new(ProviderFaultMode.Refuse, "transfers", 1, "-FEE")]);
        _shop.AsManager();
        Assert.Equal(HttpStatusCode.Accepted, (await _shop.ConfirmAsync(redemption)).Status);
        Assert.Equal("settling", await _shop.StateAsync(redemption));
        Assert.Equal(
            (EscrowState.Allocated, Shop.Amount, 0),
            (await _shop.EscrowStateAsync(escrow), await _shop.App.PlatformAsync(AccountKind.Escrow), await _shop.EarnedAsync()));
        EscrowResult release = await _shop.App.Escrows.ReleaseAsync(EscrowApp.Host, escrow, "too late", default);
        Assert.Equal(EscrowCode.Busy, release.Code);
        Assert.Equal(HttpStatusCode.OK, (await _shop.ConfirmAsync(redemption)).Status);
        await _shop.AssertSettledOnceAsync(escrow);
    }
}
