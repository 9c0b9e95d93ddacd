namespace FinVault.Market.Rules;

/// <summary>A symbol's trading day so far.</summary>
/// <param name="date">The trading date, in the exchange's zone.</param>
/// <param name="bar">The day's bar; its start is the date at 00:00 UTC.</param>
/// <param name="highestVolume">The highest cumulative volume seen that day; a day starts at 0.</param>
public sealed class TradingDay(DateOnly date, Bar bar, long highestVolume = 0)
{
    public DateOnly Date { get; } = date;

    public Bar Bar { get; } = bar;

    public long HighestVolume { get; private set; } = highestVolume;

    public static TradingDay Starting(DateOnly date) =>
        new(date, new Bar(Calendar.Micros.Of(new DateTimeOffset(date.ToDateTime(default), TimeSpan.Zero))));

    /// <summary>By how much a cumulative volume goes over the highest one so far, which it then becomes.</summary>
    public long TakeIncrement(long volume)
    {
        long increment = Math.Max(0, volume - HighestVolume);
        HighestVolume += increment;
        return increment;
    }
}
