namespace FinVault.Portfolios;

/// <summary>
/// Reads what a change needs of an account: a few symbols one by one, many of them with all the rest in one query.
/// </summary>
internal sealed class BookSource(PortfolioStore store, AccountDocument account, int symbols)
{
    private const int Few = 8;

    private Dictionary<string, HoldingDocument>? _holdings;
    private ILookup<string?, PortfolioTransaction>? _transactions;

    public async Task<HoldingDocument?> HoldingAsync(string symbol, CancellationToken cancellationToken)
    {
        if (symbols <= Few)
        {
            return await store.FindHoldingAsync(account, symbol, cancellationToken);
        }

        _holdings ??= (await store.HoldingsAsync(account.Account, cancellationToken))
            .ToDictionary(holding => holding.Position.Symbol, StringComparer.Ordinal);
        return _holdings.GetValueOrDefault(symbol);
    }

    public async Task<IEnumerable<PortfolioTransaction>> TransactionsAsync(
        string symbol, CancellationToken cancellationToken)
    {
        if (symbols <= Few)
        {
            return await store.TransactionsAsync(account.Account, symbol, cancellationToken);
        }

        _transactions ??= (await store.TransactionsAsync(account.Account, null, cancellationToken))
            .ToLookup(transaction => transaction.Symbol, StringComparer.Ordinal);
        return _transactions[symbol];
    }
}
