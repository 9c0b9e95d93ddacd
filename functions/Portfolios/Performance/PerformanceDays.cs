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
    UnavailableReason? Broken, IReadOnlyList<string> Missing);

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
        ILookup<bool, PerformanceDay> days = rows.Select(Of).ToLookup(day => day.Day > from);
        ReturnSums sums = (end?.Chain.Sums ?? default) - (begin?.Chain.Sums ?? default);
        return new(days[false].LastOrDefault(), [.. days[true]], sums, end?.YearToDate);
    }

    /// <summary>With a day more, which is not over yet.</summary>
    public PerformanceDays With(DateOnly today, GrowthChain? chain, long? total, IReadOnlyList<DateFlow> flows, string[] missing)
    {
        GrowthStep step = (chain ?? GrowthChain.Start).Add(today, total, flows);
        PerformanceDay day = new(
            today, total, flows, null, step.Earned, step.Chain.Growth, step.Broken, missing);
        return this with
        {
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
        GrowthChain begin = GrowthChain.Start;
        foreach (DateOnly date in accounts.SelectMany(account => account.Days.Keys).Distinct().Order())
        {
            ConvertedDay[] parts = [.. accounts.Select(account => account.On(date)).OfType<ConvertedDay>()];
            long? total = parts.Any(part => part.Total is null) ? null : parts.Sum(part => part.Total);
            long? fx = parts.Any(part => part.Fx is null) ? null : parts.Sum(part => part.Fx);
            DateFlow[] flows =
            [
                .. parts.SelectMany(part => part.Flows).GroupBy(flow => flow.Date).OrderBy(same => same.Key)
                    .Select(same => new DateFlow(same.Key, same.Sum(f => f.In), same.Sum(f => f.Out))),
            ];
            // What was there when the window began grows from there on, whatever it was before.
            GrowthStep step = date > from
                ? chain.Add(date, total, flows)
                : new(chain with { Year = date.Year, Last = total ?? 0, HasGap = total is null }, null, null);
            chain = step.Chain;
            begin = date > from ? begin : chain;
            all.Add(new(
                date, total, flows, fx, step.Earned, chain.Growth, step.Broken,
                [.. parts.SelectMany(part => part.Missing).Distinct().Take(SnapshotDocument.MaxMissing)]));
        }

        return new(
            all.LastOrDefault(day => day.Day <= from), [.. all.Where(day => day.Day > from)],
            chain.Sums - begin.Sums, all.Count > 0 && IsFromYearBefore(all) ? chain.YearToDate : null);
    }

    // A window that begins within the year does not say what was before; one in which everything began does.
    private static bool IsFromYearBefore(List<PerformanceDay> all) =>
        all[0].Day.Year < all[^1].Day.Year || all[0].Flows.Sum(flow => flow.In) > 0;

    private static PerformanceDay Of(SnapshotRow row) => new(
        row.Day, row.Total, [.. row.Flows.Select(f => new DateFlow(f.Date, f.In + f.MovedIn, f.Out + f.MovedOut))],
        row.Fx, row.Earned, row.Growth, row.Broken, row.Missing);
}

/// <summary>A day of one account in another currency. Transfers between accounts of one owner are no flows.</summary>
internal sealed record ConvertedDay(
    long? Total, IReadOnlyList<DateFlow> Flows, long? Fx, IReadOnlyList<string> Missing);

/// <summary>An account's days in the currency of the sum.</summary>
internal sealed record AccountDays(IReadOnlyDictionary<DateOnly, ConvertedDay> Days)
{
    /// <summary>Null before its first day, when there was nothing.</summary>
    public ConvertedDay? On(DateOnly day) => Days.GetValueOrDefault(day);
}
