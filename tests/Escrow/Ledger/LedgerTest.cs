using FinVault.Escrow;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>A ledger on an embedded store in memory, with a provider, a host, a merchant, and a fee account.</summary>
public abstract class LedgerTest : IAsyncLifetime
{
    internal const string Bank = "BANK";
    internal const string Host = "HOST_1";
    internal const string Merchant = "MERCHANT_1";

    internal ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 9, 15, 0, TimeSpan.Zero));

    internal EmbeddedCosmos Cosmos { get; private set; } = null!;

    internal CosmosClient Client { get; private set; } = null!;

    internal FinVault.Escrow.Ledger Ledger { get; private set; } = null!;

    internal LedgerBooks Books { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Cosmos = EmbeddedCosmos.Open(null, Clock);
        await Cosmos.EnsureCreatedAsync(
            Containers.Database, Containers.All.Where(c => c.Name == Containers.Ledger), default);
        Client = Cosmos.CreateClient(Json.Options);
        Books = new LedgerBooks(Client, Clock);
        Ledger = AnotherProcess();
        await Ledger.OpenAccountAsync(Bank, AccountKind.Provider, "INR", default);
        await Ledger.OpenAccountAsync(Host, AccountKind.Host, "INR", default);
        await Ledger.OpenAccountAsync(Merchant, AccountKind.Merchant, "INR", default);
    }

    public virtual async Task DisposeAsync()
    {
        Cosmos.Faults.Clear();
        await AssertBooksAsync();
        Client.Dispose();
        Cosmos.Dispose();
    }

    /// <summary>A ledger that shares nothing with the others but the store.</summary>
    internal FinVault.Escrow.Ledger AnotherProcess(CosmosClient? client = null) =>
        new(new LedgerStore(client ?? Client, Clock), new LedgerBooks(client ?? Client, Clock), Clock);

    internal async Task FundAsync(long amount, string account = Host) => Assert.Equal(
        TransferCode.Posted,
        (await Ledger.TransferAsync(new($"TOPUP_{account}_{amount}", Bank, account, amount, "INR"), default)).Code);

    internal static TransferRequest Pay(long amount, string id = "PAY") => new(id, Host, Merchant, amount, "INR", "escrow 1");

    internal Task<TransferResult> HoldAsync(long amount, string id = "HOLD") =>
        Ledger.HoldAsync(Pay(amount, id), TimeSpan.FromHours(1), default);

    internal async Task<(long Available, long Held)> BalanceAsync(string account)
    {
        LedgerAccount found = (await Ledger.FindAccountAsync(account, default))!;
        return (found.Available, found.Held);
    }

    internal async Task<List<T>> AllAsync<T>(string type)
    {
        List<T> all = [];
        using FeedIterator<T> pages = Client.GetContainer(Containers.Database, Containers.Ledger)
            .GetItemQueryIterator<T>($"SELECT * FROM c WHERE c.type = '{type}'");
        while (pages.HasMoreResults)
        {
            all.AddRange(await pages.ReadNextAsync());
        }

        return all;
    }

    /// <summary>What must be so at every instant, whatever is half done.</summary>
    internal async Task<TrialBalance> AssertBalancedAsync()
    {
        TrialBalance balance = await Books.TrialBalanceAsync(default);
        Assert.True(balance.Balanced);
        Assert.All(await AllAsync<LedgerAccount>("balance"), account =>
        {
            Assert.Equal(0, account.Available + account.Held + account.Clearing);
            Assert.True(account.Available >= account.Floor, $"{account}");
            Assert.True(account.Held >= 0, $"{account}");
        });
        return balance;
    }

    /// <summary>What must be so when nothing is half done.</summary>
    internal async Task AssertSettledAsync() =>
        Assert.All((await AssertBalancedAsync()).Currencies, currency => Assert.Equal(0, currency.Clearing));

    internal virtual async Task AssertBooksAsync()
    {
        await AssertBalancedAsync();
        foreach (LedgerAccount account in await AllAsync<LedgerAccount>("balance"))
        {
            JournalCheck check = await Books.VerifyAsync(account, default);
            Assert.True(check.Intact, $"{check}");
        }
    }
}
