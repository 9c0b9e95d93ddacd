using FinVault.Market.Calendar;

namespace FinVault.Portfolios;

/// <summary>The days that have a snapshot: trading days of the first exchange, once their last ticks are in.</summary>
public sealed class SnapshotCalendar(Exchanges exchanges, TimeProvider time)
{
    private readonly Exchange _exchange = exchanges.All[0];

    /// <summary>The last trading day that is over.</summary>
    public DateOnly LastClosed() => LastClosed(time.Now());

    /// <summary>The last trading day that was over at a time, microseconds since the Unix epoch.</summary>
    public DateOnly LastClosed(long now)
    {
        ExchangeDay day = _exchange.DayOf(now);
        while (!day.IsTrading || now <= day.AcceptTo)
        {
            day = _exchange.Day(day.Date.AddDays(-1));
        }

        return day.Date;
    }

    /// <summary>Until when a day's last ticks come in, microseconds since the Unix epoch.</summary>
    public long EndOf(DateOnly day) => _exchange.Day(day).AcceptTo;

    /// <summary>The first day whose snapshot goes by another exchange's close of a date.</summary>
    public DateOnly FirstAfter(Exchange other, DateOnly date)
    {
        DateOnly day = date;
        while (!_exchange.IsTradingDay(day) || LastOf(other, day) < date)
        {
            day = day.AddDays(1);
        }

        return day;
    }

    /// <summary>Trading days of a range, both ends in it.</summary>
    public IEnumerable<DateOnly> Between(DateOnly from, DateOnly to)
    {
        for (DateOnly day = from; day <= to; day = day.AddDays(1))
        {
            if (_exchange.IsTradingDay(day))
            {
                yield return day;
            }
        }
    }

    /// <summary>The day itself, or the last trading day before it.</summary>
    public DateOnly OnOrBefore(DateOnly day)
    {
        while (!_exchange.IsTradingDay(day))
        {
            day = day.AddDays(-1);
        }

        return day;
    }

    /// <summary>
    /// The last date of another exchange that is over when a day's snapshot is made. One that trades around the clock
    /// is still in the middle of its day then.
    /// </summary>
    public DateOnly LastOf(Exchange other, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Day(day).AcceptTo <= _exchange.Day(day).AcceptTo ? day : day.AddDays(-1);
    }
}
