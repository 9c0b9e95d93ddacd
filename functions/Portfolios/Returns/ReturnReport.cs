namespace FinVault.Portfolios;

/// <summary>Money that crossed the border on a day; minor units.</summary>
public sealed record BorderFlow(DateOnly Date, long In, long Out);

/// <summary>What the figures of a report were computed from, so that each can be checked by hand.</summary>
/// <param name="Flows">What came and went.</param>
/// <param name="SubPeriods">Their product is the time-weighted return.</param>
/// <param name="MoneyWeightedFlows">The flows whose internal rate is the money-weighted return; major signs as paid.</param>
public sealed record ReturnExplanation(
    IReadOnlyList<BorderFlow> Flows,
    IReadOnlyList<SubPeriod> SubPeriods,
    IReadOnlyList<BorderFlow> MoneyWeightedFlows);

/// <summary>
/// What was earned in a window. <c>EndValue = BeginValue + In − Out + Gain</c>, and <c>FxGain</c> is a part of
/// <c>Gain</c>; minor units of one currency.
/// </summary>
/// <param name="From">The window begins when this day ends.</param>
/// <param name="To">The window ends when this day ends.</param>
/// <param name="TimeWeighted">Of the whole window, blind to flows.</param>
/// <param name="TimeWeightedYearly">The same a year; only beyond a year.</param>
/// <param name="MoneyWeighted">Of the whole window, as the money was at work.</param>
/// <param name="MoneyWeightedYearly">The internal rate, act/365; only beyond a year.</param>
public sealed record ReturnReport(
    DateOnly From, DateOnly To, long BeginValue, long EndValue, long In, long Out, long Gain, long FxGain,
    Statistic TimeWeighted, Statistic TimeWeightedYearly, Statistic MoneyWeighted, Statistic MoneyWeightedYearly,
    ReturnExplanation Explanation)
{
    /// <summary>Days beyond which a return is also told as a yearly rate.</summary>
    public const int Year = 365;

    /// <summary>Measures a window.</summary>
    /// <param name="days">Ascending, one a day; days on which nothing came or went may be left out.</param>
    /// <param name="from">The window begins with the value when this day ended: of the last day up to it, or nothing.</param>
    /// <param name="to">The window ends when this day ends.</param>
    public static ReturnReport Measure(IReadOnlyList<DayValue> days, DateOnly from, DateOnly to)
    {
        ArgumentNullException.ThrowIfNull(days);
        DayValue start = new(from, days.LastOrDefault(day => day.Date <= from)?.Value ?? 0);
        DayValue[] window = [.. days.Where(day => day.Date > from && day.Date <= to)];
        long end = window.Length > 0 ? window[^1].Value : start.Value;
        (long added, long taken) = (window.Sum(day => day.In), window.Sum(day => day.Out));
        IReadOnlyList<SubPeriod> periods = Portfolios.TimeWeighted.SubPeriods(start, window);
        List<BorderFlow> flows = MoneyWeightedFlows(start, window, to, end);
        Statistic time = window.Length > 0 ? Portfolios.TimeWeighted.Of(periods) : Nothing();
        Statistic rate = to.DayNumber - from.DayNumber < 2
            ? Statistic.No(UnavailableReason.TooShort, "A day is too short for a rate that works over time.")
            : start.Value < 0 || window.Any(day => day.Value < 0) ? Owing()
            : window.Length > 0 ? Xirr.SolveLog(flows.Select(flow => new DatedFlow(flow.Date, flow.Out - flow.In))) : Nothing();
        double years = (to.DayNumber - from.DayNumber) / 365.0;
        return new(
            from, to, start.Value, end, added, taken, end - start.Value - added + taken, window.Sum(day => day.Fx),
            time, Yearly(years, time.Then(value => Xirr.Rate(Math.Log(1 + value) / years))),
            rate.Then(u => Xirr.Rate(u * years)), Yearly(years, rate.Then(Xirr.Rate)),
            new([.. window.Where(day => day.In != 0 || day.Out != 0).Select(day => new BorderFlow(day.Date, day.In, day.Out))],
                periods, flows));
    }

    // What is owed would count as money lent: a loss would look like interest earned.
    private static Statistic Owing() => Statistic.No(
        UnavailableReason.NoCapital, "Less than nothing was at work in a part of the window: more was owed than was held.");

    private static Statistic Nothing() => Statistic.No(UnavailableReason.NoData, "Nothing is recorded in the window.");

    private static Statistic Yearly(double years, Statistic figure) => years > 1
        ? figure
        : Statistic.No(UnavailableReason.NotBeyondAYear, "A window of a year or less is not told as a yearly rate.");

    /// <summary>The value at the beginning is put in then, and the value at the end taken out.</summary>
    private static List<BorderFlow> MoneyWeightedFlows(DayValue start, DayValue[] window, DateOnly to, long end)
    {
        List<BorderFlow> flows = start.Value == 0 ? [] : [new(start.Date, start.Value, 0)];
        flows.AddRange(window
            .Where(day => day.In != 0 || day.Out != 0)
            .Select(day => new BorderFlow(day.Date, day.In, day.Out)));
        if (end != 0)
        {
            flows.Add(new(to, 0, end));
        }

        return flows;
    }
}
