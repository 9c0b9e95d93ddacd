namespace FinVault.Portfolios;

/// <summary>
/// What a day's snapshot hands on to the next one, so that returns, volatility and drawdown of any window need no
/// history (PF-08). Pure. A day without a value is passed over: the next one that has one tells the growth of both,
/// unless money came or went in between, when nobody can say what it earned. What it tells then is no day's return.
/// </summary>
/// <param name="Growth">Product of all days' growth since the beginning.</param>
/// <param name="YearGrowth">The same when the year before ended.</param>
/// <param name="Year">Of the last day.</param>
/// <param name="Sums">Of the daily returns.</param>
/// <param name="Drawdown">Since the beginning, with the high-water mark; null before the first return.</param>
/// <param name="Last">The last known value, with what came and went since; minor units.</param>
/// <param name="HasGap">Whether the last day had no value.</param>
/// <param name="HasGapFlows">Whether money came or went while a value was not known.</param>
/// <param name="BrokenOn">The last day whose return is not known although something was at work, or that began a year
/// of which the value before is not known.</param>
internal sealed record GrowthChain(
    double Growth, double YearGrowth, int Year, ReturnSums Sums, Drawdown? Drawdown, long Last, bool HasGap,
    bool HasGapFlows, DateOnly? BrokenOn)
{
    public static GrowthChain Start { get; } = new(1, 1, 0, default, null, 0, false, false, null);

    /// <summary>Begins with what was there when a day ended, whatever it had earned.</summary>
    public static GrowthChain From(DateOnly day, long? total) =>
        Start with { Year = day.Year, Last = total ?? 0, HasGap = total is null };

    /// <summary>Goes on by a day.</summary>
    /// <param name="day">Later than all before.</param>
    /// <param name="total">When it ended; null where it is not known.</param>
    /// <param name="flows">Since the day before; those of earlier dates are weekend's, when prices rest.</param>
    public GrowthStep Add(DateOnly day, long? total, IReadOnlyList<DateFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        GrowthChain now = day.Year == Year ? this : this with
        {
            Year = day.Year, YearGrowth = Growth, BrokenOn = HasGap ? day : BrokenOn,
        };
        long before = Last + flows.Where(flow => flow.Date < day).Sum(flow => flow.In - flow.Out);
        long added = flows.Where(flow => flow.Date == day).Sum(flow => flow.In);
        long taken = flows.Where(flow => flow.Date == day).Sum(flow => flow.Out);
        if (total is not { } value)
        {
            return new(
                now with { Last = before + added - taken, HasGap = true, HasGapFlows = HasGapFlows || !CanWeigh(flows) },
                null, null);
        }

        (long begin, long end) = (before + added, value + taken);
        double? growth = TimeWeighted.Growth(begin, end);
        GrowthChain next = now with { Last = value, HasGap = false, HasGapFlows = false };
        UnavailableReason? broken = HasGap && (HasGapFlows || flows.Count > 0) ? UnavailableReason.MissingPrice
            : growth is not (null or 0) ? null
            : HasGap ? UnavailableReason.MissingPrice
            : UnavailableReason.NoCapital;
        return broken is not null ? new(next with { BrokenOn = day }, null, broken)
            : begin == 0 ? new(next, null, null)
            : HasGap ? new(next.Grow(day, growth!.Value), null, null)
            : new(next.Grow(day, growth!.Value) with { Sums = Sums.Add(growth.Value - 1) }, growth.Value - 1, null);
    }

    /// <summary>Since the last day of the year before; null where a day of it is not known.</summary>
    public double? YearToDate => HasGap || BrokenOn?.Year == Year ? null : (Growth / YearGrowth) - 1;

    // What came first is weighed by itself: nothing was at work that would have to be valued before it.
    private bool CanWeigh(IReadOnlyList<DateFlow> flows) =>
        flows.Count == 0 || (flows.Count == 1 && flows[0].Out == 0 && Last == 0 && !HasGap);

    private GrowthChain Grow(DateOnly day, double growth)
    {
        double index = Growth * growth;
        return this with
        {
            Growth = index,
            Drawdown = (Drawdown ?? Portfolios.Drawdown.Begin(day, Growth)).Add(day, index),
        };
    }
}

/// <summary>Money that crossed the border that is measured, on a date.</summary>
internal readonly record struct DateFlow(DateOnly Date, long In, long Out);

/// <summary>One day of a chain.</summary>
/// <param name="Chain">As it goes on.</param>
/// <param name="Earned">The day's return; null where none can be told.</param>
/// <param name="Broken">Why not, where something was at work.</param>
internal sealed record GrowthStep(GrowthChain Chain, double? Earned, UnavailableReason? Broken);
