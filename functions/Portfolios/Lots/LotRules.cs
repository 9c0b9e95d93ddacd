namespace FinVault.Portfolios;

/// <summary>How an account books: which lots a sale takes, in which currency it counts, and whether it may owe units.</summary>
/// <param name="Method">Which lots leave when none are named.</param>
/// <param name="Currency">ISO 4217: the account's side of every amount.</param>
/// <param name="ShortSelling">Whether a sale may take more than is held: the rest is a lot of units that are owed.</param>
public sealed record LotRules(LotMethod Method, string Currency, bool ShortSelling = false)
{
    /// <summary>Decimal places that quantities keep after a split.</summary>
    public const int QuantityPlaces = 8;

    public static LotRules Of(PortfolioAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new(account.LotMethod, account.Currency, account.ShortSelling);
    }

    /// <summary>An amount of a transaction, also as the account counts it, rounded half-even at the trade's rate.</summary>
    /// <param name="transaction">Has the currency and the rate.</param>
    /// <param name="amount">Minor units of the transaction's currency.</param>
    public DualAmount Convert(PortfolioTransaction transaction, long amount)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Currency == Currency
            ? DualAmount.Same(amount)
            : new(amount, MinorUnits.Convert(amount, transaction.Currency, Currency, transaction.FxRate));
    }
}
