using System.Globalization;
using FinVault.Market.Calendar;
using FinVault.Market.Read;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>A close, and the day that it is of.</summary>
internal readonly record struct DayClose(DateOnly Day, decimal Price);

/// <summary>A symbol's daily closes over some days.</summary>
/// <param name="exchange">Where it trades.</param>
/// <param name="calendar">Says which of its days are over.</param>
/// <param name="closes">By day.</param>
internal sealed class SymbolCloses(
    Exchange exchange, SnapshotCalendar calendar, IReadOnlyDictionary<DateOnly, decimal> closes)
{
    /// <summary>How far back the last close of what did not trade may be.</summary>
    public const int MaxDaysBack = 10;

    public Exchange Exchange => exchange;

    /// <summary>The close that a day's snapshot goes by, if it is of the day itself.</summary>
    public decimal? Exactly(DateOnly day) =>
        closes.TryGetValue(calendar.LastOf(exchange, day), out decimal price) ? price : null;

    /// <summary>The close that a day's snapshot goes by: that day's or the last before; null where there is none.</summary>
    public DayClose? At(DateOnly day)
    {
        DateOnly last = calendar.LastOf(exchange, day);
        for (int back = 0; back <= MaxDaysBack; back++)
        {
            if (closes.TryGetValue(last.AddDays(-back), out decimal price))
            {
                return new(last.AddDays(-back), price);
            }
        }

        return null;
    }
}

/// <summary>Daily closes as the market keeps them: stored bars, and over them those that are still on the board.</summary>
public sealed class DailyCloses(
    BoardReader boards, HistoryStore history, Exchanges exchanges, SnapshotCalendar calendar, TimeProvider time)
{
    private const int MaxCached = 5_000;

    private static readonly TimeSpan CachedFor = TimeSpan.FromMinutes(5);

    private readonly ReadThroughCache<SymbolCloses> _cache = new("daily-closes", new CacheLimits(MaxCached), time);

    /// <summary>The symbol that the market knows a holding by.</summary>
    internal string SymbolOf(string symbol, string? exchange) => exchanges.SymbolOf(symbol, exchange);

    /// <summary>ISO 4217 of a symbol's prices.</summary>
    internal string CurrencyOf(string symbol) => exchanges.Of(symbol).Currency;

    /// <summary>Closes over a range of days, and of the few before it that may stand in.</summary>
    internal async Task<SymbolCloses> ReadAsync(
        string symbol, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        DateOnly first = from.AddDays(-SymbolCloses.MaxDaysBack - 1);
        // Whole years, as they are stored; and anew when a day has closed.
        string key = string.Create(
            CultureInfo.InvariantCulture, $"{symbol}:{first.Year}-{to.Year}:{calendar.LastClosed():yyyyMMdd}");
        return await _cache.GetAsync(
            key, CachedFor, token => LoadAsync(symbol, new(first.Year, 1, 1), new(to.Year, 12, 31), token), cancellationToken);
    }

    private async Task<SymbolCloses> LoadAsync(
        string symbol, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        (long start, long end) = (StartOf(from), StartOf(to.AddDays(1)));
        Dictionary<DateOnly, decimal> closes = [];
        foreach (Bar bar in await history.ReadBarsAsync(symbol, ChunkKind.Days, start, end, cancellationToken))
        {
            closes[DayOf(bar)] = bar.Close;
        }

        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        foreach (TradingDay day in snapshot.Find(symbol)?.Symbol.State.Days ?? [])
        {
            closes[day.Date] = day.Bar.Close;
        }

        return new(exchanges.Of(symbol), calendar, closes);
    }

    private static long StartOf(DateOnly day) => TradingDay.Starting(day).Bar.Start;

    private static DateOnly DayOf(Bar bar) => DateOnly.FromDateTime(Micros.ToTime(bar.Start).UtcDateTime);
}
