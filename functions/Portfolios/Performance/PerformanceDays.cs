namespace FinVault.Portfolios;

/// <summary>A day of a portfolio as a window is measured by it; minor units of one currency.</summary>
/// <param name="Day">A trading day.</param>
/// <param name="Total">Null where it is not known.</param>
/// <param name="Flows">Since the trading day before.</param>
/// <param name="Fx">Null where it is not known.</param>
/// <param name="Earned">The day's return; null where none can be told.</param>
/// <param name="Growth">Running.</param>
/// <param name="Broken">Why there is no return, where something was at work.</param>
/// <param name="Missing">What was missing.</param>
internal sealed record PerformanceDay(
    DateOnly Day, long? Total, IReadOnlyList<DateFlow> Flows, long? Fx, double? Earned, double Growth,
    UnavailableReason? Broken, IReadOnlyList<string> Missing)
{
    /// <summary>Whether the trading day before has no value: its growth is that of several days, and no day's return.</summary>
    public bool AfterGap { get; init; }
}

/// <summary>The days of a window.</summary>
/// <param name="Before">The day that it begins with; null when nothing was there yet.</param>
/// <param name="Days">After it, ascending.</param>
/// <param name="Sums">Of their daily returns.</param>
/// <param name="YearToDate">Of the last day.</param>
internal sealed record PerformanceDays(
    PerformanceDay? Before, IReadOnlyList<PerformanceDay> Days, ReturnSums Sums, double? YearToDate)
{
    /// <summary>An account's own, from its snapshots.</summary>
    /// <param name="rows">From the day that the window begins with.</param>
    /// <param name="from">The window begins when this day ends.</param>
    /// <param name="begin">The snapshot that it begins with.</param>
    /// <param name="end">The last one.</param>
    public static PerformanceDays Of(
        IEnumerable<SnapshotRow> rows, DateOnly from, SnapshotDocument? begin, SnapshotDocument? end)
    {
        bool afterGap = false;
        List<PerformanceDay> all = [];
        foreach (SnapshotRow row in rows)
        {
            all.Add(Of(row) with { AfterGap = afterGap });
            afterGap = row.Total is null;
        }

        ILookup<bool, PerformanceDay> days = all.ToLookup(day => day.Day > from);
        ReturnSums sums = (end?.Chain.Sums ?? default) - (begin?.Chain.Sums ?? default);
        return new(days[false].LastOrDefault(), [.. days[true]], sums, end?.YearToDate);
    }

    /// <summary>With a day more, which is not over yet.</summary>
    /// <param name="window">That day is its end.</param>
    /// <param name="chain">Of the last snapshot; null when there is none.</param>
    /// <param name="unvalued">Trading days between that snapshot and today, whose snapshots are still to be made.</param>
    /// <param name="total">Null where it is not known.</param>
    /// <param name="fx">What exchange rates made since the last snapshot.</param>
    /// <param name="flows">Since the last snapshot.</param>
    /// <param name="missing">What is missing of the total.</param>
    public PerformanceDays With(
        (DateOnly From, DateOnly To) window, GrowthChain? chain, IReadOnlyList<DateOnly> unvalued, long? total, long? fx,
        IReadOnlyList<DateFlow> flows, string[] missing)
    {
        GrowthChain now = chain ?? GrowthChain.Start;
        Queue<DateFlow> coming = new(flows.OrderBy(flow => flow.Date));
        foreach (DateOnly gap in unvalued)
        {
            now = now.Add(gap, null, Until(coming, gap)).Chain;
        }

        GrowthStep step = now.Add(window.To, total, [.. coming]);
        PerformanceDay day = new(window.To, total, flows, fx, step.Earned, step.Chain.Growth, step.Broken, missing)
        {
            AfterGap = now.HasGap,
        };
        DateOnly[] hidden = [.. unvalued.Where(gap => gap <= window.From)];
        return this with
        {
            Before = hidden.Length > 0 ? NotMade(hidden[^1]) : Before,
            Days = [.. Days, day],
            Sums = step.Earned is { } earned ? Sums.Add(earned) : Sums,
            YearToDate = step.Chain.YearToDate,
        };
    }

    /// <summary>Several accounts together; their days as <see cref="AccountDays"/> converts them.</summary>
    /// <param name="accounts">Each with all its days up to the last that all of them have.</param>
    /// <param name="from">The window begins when this day ends.</param>
    public static PerformanceDays Sum(IReadOnlyList<AccountDays> accounts, DateOnly from)
    {
        List<PerformanceDay> all = [];
        GrowthChain chain = GrowthChain.Start;
        List<DateFlow> passed = [];
        foreach (DateOnly date in accounts.SelectMany(account => account.Days.Keys).Distinct().Order())
        {
            // Of a day whose snapshots are still to be made nothing is told, but that it lies in between.
            bool isPending = accounts.Any(account => account.On(date) is { IsPending: true });
            ConvertedDay[] parts = [.. accounts.Select(account => account.On(date)).OfType<ConvertedDay>()];
            long? total = isPending || parts.Any(part => part.Total is null) ? null : parts.Sum(part => part.Total);
            long? fx = isPending || parts.Any(part => part.Fx is null) ? null : parts.Sum(part => part.Fx);
            DateFlow[] flows =
            [
                .. parts.SelectMany(part => part.Flows).GroupBy(flow => flow.Date).OrderBy(same => same.Key)
                    .Select(same => new DateFlow(same.Key, same.Sum(f => f.In), same.Sum(f => f.Out))),
            ];
            // What was there when the window began grows from there on, whatever it was before.
            GrowthStep step = date > from
                ? chain.Add(date, total, flows)
                : new(GrowthChain.From(date, total), null, null);
            bool afterGap = chain.HasGap;
            chain = step.Chain;
            if (isPending && date <= from)
            {
                all.Add(NotMade(date));
            }
            else if (!isPending)
            {
                all.Add(new(
                    date, total, [.. passed, .. flows], fx, step.Earned, chain.Growth, step.Broken,
                    [.. parts.SelectMany(part => part.Missing).Distinct().Take(SnapshotDocument.MaxMissing)])
                {
                    AfterGap = afterGap,
                });
            }

            passed = isPending ? [.. passed, .. flows] : [];
        }

        return new(
            all.LastOrDefault(day => day.Day <= from), [.. all.Where(day => day.Day > from)],
            chain.Sums, all.Count > 0 && KnowsYear(all[0], all[^1], from) ? chain.YearToDate : null);
    }

    /// <summary>A window that begins within the year does not say what was before; one in which everything began does.</summary>
    internal static bool KnowsYear(PerformanceDay first, PerformanceDay last, DateOnly from) =>
        first.Day.Year < last.Day.Year || first.Day > from;

    /// <summary>What stands where a window begins on a day whose snapshot is still to be made.</summary>
    private static PerformanceDay NotMade(DateOnly day) => new(day, null, [], null, null, 1, null, ["its snapshot"]);

    private static List<DateFlow> Until(Queue<DateFlow> coming, DateOnly day)
    {
        List<DateFlow> mine = [];
        while (coming.TryPeek(out DateFlow flow) && flow.Date <= day)
        {
            mine.Add(coming.Dequeue());
        }

        return mine;
    }

    private static PerformanceDay Of(SnapshotRow row) => new(
        row.Day, row.Total, [.. row.Flows.Select(f => new DateFlow(f.Date, f.In + f.MovedIn, f.Out + f.MovedOut))],
        row.Fx, row.Earned, row.Growth, row.Broken, row.Missing);
}

/// <summary>A day of one account in another currency. Transfers between accounts of one owner are no flows.</summary>
internal sealed record ConvertedDay(
    long? Total, IReadOnlyList<DateFlow> Flows, long? Fx, IReadOnlyList<string> Missing)
{
    /// <summary>Whether its snapshot is still to be made.</summary>
    public bool IsPending { get; init; }
}

/// <summary>An account's days in the currency of the sum.</summary>
internal sealed record AccountDays(IReadOnlyDictionary<DateOnly, ConvertedDay> Days)
{
    /// <summary>Null before its first day, when there was nothing.</summary>
    public ConvertedDay? On(DateOnly day) => Days.GetValueOrDefault(day);
}
