namespace FinVault.Portfolios;

/// <summary>What transactions do to an account's money. Pure, and the same in any order.</summary>
public static class CashFlow
{
    /// <summary>Minor units of the transaction's currency: above 0 comes in, below 0 goes out.</summary>
    public static long Of(PortfolioTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        (long amount, long fees) = (transaction.Amount, transaction.Fees);
        return transaction.Kind switch
        {
            TransactionKind.Buy or TransactionKind.Withdrawal or TransactionKind.Fee => -amount - fees,
            TransactionKind.Sell or TransactionKind.Dividend or TransactionKind.ReturnOfCapital
                or TransactionKind.Deposit => amount - fees,
            // Units that are transferred move no money but fees.
            TransactionKind.TransferIn => (transaction.Symbol is null ? amount : 0) - fees,
            TransactionKind.TransferOut => -(transaction.Symbol is null ? amount : 0) - fees,
            _ => -fees,
        };
    }

    /// <summary>Adds (or with -1 takes back) flows to balances by currency; what is 0 is left out.</summary>
    public static IReadOnlyDictionary<string, long> Add(
        IReadOnlyDictionary<string, long> balances, IEnumerable<PortfolioTransaction> transactions, int sign = 1)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        SortedDictionary<string, long> sum = new(balances.ToDictionary(), StringComparer.Ordinal);
        foreach (PortfolioTransaction transaction in transactions)
        {
            sum[transaction.Currency] =
                checked(sum.GetValueOrDefault(transaction.Currency) + (sign * Of(transaction)));
        }

        return sum.Where(pair => pair.Value != 0).ToDictionary();
    }
}
