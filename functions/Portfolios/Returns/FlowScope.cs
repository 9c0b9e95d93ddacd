namespace FinVault.Portfolios;

/// <summary>Whose border a flow must cross to count. What stays inside is no flow.</summary>
public enum FlowScope
{
    /// <summary>All of an owner's accounts with their cash: deposits and withdrawals.</summary>
    Total,

    /// <summary>An account with its cash: also transfers. Purchases and sales only turn cash into units.</summary>
    Account,

    /// <summary>Units without cash, of one symbol or several: purchases, sales, dividends, fees, transfers.</summary>
    Holding,
}

/// <summary>Which transactions are external flows, and how large. What a flow itself costs is a loss, no flow.</summary>
public static class ExternalFlows
{
    /// <summary>The flows of each day, ascending; minor units of the account's currency.</summary>
    /// <param name="transactions">Of one account; for a holding those of its symbol. Those not in force are ignored.</param>
    /// <param name="scope">Whose border counts.</param>
    /// <param name="rules">The account's.</param>
    /// <param name="worth">
    /// What the units of a transfer were worth when they moved, minor units of the account's currency; null where that
    /// is not known, for which their cost stands in.
    /// </param>
    public static IReadOnlyList<BorderFlow> Of(
        IEnumerable<PortfolioTransaction> transactions, FlowScope scope, LotRules rules,
        Func<PortfolioTransaction, long?>? worth = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return
        [
            .. PortfolioTransaction.InForce(transactions)
                .Select(transaction => (
                    Date: DateOnly.FromDateTime(transaction.TradedAt.UtcDateTime),
                    Flow: Signed(transaction, scope, rules, worth)))
                .Where(one => one.Flow != 0)
                .GroupBy(one => one.Date)
                .OrderBy(day => day.Key)
                .Select(day => new BorderFlow(
                    day.Key, day.Sum(one => Math.Max(one.Flow, 0)), day.Sum(one => Math.Max(-one.Flow, 0)))),
        ];
    }

    /// <summary>Above 0 goes in.</summary>
    private static long Signed(
        PortfolioTransaction transaction, FlowScope scope, LotRules rules, Func<PortfolioTransaction, long?>? worth)
    {
        long gross = rules.Convert(transaction, transaction.Amount + transaction.Fees).Account;
        long net = rules.Convert(transaction, transaction.Amount - transaction.Fees).Account;
        long amount = rules.Convert(transaction, transaction.Amount).Account;
        long Moved() => transaction.Symbol is null ? amount : worth?.Invoke(transaction) ?? Cost(transaction, gross);
        return (scope, transaction.Kind) switch
        {
            (FlowScope.Holding, TransactionKind.Buy or TransactionKind.Fee) => gross,
            (FlowScope.Holding, TransactionKind.Sell or TransactionKind.Dividend or TransactionKind.ReturnOfCapital) => -net,
            (FlowScope.Total or FlowScope.Account, TransactionKind.Deposit) => amount,
            (FlowScope.Total or FlowScope.Account, TransactionKind.Withdrawal) => -amount,
            (FlowScope.Account or FlowScope.Holding, TransactionKind.TransferIn) => Moved(),
            (FlowScope.Account or FlowScope.Holding, TransactionKind.TransferOut) => -Moved(),
            _ => 0,
        };
    }

    private static long Cost(PortfolioTransaction transfer, long gross) =>
        transfer.Lots.Count > 0 ? transfer.Lots.Sum(lot => lot.AccountCost) : gross;
}
