namespace FinVault.Portfolios;

/// <summary>A rate, and what it rests on.</summary>
/// <param name="From">ISO 4217.</param>
/// <param name="To">ISO 4217.</param>
/// <param name="Asked">The day that was asked for.</param>
/// <param name="Day">The day whose rate it is: the last one with a rate, since banks rest and tables have gaps.</param>
/// <param name="Rate">Units of <paramref name="To"/> for one of <paramref name="From"/>; 12 significant digits.</param>
public sealed record FxQuote(string From, string To, DateOnly Asked, DateOnly Day, decimal Rate);

/// <summary>Rates of one currency by day: units for one euro, as central banks publish them.</summary>
public sealed class DailyRates(IReadOnlyDictionary<DateOnly, decimal> days)
{
    /// <summary>How far a weekend, holiday or gap rolls back. Beyond this a rate is too old to be called one.</summary>
    public const int MaxDaysBack = 10;

    private static readonly DailyRates Euro = new(new Dictionary<DateOnly, decimal>());

    /// <summary>
    /// The rate between two currencies on the last day, at most <see cref="MaxDaysBack"/> before the one asked for, on
    /// which both have one; null when there is none. The euro has 1 on every day on which the other has a rate.
    /// </summary>
    /// <param name="from">Rates of the one; null for the euro.</param>
    /// <param name="to">Rates of the other; null for the euro.</param>
    /// <param name="day">The day asked for.</param>
    public static (DateOnly Day, decimal Rate)? Cross(DailyRates? from, DailyRates? to, DateOnly day)
    {
        (DailyRates one, DailyRates other) = (from ?? Euro, to ?? Euro);
        for (int back = 0; back <= MaxDaysBack && day.DayNumber - back >= 0; back++)
        {
            DateOnly at = day.AddDays(-back);
            if (one.On(at) is { } ofFrom && other.On(at) is { } ofTo)
            {
                return (at, Significant(ofTo / ofFrom));
            }
        }

        return null;
    }

    /// <summary>Rounded to 12 significant digits.</summary>
    public static decimal Significant(decimal rate) => ExactNumbers.Round(rate, 12);

    private decimal? On(DateOnly day) => this == Euro ? 1 : days.TryGetValue(day, out decimal rate) ? rate : null;
}
