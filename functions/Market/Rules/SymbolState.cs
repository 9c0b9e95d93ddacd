using FinVault.Market.Calendar;

namespace FinVault.Market.Rules;

/// <summary>
/// Everything that FinVault keeps of one symbol while it trades, and the rules for a tick that was parsed and is a
/// positive price with a non-negative volume. Pure: no clock, no store. Not safe for concurrent use; a shard's ticks
/// come one batch after the other.
/// </summary>
public sealed class SymbolState(string symbol, Exchange exchange)
{
    /// <summary>A tick whose minute ended longer ago than this, by the symbol's own time, is too late for its bar.</summary>
    public const long LatenessMicros = 120 * Micros.PerSecond;

    public string Symbol { get; } = symbol;

    public Exchange Exchange { get; } = exchange;

    /// <summary>The quote; null before the first accepted tick.</summary>
    public QuoteState? Quote { get; private set; }

    /// <summary>Number of the last kept tick.</summary>
    public long Seq { get; private set; }

    /// <summary>The number that was last published: what a client without a gap holds.</summary>
    public long Published { get; set; }

    public TickRing Ring { get; private set; } = new();

    /// <summary>The day of the quote; null before the first accepted tick.</summary>
    public TradingDay? Today => Days.Count > 0 ? Days[^1] : null;

    /// <summary>Today, and before it the days that a late tick may still change or that are not stored yet.</summary>
    public List<TradingDay> Days { get; } = [];

    /// <summary>Minute bars that may still change or are not stored yet, oldest first.</summary>
    public List<Bar> Bars { get; } = [];

    /// <summary>Applies rules 2 to 5 of the market slice to a tick and counts what became of it.</summary>
    public TickOutcome Apply(
        decimal price, long volume, long eventTime, long asOf, string source, IngestCounters counters)
    {
        TickOutcome outcome = Judge(price, volume, eventTime, out ExchangeDay day);
        counters.Count(outcome);
        if (outcome is not (TickOutcome.Accepted or TickOutcome.Late))
        {
            return outcome;
        }

        Ring.Add(new Tick(++Seq, price, volume, eventTime));
        if (outcome == TickOutcome.Accepted)
        {
            Accept(price, volume, eventTime, asOf, source, day, counters);
        }

        AddToBars(price, volume, eventTime, day.Date);
        return outcome;
    }

    /// <summary>Whether a minute bar can no longer change: its minute is too long ago for late ticks.</summary>
    public bool IsFinal(Bar minute) => Quote is { } quote && IsTooLate(minute.Start, quote.EventTime);

    /// <summary>Whether a day can no longer change: its last minute is too long ago for late ticks.</summary>
    public bool IsFinal(TradingDay day) =>
        Quote is { } quote && IsTooLate(Micros.MinuteOf(day.Bar.CloseTime), quote.EventTime);

    /// <summary>Forgets the bars and the day that are stored and can no longer change.</summary>
    public void Forget()
    {
        Bars.RemoveAll(bar => bar.IsStored && IsFinal(bar));
        Days.RemoveAll(day => day != Today && day.Bar.IsStored && IsFinal(day));
    }

    /// <summary>Takes over what was stored.</summary>
    public void Restore(
        long seq, long published, QuoteState? quote, IEnumerable<TradingDay> days, IEnumerable<Bar> bars)
    {
        (Seq, Published, Quote) = (seq, published, quote);
        Days.AddRange(days);
        Bars.AddRange(bars);
    }

    public void Restore(TickRing ring) => Ring = ring;

    private TickOutcome Judge(decimal price, long volume, long eventTime, out ExchangeDay day)
    {
        day = Exchange.DayOf(eventTime);
        if (!day.Accepts(eventTime))
        {
            return TickOutcome.OutOfSession;
        }

        if (Ring.Contains(eventTime, price, volume))
        {
            return TickOutcome.Duplicate;
        }

        if (Quote is not { } quote || eventTime >= quote.EventTime)
        {
            return TickOutcome.Accepted;
        }

        return IsTooLate(Micros.MinuteOf(eventTime), quote.EventTime) ? TickOutcome.TooLate : TickOutcome.Late;
    }

    private static bool IsTooLate(long minuteStart, long newest) =>
        newest - (minuteStart + Micros.PerMinute) > LatenessMicros;

    private void Accept(
        decimal price, long volume, long eventTime, long asOf, string source, ExchangeDay day, IngestCounters counters)
    {
        if (Today is null || Today.Date < day.Date)
        {
            Days.Add(TradingDay.Starting(day.Date));
            Quote = new QuoteState(price, volume, price, price, price, Quote?.Price, eventTime, asOf, source);
            return;
        }

        if (volume < Today.HighestVolume)
        {
            counters.VolumeReset++;
        }

        QuoteState quote = Quote!;
        Quote = quote with
        {
            Price = price,
            Volume = volume,
            High = Math.Max(quote.High, price),
            Low = Math.Min(quote.Low, price),
            EventTime = eventTime,
            AsOf = asOf,
            Source = source,
        };
    }

    private void AddToBars(decimal price, long volume, long eventTime, DateOnly date)
    {
        TradingDay day = Day(date);
        long increment = day.TakeIncrement(volume);
        day.Bar.Add(price, eventTime, increment);
        MinuteBar(Micros.MinuteOf(eventTime)).Add(price, eventTime, increment);
    }

    // A late tick may be the first of its day: the day before had none, or the symbol is new.
    private TradingDay Day(DateOnly date)
    {
        int at = Days.Count;
        while (at > 0 && Days[at - 1].Date >= date)
        {
            if (Days[--at].Date == date)
            {
                return Days[at];
            }
        }

        TradingDay day = TradingDay.Starting(date);
        Days.Insert(at, day);
        return day;
    }

    private Bar MinuteBar(long start)
    {
        int at = Bars.Count;
        while (at > 0 && Bars[at - 1].Start >= start)
        {
            if (Bars[--at].Start == start)
            {
                return Bars[at];
            }
        }

        Bar bar = new(start);
        Bars.Insert(at, bar);
        return bar;
    }
}
