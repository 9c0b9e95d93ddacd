using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Tests.Escrow.Escrows;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Redemptions;

/// <summary>An approved merchant with a branch, a cashier, a manager and a card, all made over HTTP.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string Owner = "USER_01BX5ZZKBKACTAV9WEVGEMMVRZ";
    public const string Cashier = "USER_01CX5ZZKBKACTAV9WEVGEMMVRZ";
    public const string Manager = "USER_01DX5ZZKBKACTAV9WEVGEMMVRZ";
    public const string Admin = "USER_01EX5ZZKBKACTAV9WEVGEMMVRZ";
    public const long Amount = 50_000;

    private Shop(EscrowApp app) => App = app;

    public EscrowApp App { get; private set; }

    public string Branch { get; private set; } = "";

    public string Card { get; private set; } = "";

    public static async Task<Shop> OpenAsync(
        string? folder = null, ManualClock? clock = null, Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        Shop shop = new(await EscrowApp.StartAsync(folder, clock, change));
        await shop.App.FundAsync();
        shop.AsOwner();
        await shop.ApproveAsync();
        shop.Branch = await shop.AddBranchAsync("Main street");
        JsonElement card = await shop.App.App.PostAsync(
            "merchant/cards",
            new { name = "Tea for two", denomination = Amount, currency = "INR", stock = 5, validDays = 90 });
        shop.Card = card.GetProperty("id").GetString()!;
        return shop;
    }

    /// <summary>Stops as it is, and starts on the same data folder.</summary>
    public async Task RestartAsync(string folder, Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        ManualClock clock = App.Clock;
        await App.App.DisposeAsync();
        App = await EscrowApp.StartAsync(folder, clock, change);
    }

    public void AsOwner() => As(Owner, Roles.Merchant);

    public void AsCashier() => As(Cashier, Roles.Cashier);

    public void AsManager() => As(Manager, Roles.BranchManager);

    public void As(string user, string role, string tenant = EscrowApp.Seller) => App.App.SignInAs(user, tenant, role);

    public async Task ApproveAsync()
    {
        using HttpResponseMessage put = await App.App.Client.PutAsJsonAsync("api/v1/merchant", Profile());
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        await App.App.PostAsync("merchant/kyc", new { });
        App.App.SignInAs(Admin, EscrowApp.Host, Roles.Admin);
        await App.App.PostAsync($"operations/merchants/{EscrowApp.MerchantId}/review", new { approve = true });
        AsOwner();
    }

    public static object Profile(string legalName = "Tea House Ltd", string bank = "IN00BANK0001") => new
    {
        name = "Tea House", legalName, registrationNumber = "U1234", country = "IN", email = "tea@example.com",
        bankAccount = bank,
    };

    public async Task<string> AddBranchAsync(string name, params object[] staff)
    {
        object[] all = staff.Length > 0 ? staff
            : [new { userId = Cashier, role = Roles.Cashier }, new { userId = Manager, role = Roles.BranchManager }];
        JsonElement branch = await App.App.PostAsync("merchant/branches", new { name, address = "1 High St", staff = all });
        return branch.GetProperty("id").GetString()!;
    }

    /// <summary>A card that somebody has won: its escrow and its code.</summary>
    public async Task<(string Escrow, string Code)> WinAsync()
    {
        EscrowRequest request = App.GiftCard(Card, Amount);
        Assert.Equal(EscrowCode.Done, (await App.Escrows.CreateAsync(request, default)).Code);
        Assert.True((await App.Escrows.AllocateAsync(EscrowApp.Host, request.Id, EscrowApp.Winner(), default)).IsDone);
        PrizeClaim claim = await App.Escrows.ClaimAsync(EscrowApp.Host, request.Id, new("PARTICIPANT_1"), default);
        return (request.Id, claim.GiftCode!);
    }

    /// <summary>The cashier enters a code; the redemption's id.</summary>
    public async Task<string> InitiateAsync(string code)
    {
        AsCashier();
        JsonElement begun = await App.App.PostAsync("redemptions", new { code, branchId = Branch });
        Assert.Equal(("initiated", Amount), (begun.GetProperty("state").GetString(), begun.GetProperty("amount").GetInt64()));
        return begun.GetProperty("id").GetString()!;
    }

    public Task<(HttpStatusCode Status, string? Code)> TryInitiateAsync(string code, string? branch = null) =>
        App.App.TryPostAsync("redemptions", new { code, branchId = branch ?? Branch });

    public Task<(HttpStatusCode Status, string? Code)> ConfirmAsync(string redemption) =>
        App.App.TryPostAsync($"redemptions/{redemption}/confirm", new { });

    public async Task<string> StateAsync(string redemption) =>
        (await App.App.GetAsync($"redemptions/{redemption}")).GetProperty("state").GetString()!;

    public async Task<EscrowState> EscrowStateAsync(string escrow) =>
        (await App.Escrows.FindAsync(EscrowApp.Host, escrow, default))!.State;

    public async Task<long> EarnedAsync() =>
        (await App.App.BalanceAsync(PayableMerchant.AccountOf(EscrowApp.MerchantId, "INR"))).Available;

    /// <summary>What a settlement of one card leaves: provider part 1.7321 %, then 2.5 % of the rest.</summary>
    public async Task AssertSettledOnceAsync(string escrow)
    {
        SettlementSplit split = SettlementSplit.Of(Amount, new(EscrowApp.Fee, EscrowApp.Funds), 250);
        Assert.Equal(EscrowState.Settled, await EscrowStateAsync(escrow));
        Assert.Equal(
            (split.Net, split.Fee, 0, EscrowApp.Funds - Amount),
            (await EarnedAsync(), await App.PlatformAsync(AccountKind.Fee), await App.PlatformAsync(AccountKind.Escrow),
                await App.WalletAsync()));
        Assert.Equal(
            [$"{escrow}-FEE", $"{escrow}-NET"],
            App.App.Provider.Operations.Where(o => o.Kind == "transfers").Select(o => o.Reference).Order());
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
