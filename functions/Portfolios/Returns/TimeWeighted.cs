namespace FinVault.Portfolios;

/// <summary>
/// Time-weighted return: the growth of each sub-period between external flows, multiplied. It does not depend on when
/// and how much the investor put in (GIPS; flows in at the start and out at the end of their day).
/// </summary>
internal static class TimeWeighted
{
    /// <summary>What capital was multiplied by; 1 where there was none and nothing came of it; else null.</summary>
    public static double? Growth(long begin, long end) => (begin, end) switch
    {
        (> 0, >= 0) => (double)end / begin,
        (0, 0) => 1,
        _ => null,
    };

    /// <param name="start">The day whose end the window begins with, and the value then.</param>
    /// <param name="days">The window's days after it, ascending.</param>
    public static IReadOnlyList<SubPeriod> SubPeriods(DayValue start, IReadOnlyList<DayValue> days)
    {
        List<SubPeriod> periods = [];
        (DateOnly from, DateOnly before, long begin, long value) = (start.Date, start.Date, start.Value, start.Value);
        foreach (DayValue day in days)
        {
            if (day.In != 0 && before > from)
            {
                periods.Add(Period(from, before, begin, value));
                (from, begin) = (before, value);
            }

            begin += day.In;
            (before, value) = (day.Date, day.Value);
            if (day.Out != 0)
            {
                periods.Add(Period(from, day.Date, begin, day.Value + day.Out));
                (from, begin) = (day.Date, day.Value);
            }
        }

        if (before > from)
        {
            periods.Add(Period(from, before, begin, value));
        }

        return periods;
    }

    public static Statistic Of(IReadOnlyList<SubPeriod> periods)
    {
        double growth = 1;
        foreach (SubPeriod period in periods)
        {
            if (period.Return is { } earned)
            {
                growth *= 1 + earned;
            }
            else if (period.Begin != 0 || period.End != 0)
            {
                return Statistic.No(
                    UnavailableReason.NoCapital, $"Nothing was at work from {period.From:yyyy-MM-dd}, and yet it changed.");
            }
        }

        return periods.All(period => period.Return is null)
            ? Statistic.No(UnavailableReason.NoData, "Nothing was held in the window.")
            : Statistic.Of(growth - 1);
    }

    private static SubPeriod Period(DateOnly from, DateOnly to, long begin, long end) =>
        new(from, to, begin, end, begin == 0 ? null : Growth(begin, end) - 1);
}
