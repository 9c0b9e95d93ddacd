using System.Globalization;
using System.Text.Json.Serialization;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;

namespace FinVault.Market.Read;

/// <summary>Bars of a symbol over a range of dates: what the history holds, and over it what is still on the board.</summary>
public sealed class HistoryReader(BoardReader boards, HistoryStore history, TimeProvider time)
{
    public const int MaxYears = 5;
    public const int MaxRows = 1_000;

    /// <summary>One page of bars, in order of time.</summary>
    /// <exception cref="ProblemException">unknown_symbol, invalid_date, range_too_long, invalid_cursor.</exception>
    public async Task<Page<BarView>> ReadAsync(
        HistoryQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(page);
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        SymbolState state = snapshot.Find(query.Symbol)?.Symbol.State
            ?? throw Problems.UnknownSymbol.With($"No tick of {query.Symbol} was ever accepted.");
        List<Bar> bars = await BarsAsync(state, query.Range(state, time), query.IsDaily, cancellationToken);
        string kind = $"history:{query.Symbol}:{query.IsDaily}";
        int start = page.After<BarPlace>(kind) is { } after
            ? bars.FindIndex(b => b.Start > after.Start) is >= 0 and int next ? next : bars.Count
            : page.Offset;
        List<Bar> rows = [.. bars.Skip(start).Take(page.Limit)];
        bool hasNext = start + rows.Count < bars.Count;
        return new Page<BarView>(
            [.. rows.Select(b => BarView.Of(b, query.IsDaily))],
            hasNext && rows.Count > 0 ? Cursor.Write(kind, new BarPlace(rows[^1].Start)) : null,
            new Pagination(bars.Count, page.Limit, start, hasNext));
    }

    private async Task<List<Bar>> BarsAsync(
        SymbolState state, (DateOnly From, DateOnly To) range, bool daily, CancellationToken cancellationToken)
    {
        (ChunkKind kind, long from, long to) = daily
            ? (ChunkKind.Days, TradingDay.Starting(range.From).Bar.Start, TradingDay.Starting(range.To.AddDays(1)).Bar.Start)
            : (ChunkKind.Minutes, state.Exchange.Day(range.From).Starts, state.Exchange.Day(range.To).Ends);
        SortedDictionary<long, Bar> bars = [];
        foreach (Bar bar in await history.ReadBarsAsync(state.Symbol, kind, from, to, cancellationToken))
        {
            bars[bar.Start] = bar;
        }

        Bar[] open = daily ? [.. state.Days.Select(d => d.Bar)] : [.. state.Bars];
        foreach (Bar bar in open.Where(b => b.Start >= from && b.Start < to))
        {
            bars[bar.Start] = bar;
        }

        return [.. bars.Values];
    }

    private sealed record BarPlace(long Start);
}

/// <summary>What bars are asked for.</summary>
/// <param name="Start">First trading date; null: a year before the end for daily bars, the end for minute bars.</param>
/// <param name="End">Last trading date; null: the symbol's latest.</param>
public sealed record HistoryQuery(string Symbol, bool IsDaily, DateOnly? Start, DateOnly? End)
{
    /// <exception cref="ProblemException">invalid_interval, invalid_date.</exception>
    public static HistoryQuery Of(string symbol, string? interval, string? start, string? end) => new(
        symbol,
        interval switch
        {
            null or "" or "1d" => true,
            "1m" => false,
            _ => throw Problems.InvalidInterval.With("interval is 1m or 1d."),
        },
        QueryValues.Day("start_date", start),
        QueryValues.Day("end_date", end));

    /// <summary>The range of dates, inclusive.</summary>
    /// <exception cref="ProblemException">invalid_date, range_too_long.</exception>
    public (DateOnly From, DateOnly To) Range(SymbolState state, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(state);
        DateOnly to = End ?? state.Today?.Date ?? state.Exchange.DayOf(time.Now()).Date;
        DateOnly from = Start ?? (IsDaily ? to.AddYears(-1) : to);
        if (from > to)
        {
            throw Problems.InvalidDate.With("start_date is after end_date.");
        }

        return to <= from.AddYears(HistoryReader.MaxYears)
            ? (from, to)
            : throw Problems.RangeTooLong.With($"A request covers {HistoryReader.MaxYears} years at most.");
    }
}

/// <summary>A bar as clients see it.</summary>
/// <param name="Time">Start of the minute (ISO-8601 UTC) or the trading date.</param>
/// <param name="Volume">Traded in it, from the increments of the day's cumulative volume.</param>
/// <param name="Trades">Number of ticks.</param>
/// <param name="Vwap">Volume-weighted average price, daily bars only; absent when nothing was traded.</param>
public sealed record BarView(
    string Time,
    decimal Open,
    decimal High,
    decimal Low,
    decimal Close,
    long Volume,
    long Trades,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Vwap)
{
    public static BarView Of(Bar bar, bool daily)
    {
        ArgumentNullException.ThrowIfNull(bar);
        return new BarView(
            Micros.ToTime(bar.Start).ToString(daily ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            bar.Open, bar.High, bar.Low, bar.Close, bar.Volume, bar.Trades,
            daily && bar.Volume > 0 ? Math.Round(bar.Turnover / bar.Volume, 4) : null);
    }
}
