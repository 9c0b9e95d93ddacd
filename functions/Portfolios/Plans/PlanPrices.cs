using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Store;

namespace FinVault.Portfolios;

/// <summary>A price that a plan rests on.</summary>
/// <param name="Symbol">Of what, as the account calls it.</param>
/// <param name="Price">For one unit, in the currency that was asked for, at most 15 digits.</param>
/// <param name="Quoted">For one unit, in the exchange's currency.</param>
/// <param name="Currency">ISO 4217 of the exchange's prices.</param>
/// <param name="Rate">From that into the one that was asked for.</param>
/// <param name="AsOf">When FinVault took it.</param>
/// <param name="Stale">Whether it, or the rate, must not be taken for the current one.</param>
public sealed record PlanPrice(
    string Symbol, decimal Price, decimal Quoted, string Currency, decimal Rate, DateTimeOffset AsOf, bool Stale);

/// <summary>Prices of now for plans, in a currency, from the boards; the exchanges' hours beside them.</summary>
public sealed class PlanPrices(BoardReader boards, Exchanges exchanges, FxRates rates)
{
    private const int PriceDigits = 15;

    /// <summary>Prices by symbol; what has none is not among them.</summary>
    /// <param name="wanted">Symbols with their exchange, where that was told.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, PlanPrice>> ReadAsync(
        IEnumerable<(string Symbol, string? Exchange)> wanted, string currency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        Dictionary<string, LiveRate?> known = [];
        Dictionary<string, PlanPrice> prices = new(StringComparer.Ordinal);
        foreach ((string symbol, string? exchange) in wanted)
        {
            if (snapshot.Find(exchanges.SymbolOf(symbol, exchange))?.Symbol is not { } place)
            {
                continue;
            }

            Quote quote = snapshot.QuoteOf(place);
            string from = ExchangeOf(symbol, exchange).Currency;
            if (!known.TryGetValue(from, out LiveRate? rate))
            {
                known[from] = rate = await rates.NowAsync(from, currency, cancellationToken);
            }

            if (rate is not null && quote.Price > 0)
            {
                prices[symbol] = new(
                    symbol, ExactNumbers.Round(quote.Price * rate.Rate, PriceDigits), quote.Price, from, rate.Rate, quote.AsOf,
                    quote.Stale || rate.Stale);
            }
        }

        return prices;
    }

    /// <summary>When orders given now trade at the earliest: a minute from now in session, else when trading opens.</summary>
    public DateTimeOffset NextTrade(string symbol, string? exchange, DateTimeOffset now)
    {
        const int LongestPauseDays = 30;
        Exchange place = ExchangeOf(symbol, exchange);
        DateTimeOffset soon = now.AddMinutes(1);
        ExchangeDay day = place.DayOf(Micros.Of(soon));
        if (place.AlwaysOpen || day.StateAt(Micros.Of(soon)) == SessionState.Open)
        {
            return soon;
        }

        for (int i = 0; i < LongestPauseDays; i++, day = place.Day(day.Date.AddDays(1)))
        {
            if (day.IsTrading && day.Open > Micros.Of(now))
            {
                return Micros.ToTime(day.Open);
            }
        }

        return soon;
    }

    private Exchange ExchangeOf(string symbol, string? exchange) => exchanges.Of(exchanges.SymbolOf(symbol, exchange));
}
