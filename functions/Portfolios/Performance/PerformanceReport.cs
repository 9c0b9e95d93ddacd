namespace FinVault.Portfolios;

/// <summary>Measures a window. Pure.</summary>
internal static class PerformanceReport
{
    /// <param name="account">Null for all accounts together.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="window">Its two days.</param>
    /// <param name="days">What is known of it.</param>
    /// <param name="through">Up to this day there are snapshots.</param>
    /// <param name="query">What was asked for.</param>
    /// <param name="benchmark">Its closes; null where none was asked for.</param>
    public static PerformanceView Of(
        string? account, string currency, (DateOnly From, DateOnly To) window, PerformanceDays days, DateOnly through,
        PerformanceQuery query, SymbolCloses? benchmark)
    {
        List<DayValue> values = Values(days);
        ReturnReport report = ReturnReport.Measure(values, window.From, window.To);
        PerformanceDay? last = days.Days.Count > 0 ? days.Days[^1] : null;
        Unavailable? unknown = Unknown(days);
        Unavailable? broken = unknown ?? Broken(days);
        Unavailable? hidden = broken ?? Hidden(days);
        double growth = days.Before?.Growth ?? 1;
        BenchmarkSeries? other = benchmark is null ? null : new(benchmark, window.From);
        RiskFigures risk = RiskFigures.Of(other is null ? days.Sums : Paired(days, other));
        Statistic Money(Statistic figure) => unknown is null ? figure : new(null, unknown);
        Statistic Time(Statistic figure) => broken is null ? figure : new(null, broken);
        MoneyFigure Amount(long amount) => unknown is null ? MoneyFigure.Of(amount) : new(null, unknown);
        return new(
            account, currency, window.From, window.To, through, false, false,
            ValueOf(days.Before, report.BeginValue), last is null ? MoneyFigure.Of(report.EndValue) : ValueOf(last, 0),
            report.In, report.Out, Amount(report.Gain),
            days.Days.FirstOrDefault(day => day.Fx is null) is not { } rateless ? Amount(report.FxGain)
                : rateless.Total is null ? new(null, MissingOn(rateless))
                : MoneyFigure.Unknown(UnavailableReason.MissingRate),
            Time(report.TimeWeighted), Time(report.TimeWeightedYearly),
            Money(report.MoneyWeighted), Money(report.MoneyWeightedYearly),
            risk.Volatility, risk.Sharpe, risk.Sortino, other is null ? NoBenchmark : risk.Beta,
            other is null ? NoBenchmark : risk.Alpha,
            DayReturn(last), YearToDate(days, last), hidden is null ? Fall(days) : null, other is null ? null : new(query.Benchmark!, other.Until(window.To)),
            [
                .. days.Days.Where(day => day.Total is null).Take(PerformanceView.MaxUnknown)
                    .Select(day => new UnknownDay(day.Day, day.Missing)),
            ],
            Series(days, growth, other),
            query.Explain ? Explain(report, days) : null)
        {
            DrawdownUnavailable = hidden,
        };
    }

    private static Statistic NoBenchmark { get; } =
        Statistic.No(UnavailableReason.NoData, "No benchmark was asked for.");

    /// <summary>A day's own flows, and before them those of days between, on which prices rested.</summary>
    private static List<DayValue> Values(PerformanceDays days)
    {
        List<DayValue> values = [];
        long last = 0;
        if (days.Before is { } before)
        {
            last = before.Total ?? 0;
            values.Add(new(before.Day, last));
        }

        foreach (PerformanceDay day in days.Days)
        {
            (long added, long taken) = (0, 0);
            foreach (DateFlow flow in day.Flows)
            {
                if (flow.Date < day.Day)
                {
                    last += flow.In - flow.Out;
                    values.Add(new(flow.Date, last, flow.In, flow.Out));
                }
                else
                {
                    (added, taken) = (added + flow.In, taken + flow.Out);
                }
            }

            last = day.Total ?? (last + added - taken);
            values.Add(new(day.Day, last, added, taken, day.Fx ?? 0));
        }

        return values;
    }

    private static MoneyFigure ValueOf(PerformanceDay? day, long otherwise) => day switch
    {
        null => MoneyFigure.Of(otherwise),
        { Total: { } total } => MoneyFigure.Of(total),
        _ => new(null, MissingOn(day)),
    };

    /// <summary>Why the value at the beginning or at the end is not known.</summary>
    private static Unavailable? Unknown(PerformanceDays days) =>
        days.Before is { Total: null } begin ? MissingOn(begin)
        : days.Days.Count > 0 && days.Days[^1] is { Total: null } end ? MissingOn(end)
        : null;

    private static Unavailable? Broken(PerformanceDays days) =>
        days.Days.FirstOrDefault(day => day.Broken is not null) is not { } day ? null : new(
            day.Broken!.Value,
            day.Broken == UnavailableReason.MissingPrice
                ? $"Money came or went before {day.Day:yyyy-MM-dd} while a price was missing."
                : $"Nothing was at work on {day.Day:yyyy-MM-dd}, and yet it changed.");

    private static Unavailable MissingOn(PerformanceDay day) => new(
        UnavailableReason.MissingPrice, $"On {day.Day:yyyy-MM-dd} there was nothing of {string.Join(", ", day.Missing)}.");

    /// <summary>Why nobody knows how deep it fell: between days that are valued there are some that are not.</summary>
    private static Unavailable? Hidden(PerformanceDays days) =>
        days.Days.FirstOrDefault(day => day.AfterGap || day.Total is null) is { } gap
            ? new(UnavailableReason.MissingPrice, $"A day before {gap.Day.AddDays(1):yyyy-MM-dd} is not valued.")
        : days.Days.All(day => day.Earned is null)
            ? new(UnavailableReason.NoData, "Nothing was at work in the window.")
        : null;

    private static Statistic DayReturn(PerformanceDay? last) => last switch
    {
        null => Statistic.No(UnavailableReason.NoData, "Nothing is recorded in the window."),
        { Total: null } => new(null, MissingOn(last)),
        { AfterGap: true } => Statistic.No(
            UnavailableReason.MissingPreviousClose, $"The trading day before {last.Day:yyyy-MM-dd} is not valued."),
        { Earned: { } earned } => Statistic.Of(earned),
        _ => Statistic.No(last.Broken ?? UnavailableReason.NoData, "Nothing was at work."),
    };

    private static Statistic YearToDate(PerformanceDays days, PerformanceDay? last) => last switch
    {
        null => Statistic.No(UnavailableReason.NoData, "Nothing is recorded in the window."),
        { Total: null } => new(null, MissingOn(last)),
        _ when days.YearToDate is { } year => Statistic.Of(year),
        _ when days.Days.Any(day => day.Day.Year == last.Day.Year && (day.AfterGap || day.Broken is not null)) =>
            Statistic.No(
                UnavailableReason.MissingPrice, $"A day of {last.Day.Year}, or the last of the year before, is not valued."),
        _ => Statistic.No(UnavailableReason.NoData, "The window does not tell what was before it."),
    };

    private static ReturnSums Paired(PerformanceDays days, BenchmarkSeries benchmark)
    {
        ReturnSums sums = default;
        DateOnly? before = days.Before?.Day;
        foreach (PerformanceDay day in days.Days)
        {
            sums = day is { Earned: { } earned, AfterGap: false } ? sums.Add(earned, benchmark.Earned(before, day.Day)) : sums;
            before = day.Day;
        }

        return sums;
    }

    private static DrawdownView? Fall(PerformanceDays days)
    {
        IEnumerable<PerformanceDay> all = days.Before is { } begin ? [begin, .. days.Days] : days.Days;
        return Drawdown.Of(all.Select(day => (day.Day, day.Growth))) is { } fall
            ? new(fall.Deepest, fall.From, fall.To, fall.RecoveredOn, fall.Current)
            : null;
    }

    private static PerformancePoint[] Series(PerformanceDays days, double begin, BenchmarkSeries? benchmark)
    {
        PerformanceDay[] all = days.Before is { } first ? [first, .. days.Days] : [.. days.Days];
        int count = Math.Min(all.Length, PerformanceView.MaxPoints);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => all[count == 1 ? 0 : (int)((long)i * (all.Length - 1) / (count - 1))])
                .Select(day => new PerformancePoint(day.Day, day.Total, day.Growth / begin, benchmark?.Growth(day.Day))),
        ];
    }

    private static PerformanceExplanation Explain(ReturnReport report, PerformanceDays days) => new(
        report.Explanation.Flows, report.Explanation.SubPeriods, report.Explanation.MoneyWeightedFlows,
        [.. days.Days.Where(day => day.Fx is not null and not 0).Select(day => new FxDay(day.Day, day.Fx!.Value))]);
}

/// <summary>What a benchmark did since a window began.</summary>
internal sealed class BenchmarkSeries(SymbolCloses closes, DateOnly from)
{
    private readonly decimal? _begin = closes.At(from)?.Price;

    /// <summary>What one unit of money at the beginning had become.</summary>
    public double? Growth(DateOnly day) =>
        _begin is > 0 && closes.At(day)?.Price is { } price ? (double)(price / _begin.Value) : null;

    /// <summary>The return of a day; null where it, or the day before, has no close of its own, or nothing was before.</summary>
    public double? Earned(DateOnly? before, DateOnly day) =>
        before is { } last && closes.Exactly(last) is > 0 and { } one && closes.Exactly(day) is { } other ? (double)(other / one) - 1 : null;

    public Statistic Until(DateOnly to) => Growth(to) is { } growth
        ? Statistic.Of(growth - 1)
        : Statistic.No(UnavailableReason.MissingPrice, "A close of the benchmark is missing at the beginning or the end.");
}
