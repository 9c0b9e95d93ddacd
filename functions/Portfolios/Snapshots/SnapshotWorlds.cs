namespace FinVault.Portfolios;

/// <summary>Reads what the world was on days that are to be measured: daily closes, and daily rates.</summary>
public sealed class SnapshotWorlds(DailyCloses closes, FxRates rates)
{
    /// <summary>Closes and rates of everything that an account held or traded on the days.</summary>
    /// <param name="account">The account.</param>
    /// <param name="replay">Of it, up to the day before.</param>
    /// <param name="since">The day before.</param>
    /// <param name="days">Ascending.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task<SnapshotWorld> ReadAsync(
        PortfolioAccount account, AccountReplay replay, DateOnly since, DateOnly[] days, CancellationToken cancellationToken)
    {
        PortfolioTransaction[] fresh =
            [.. replay.All.Where(t => AccountReplay.DateOf(t) > since && AccountReplay.DateOf(t) <= days[^1])];
        string[] symbols =
        [
            .. replay.Positions.Where(position => position.Lots.Count > 0).Select(position => position.Symbol)
                .Concat(fresh.Select(t => t.Symbol).OfType<string>()).Distinct(StringComparer.Ordinal),
        ];
        return ReadAsync(
            account.Currency, symbols.ToDictionary(symbol => symbol, symbol => ExchangeOf(replay.All, symbol)),
            [.. replay.Cash.Keys, .. fresh.Select(t => t.Currency)], days, cancellationToken);
    }

    /// <param name="account">The currency that rates lead to.</param>
    /// <param name="symbols">Each with its exchange, where one is known.</param>
    /// <param name="currencies">Besides those of the symbols.</param>
    /// <param name="days">Ascending.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<SnapshotWorld> ReadAsync(
        string account, IReadOnlyDictionary<string, string?> symbols, IEnumerable<string> currencies, DateOnly[] days,
        CancellationToken cancellationToken)
    {
        Dictionary<string, SymbolCloses> prices = new(StringComparer.Ordinal);
        foreach ((string symbol, string? exchange) in symbols)
        {
            prices[symbol] = await closes.ReadAsync(
                closes.SymbolOf(symbol, exchange), days[0], days[^1], cancellationToken);
        }

        Dictionary<(string Currency, DateOnly Day), decimal> known = [];
        string[] foreign =
        [
            .. prices.Values.Select(one => one.Exchange.Currency).Concat(currencies)
                .Distinct(StringComparer.Ordinal).Where(currency => currency != account),
        ];
        foreach (string currency in foreign)
        {
            foreach (DateOnly day in days)
            {
                if (await rates.OnAsync(currency, account, day, cancellationToken) is { } quote)
                {
                    known[(currency, day)] = quote.Rate;
                }
            }
        }

        return new(prices, known) { Foreign = foreign };
    }

    internal static string? ExchangeOf(IEnumerable<PortfolioTransaction> all, string symbol) =>
        all.Where(t => t.Symbol == symbol && t.Exchange is not null).OrderBy(t => t.Sequence).LastOrDefault()?.Exchange;
}
