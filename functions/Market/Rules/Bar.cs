namespace FinVault.Market.Rules;

/// <summary>Open, high, low, close of the kept ticks of a minute or a trading day. Late ticks still change it.</summary>
public sealed class Bar
{
    private long _openTime;
    private long _closeTime;

    /// <param name="start">Start of the minute, or of the trading date, microseconds since the Unix epoch.</param>
    public Bar(long start) => Start = start;

    /// <summary>A bar as it was stored; the two times are those of its open and close.</summary>
    public Bar(
        long start, decimal open, decimal high, decimal low, decimal close, long volume, long trades,
        decimal turnover, long openTime, long closeTime)
    {
        (Start, Open, High, Low, Close) = (start, open, high, low, close);
        (Volume, Trades, Turnover) = (volume, trades, turnover);
        (_openTime, _closeTime) = (openTime, closeTime);
    }

    public long Start { get; }

    public decimal Open { get; private set; }

    public decimal High { get; private set; }

    public decimal Low { get; private set; }

    public decimal Close { get; private set; }

    /// <summary>Sum of the increments of the day's cumulative volume.</summary>
    public long Volume { get; private set; }

    /// <summary>Number of ticks.</summary>
    public long Trades { get; private set; }

    /// <summary>Sum of price times volume increment: turnover over volume is the VWAP.</summary>
    public decimal Turnover { get; private set; }

    /// <summary>Whether the history holds the bar as it stands; a further tick takes that back.</summary>
    public bool IsStored { get; set; }

    public long OpenTime => _openTime;

    public long CloseTime => _closeTime;

    /// <summary>Adds a tick. Ticks come in order of arrival; open and close go by (event time, arrival).</summary>
    public void Add(decimal price, long eventTime, long volumeIncrement)
    {
        if (Trades == 0 || eventTime < _openTime)
        {
            (Open, _openTime) = (price, eventTime);
        }

        if (Trades == 0 || eventTime >= _closeTime)
        {
            (Close, _closeTime) = (price, eventTime);
        }

        High = Trades == 0 ? price : Math.Max(High, price);
        Low = Trades == 0 ? price : Math.Min(Low, price);
        Volume += volumeIncrement;
        Turnover += price * volumeIncrement;
        Trades++;
        IsStored = false;
    }
}
