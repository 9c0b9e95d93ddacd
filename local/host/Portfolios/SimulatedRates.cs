using FinVault.Portfolios;

namespace FinVault.Local.Portfolios;

/// <summary>
/// Made-up exchange rates: each wobbles slowly around a plausible one, by the day, the same on every machine. They stand
/// in for whoever sells live rates, and for the central bank's table of the last years.
/// </summary>
internal sealed class SimulatedRates(TimeProvider time) : ILiveRates
{
    private const int Days = 800;

    // Units for one euro.
    private static readonly (string Currency, decimal Rate)[] Middles =
    [
        ("USD", 1.10m), ("INR", 96.0m), ("GBP", 0.86m), ("JPY", 165m), ("CHF", 0.95m), ("AED", 4.04m), ("SGD", 1.46m),
        ("AUD", 1.66m), ("CAD", 1.50m), ("ZAR", 20.0m),
    ];

    public Task<LiveTable?> ReadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        return Task.FromResult<LiveTable?>(new(
            Middles.ToDictionary(pair => pair.Currency, pair => Of(pair.Rate, pair.Currency, today)), now, "simulated"));
    }

    /// <summary>Every working day of the last two years and a bit.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> Table()
    {
        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        DateOnly[] days =
        [
            .. Enumerable.Range(0, Days).Select(back => today.AddDays(-back))
                .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)),
        ];
        return Middles.ToDictionary(
            pair => pair.Currency,
            pair => (IReadOnlyDictionary<DateOnly, decimal>)days.ToDictionary(
                day => day, day => Of(pair.Rate, pair.Currency, day)));
    }

    // Two waves of a season and of a fortnight, four per cent either way together.
    private static decimal Of(decimal middle, string currency, DateOnly day)
    {
        double phase = currency[0] + (2 * currency[2]);
        double wave = (0.03 * Math.Sin((day.DayNumber / 57.0) + phase)) + (0.01 * Math.Sin((day.DayNumber / 4.5) + phase));
        return DailyRates.Significant(decimal.Round(middle * (1 + (decimal)wave), 6));
    }
}
