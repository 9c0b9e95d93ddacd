using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>
/// Hosts' wallets, one a tenant and currency. What a wallet holds is an account of the ledger; here is what there is
/// beside it: the virtual account that fills it, the fees of its top-ups, and when to warn of low funds.
/// </summary>
public sealed class Wallets(
    WalletStore store, WalletCache cache, Ledger ledger, LedgerBooks books, IPaymentProvider provider)
{
    /// <summary>The ledger account of a wallet.</summary>
    public static string AccountOf(string tenantId, string currency) => $"WALLET-{tenantId}-{currency}";

    /// <summary>Opens the ledger account of a wallet, once; whoever moves money into it calls this first.</summary>
    public Task OpenAccountAsync(string tenantId, string currency, CancellationToken cancellationToken) =>
        ledger.OpenAccountAsync(AccountOf(tenantId, currency), AccountKind.Host, currency, cancellationToken);

    /// <summary>The wallet as it is; one that nobody opened is empty.</summary>
    public ValueTask<WalletView> ReadAsync(string tenantId, string currency, CancellationToken cancellationToken) =>
        cache.WalletAsync(
            AccountOf(tenantId, currency), token => LoadAsync(tenantId, currency, token), cancellationToken);

    /// <summary>Σ fee and Σ gross of all its top-ups, never from a cache: what an escrow keeps at its creation.</summary>
    public async Task<FeeAverage> FeeAverageAsync(
        string tenantId, string currency, CancellationToken cancellationToken) =>
        await store.FindAsync(tenantId, currency, cancellationToken) is { } wallet
            ? new(wallet.FeeTotal, wallet.GrossTotal)
            : FeeAverage.None;

    /// <summary>Opens the wallet and its virtual account. Repeated, it is what it was.</summary>
    public async Task<WalletView> OpenAsync(string tenantId, string currency, CancellationToken cancellationToken)
    {
        string account = AccountOf(tenantId, currency);
        WalletDocument? wallet = await store.FindAsync(tenantId, currency, cancellationToken);
        if (wallet?.VirtualAccount is null)
        {
            await store.EnsureAsync(tenantId, currency, cancellationToken);
            await OpenAccountAsync(tenantId, currency, cancellationToken);
            VirtualAccount opened = await provider.OpenVirtualAccountAsync(account, currency, cancellationToken);
            await store.SetVirtualAccountAsync(tenantId, currency, opened, cancellationToken);
            cache.Changed(account);
        }

        return await ReadAsync(tenantId, currency, cancellationToken);
    }

    /// <summary>Sets below what the tenant is warned.</summary>
    public async Task<WalletView> WatchAsync(
        string tenantId, string currency, long? threshold, CancellationToken cancellationToken)
    {
        await store.EnsureAsync(tenantId, currency, cancellationToken);
        await store.SetThresholdAsync(tenantId, currency, threshold, cancellationToken);
        cache.Changed(AccountOf(tenantId, currency));
        return await ReadAsync(tenantId, currency, cancellationToken);
    }

    /// <summary>The wallet's entries in the ledger, newest first.</summary>
    public ValueTask<Page<LedgerEntry>> TransactionsAsync(
        string tenantId, string currency, PageRequest page, CancellationToken cancellationToken)
    {
        string account = AccountOf(tenantId, currency);
        return cache.TransactionsAsync(
            account, page, token => books.StatementAsync(account, page, token), cancellationToken);
    }

    /// <summary>Its top-ups, newest first, each with its real fee.</summary>
    public async Task<Page<TopUp>> TopUpsAsync(
        string tenantId, string currency, PageRequest page, CancellationToken cancellationToken)
    {
        Page<TopUpDocument> rows = await store.TopUpsAsync(tenantId, currency, page, cancellationToken);
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    /// <summary>Warns the tenants whose wallets have become low, once each time.</summary>
    public async Task WarnOfLowFundsAsync(CancellationToken cancellationToken)
    {
        await foreach (WalletDocument wallet in store.WatchedAsync(cancellationToken))
        {
            LedgerAccount? account = await ledger.FindAccountAsync(
                AccountOf(wallet.Tenant, wallet.Currency), cancellationToken);
            long available = account?.Available ?? 0;
            if (available < wallet.LowThreshold && !wallet.IsLow)
            {
                await store.LowAsync(wallet, available, cancellationToken);
            }
            else if (available >= wallet.LowThreshold && wallet.IsLow)
            {
                await store.NoLongerLowAsync(wallet, cancellationToken);
            }
        }
    }

    private async Task<WalletView> LoadAsync(string tenant, string currency, CancellationToken cancellationToken)
    {
        WalletDocument? wallet = await store.FindAsync(tenant, currency, cancellationToken);
        LedgerAccount? account = await ledger.FindAccountAsync(AccountOf(tenant, currency), cancellationToken);
        return new(
            currency, Currencies.Exponents[currency], account?.Available ?? 0, account?.Held ?? 0,
            wallet?.VirtualAccount, new(wallet?.FeeTotal ?? 0, wallet?.GrossTotal ?? 0), wallet?.LowThreshold,
            account?.At);
    }
}
