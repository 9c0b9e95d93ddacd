using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Escrows;

/// <summary>FinVault with a funded host, a merchant of another tenant and its cards.</summary>
internal sealed class EscrowApp : IAsyncDisposable
{
    public const string Host = PaymentsApp.Tenant;
    public const string Seller = PaymentsApp.OtherTenant;
    public const string MerchantId = "MERCHANT_01BX5ZZKBKACTAV9WEVGEMMVRZ";
    public const long Funds = 1_000_000;
    public const long Fee = 17_321;

    private EscrowApp(PaymentsApp app) => App = app;

    public PaymentsApp App { get; }

    public ManualClock Clock => App.Clock;

    public FinVault.Escrow.Escrows Escrows => App.Get<FinVault.Escrow.Escrows>();

    public CardCatalogue Cards => App.Get<CardCatalogue>();

    public static async Task<EscrowApp> StartAsync(
        string? folder = null, ManualClock? clock = null, Func<LocalHostOptions, LocalHostOptions>? change = null) =>
        new(await PaymentsApp.StartAsync(folder, clock, change: change));

    /// <summary>Tops the host's wallet up by <see cref="Funds"/>, of which the provider keeps <see cref="Fee"/>.</summary>
    public async Task FundAsync(long gross = Funds, long fee = Fee, string reference = "BANK_1")
    {
        App.SignIn(Roles.Host);
        string account = await App.OpenWalletAsync();
        await App.SendEventAsync($"EVT_{reference}", "topup", PaymentsApp.TopUp(account, gross, fee, reference));
    }

    public async Task<string> AddCardAsync(long denomination = 50_000, int stock = 3, int validDays = 90)
    {
        string id = NewId("CARD");
        await Cards.AddAsync(
            new(id, id, MerchantId, "Tea for two", denomination, "INR", stock, validDays, "", null, CardState.Listed,
                Clock.GetUtcNow()),
            default);
        return id;
    }

    public string NewId(string prefix) => Ids.New(prefix, Clock);

    public EscrowRequest GiftCard(string cardId, long amount = 50_000, string? id = null) =>
        new(id ?? NewId("ESCROW"), Host, amount, "INR", PrizeBacking.GiftCard(cardId), "EVENT_1");

    public EscrowRequest Airtime(long amount = 10_000, string? id = null) =>
        new(id ?? NewId("ESCROW"), Host, amount, "INR", PrizeBacking.Airtime, "EVENT_1");

    public static EscrowHolder Winner(int number = 1) => new($"PARTICIPANT_{number}", $"winner{number}@example.com");

    /// <summary>What the wallet has.</summary>
    public async Task<long> WalletAsync() => (await App.BalanceAsync(Wallets.AccountOf(Host, "INR"))).Available;

    /// <summary>What a platform account has.</summary>
    public async Task<long> PlatformAsync(AccountKind kind) =>
        (await App.BalanceAsync(LedgerAccount.PlatformId(kind, "INR"))).Available;

    public async Task<int> StockAsync(string cardId) => (await Cards.FindAsync(cardId, default))!.Available;

    public async ValueTask DisposeAsync()
    {
        await App.AssertBalancedAsync();
        await App.DisposeAsync();
    }
}
