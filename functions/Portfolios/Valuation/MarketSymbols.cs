using FinVault.Market.Calendar;

namespace FinVault.Portfolios;

/// <summary>How accounts and the market name the same thing.</summary>
internal static class MarketSymbols
{
    /// <summary>
    /// The symbol that the market knows a holding by: one of another exchange, such as Bombay's, may be told by its name
    /// alone.
    /// </summary>
    public static string SymbolOf(this Exchanges exchanges, string symbol, string? exchange)
    {
        string told = $"{exchange}:{symbol}";
        return exchange is not null && exchanges.Of(told).Code == exchange && exchanges.Of(symbol).Code != exchange
            ? told
            : symbol;
    }
}
