using System.Globalization;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>
/// What is read of wallets again and again (ESC-21). The ledger says which account has changed, so within a process a
/// change is seen at once, whoever made it; what another process changed is seen after <see cref="TimeToLive"/>.
/// </summary>
public sealed class WalletCache
{
    private static readonly CacheLimits Limits = new(MaxEntries: 10_000);

    private readonly ReadThroughCache<WalletView> _wallets;
    private readonly ReadThroughCache<Page<LedgerEntry>> _transactions;

    public WalletCache(Ledger ledger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        _wallets = new("wallets", Limits, time);
        _transactions = new("walletTransactions", Limits, time);
        ledger.Changed += Changed;
    }

    public static TimeSpan TimeToLive => CacheLives.Wallet;

    /// <summary>Drops what is kept of an account.</summary>
    public void Changed(string account)
    {
        string key = Key(account);
        _wallets.Invalidate(key);
        _transactions.InvalidatePrefix(key);
    }

    internal ValueTask<WalletView> WalletAsync(
        string account, Func<CancellationToken, Task<WalletView>> load, CancellationToken cancellationToken) =>
        _wallets.GetAsync(Key(account), TimeToLive, load, cancellationToken);

    internal ValueTask<Page<LedgerEntry>> TransactionsAsync(
        string account, PageRequest page, Func<CancellationToken, Task<Page<LedgerEntry>>> load,
        CancellationToken cancellationToken) =>
        _transactions.GetAsync(
            CacheKey.Of("wallet", account, page.Limit.ToString(CultureInfo.InvariantCulture), page.Cursor ?? ""),
            TimeToLive, load, cancellationToken);

    private static string Key(string account) => CacheKey.Of("wallet", account);
}
