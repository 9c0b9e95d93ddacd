using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Store;

namespace FinVault.Portfolios;

/// <summary>Prices of one moment: the boards, and over them quotes that are newer.</summary>
internal sealed class PriceBook(
    BoardSnapshot boards, Exchanges exchanges, IReadOnlyDictionary<string, Quote>? newer = null)
{
    /// <summary>The price of a holding, and its exchange; null where none was ever seen.</summary>
    public (PricedAt Price, Exchange Exchange)? Find(HoldingDocument holding)
    {
        string symbol = SymbolOf(holding, exchanges);
        BoardSymbol? place = boards.Find(symbol)?.Symbol;
        Quote? quote = place is null ? null : boards.QuoteOf(place);
        if (newer is not null && newer.TryGetValue(symbol, out Quote? ticked) && !(quote?.Seq > ticked.Seq))
        {
            quote = ticked;
        }

        Exchange exchange = exchanges.Of(symbol);
        return quote is null ? null : (PricedAt.Of(quote, exchange.Currency), exchange);
    }

    /// <summary>Whether what is held has a price that is among the changed ones.</summary>
    public static bool HasTicked(HoldingDocument holding, Exchanges exchanges, Func<string, bool> hasChanged) =>
        holding.Position.Lots.Count > 0 && hasChanged(SymbolOf(holding, exchanges));

    private static string SymbolOf(HoldingDocument holding, Exchanges exchanges) =>
        exchanges.SymbolOf(holding.Position.Symbol, holding.Exchange);
}
