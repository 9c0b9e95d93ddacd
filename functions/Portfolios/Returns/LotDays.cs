namespace FinVault.Portfolios;

/// <summary>A lot's value and flows, day by day, for <see cref="ReturnReport.Measure"/>.</summary>
public static class LotDays
{
    /// <summary>
    /// The days on which something came of a lot, and the last day: what it cost goes in, sales and dividends come out.
    /// A transfer takes it out at its cost.
    /// </summary>
    /// <param name="transactions">All of the lot's symbol in its account.</param>
    /// <param name="rules">The account's.</param>
    /// <param name="lot">The lot's id.</param>
    /// <param name="to">The last day.</param>
    /// <param name="worth">
    /// What a quantity, in the units of that day, was worth when the day ended; minor units of the account's currency.
    /// </param>
    /// <returns>Empty when there is no such lot; null when a worth is missing.</returns>
    public static IReadOnlyList<DayValue>? Of(
        IEnumerable<PortfolioTransaction> transactions, LotRules rules, string lot, DateOnly to,
        Func<DateOnly, decimal, long?> worth)
    {
        ArgumentNullException.ThrowIfNull(worth);
        Position? position = null;
        SortedDictionary<DateOnly, (long In, long Out, decimal Left)> days = [];
        decimal left = 0;
        foreach (PortfolioTransaction one in PortfolioTransaction.InForce(transactions.Where(t => t.Symbol is not null)))
        {
            DateOnly date = DateOnly.FromDateTime(one.TradedAt.UtcDateTime);
            if (date > to || LotBooking.Apply(position, one, rules).Step is not { } step)
            {
                break;
            }

            position = step.Position;
            Lot? now = position.Lots.FirstOrDefault(open => open.Id == lot);
            long added = now is not null && left == 0 ? now.Cost.Account : 0;
            long taken = step.Closed.Where(part => part.Lot == lot).Sum(part => part.Proceeds.Account)
                + step.Paid.Where(part => part.Lot == lot).Sum(part => part.Amount.Account)
                + step.Carried.Where(part => part.Id == lot).Sum(part => part.Cost.Account);
            left = now?.Quantity ?? 0;
            if (added != 0 || taken != 0)
            {
                (long In, long Out, decimal) before = days.GetValueOrDefault(date);
                days[date] = (before.In + added, before.Out + taken, left);
            }
        }

        if (days.Count > 0)
        {
            (long In, long Out, decimal) last = days.GetValueOrDefault(to);
            days[to] = (last.In, last.Out, left);
        }

        return Valued(days, worth);
    }

    private static List<DayValue>? Valued(
        SortedDictionary<DateOnly, (long In, long Out, decimal Left)> days, Func<DateOnly, decimal, long?> worth)
    {
        List<DayValue> valued = [];
        foreach ((DateOnly date, (long added, long taken, decimal left)) in days)
        {
            if ((left == 0 ? 0 : worth(date, left)) is not { } value)
            {
                return null;
            }

            valued.Add(new(date, value, added, taken));
        }

        return valued;
    }
}
