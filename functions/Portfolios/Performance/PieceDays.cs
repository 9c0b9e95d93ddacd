namespace FinVault.Portfolios;

/// <summary>
/// Values a piece of an account day by day, by the rules of snapshots: a holding's figures are those of an account that has
/// nothing else. Pure.
/// </summary>
/// <param name="currency">The account's, ISO 4217.</param>
/// <param name="symbol">The piece's.</param>
/// <param name="history">Its life.</param>
/// <param name="world">Closes and rates of the days.</param>
internal sealed class PieceDays(string currency, string symbol, PieceHistory history, SnapshotWorld world)
{
    /// <param name="begin">The trading day that the window begins with.</param>
    /// <param name="from">The window begins when this day ends.</param>
    /// <param name="days">The window's trading days, ascending.</param>
    public PerformanceDays Make(DateOnly begin, DateOnly from, IReadOnlyList<DateOnly> days)
    {
        PerformanceDay? before = null;
        (DayWorth? last, GrowthChain chain, DateOnly since) = (null, GrowthChain.Start, DateOnly.MinValue);
        if (history.First <= begin)
        {
            last = WorthOn(begin);
            (chain, since) = (GrowthChain.From(begin, last.Total), begin);
            before = new(begin, last.Total, [], 0, null, 1, null, [.. last.Missing]);
        }

        List<PerformanceDay> made = [];
        foreach (DateOnly day in days)
        {
            DayWorth worth = WorthOn(day);
            DateFlow[] flows = [.. history.Flows.Where(flow => flow.Date > since && flow.Date <= day)];
            bool afterGap = chain.HasGap;
            GrowthStep step = chain.Add(day, worth.Total, flows);
            made.Add(new(
                day, worth.Total, flows, last is null ? 0 : worth.FxSince(last.Total, last.Exposure, last.Rates), step.Earned,
                step.Chain.Growth, step.Broken, [.. worth.Missing])
            {
                AfterGap = afterGap,
            });
            (last, chain, since) = (worth, step.Chain, day);
        }

        bool knowsYear = made.Count > 0 && PerformanceDays.KnowsYear(before ?? made[0], made[^1], from);
        return new(before, made, chain.Sums, knowsYear ? chain.YearToDate : null);
    }

    private DayWorth WorthOn(DateOnly day)
    {
        DayWorth worth = new(currency, day, world);
        if (history.LeftOn(day) is not 0 and decimal left)
        {
            worth.AddUnits(symbol, left, history.CutOn(day));
        }

        return worth;
    }
}
