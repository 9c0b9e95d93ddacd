namespace FinVault.Portfolios;

/// <summary>Units of a piece when a date had ended.</summary>
internal readonly record struct PieceUnits(DateOnly Date, decimal Left);

/// <summary>
/// The life of a piece of an account, which is one symbol or one lot of it: how much of it there was, and what crossed its
/// border. Pure. Money is in minor units of the account's currency.
/// </summary>
/// <param name="Units">The dates on which something happened, ascending; the last word of each.</param>
/// <param name="Flows">By date, ascending. What is paid for units goes in; sales, dividends and returned capital come out.</param>
/// <param name="Cut">The last split or bonus issue up to each date with one: earlier closes are not comparable.</param>
internal sealed record PieceHistory(
    IReadOnlyList<PieceUnits> Units, IReadOnlyList<DateFlow> Flows, IReadOnlyList<DateOnly> Cut)
{
    /// <summary>When it began; null when it never was.</summary>
    public DateOnly? First => Units.Count > 0 ? Units[0].Date : null;

    /// <summary>A whole holding. Transfers cross its border at what was moved was worth.</summary>
    /// <param name="transactions">All of the symbol in its account.</param>
    /// <param name="rules">The account's.</param>
    /// <param name="worth">Of units when a date ended; null where that is not known, for which the cost stands in.</param>
    public static PieceHistory OfHolding(
        IReadOnlyList<PortfolioTransaction> transactions, LotRules rules, Func<DateOnly, decimal, long?> worth)
    {
        List<PieceUnits> units = [];
        foreach ((PortfolioTransaction one, LotStep step) in Steps(transactions, rules))
        {
            Add(units, new(AccountReplay.DateOf(one), step.Position.Quantity));
        }

        IEnumerable<BorderFlow> flows = ExternalFlows.Of(
            transactions, FlowScope.Holding, rules, one => worth(AccountReplay.DateOf(one), one.Quantity));
        return new(units, [.. flows.Select(flow => new DateFlow(flow.Date, flow.In, flow.Out))], CutsOf(transactions));
    }

    /// <summary>
    /// One lot: what it cost goes in when it is opened; its part of whatever it brings comes out. Of a short one what it
    /// brought comes out first, and what it cost to buy back goes in.
    /// </summary>
    /// <param name="transactions">All of the lot's symbol in its account.</param>
    /// <param name="rules">The account's.</param>
    /// <param name="lot">The lot's id.</param>
    /// <param name="worth">As above.</param>
    public static PieceHistory OfLot(
        IReadOnlyList<PortfolioTransaction> transactions, LotRules rules, string lot, Func<DateOnly, decimal, long?> worth)
    {
        List<PieceUnits> units = [];
        SortedDictionary<DateOnly, DateFlow> flows = [];
        decimal left = 0;
        foreach ((PortfolioTransaction one, LotStep step) in Steps(transactions, rules))
        {
            DateOnly date = AccountReplay.DateOf(one);
            Lot? now = step.Position.Lots.FirstOrDefault(open => open.Id == lot);
            // Of units that are owed money comes first, and goes when they are bought back.
            long opened = now is not null && left == 0 ? OpenedAt(now, one, worth) : 0;
            ClosedLot[] closed = [.. step.Closed.Where(part => part.Lot == lot)];
            long added = Math.Max(opened, 0) + closed.Where(part => part.Quantity < 0).Sum(part => part.Cost.Account);
            long taken = Math.Max(-opened, 0) + closed.Where(part => part.Quantity > 0).Sum(part => part.Proceeds.Account)
                + step.Paid.Where(part => part.Lot == lot).Sum(part => part.Amount.Account)
                + step.Carried.Where(part => part.Id == lot).Sum(part => worth(date, part.Quantity) ?? part.Cost.Account);
            decimal was = left;
            left = now?.Quantity ?? 0;
            if (was != left)
            {
                Add(units, new(date, left));
            }

            if (added != 0 || taken != 0)
            {
                DateFlow before = flows.GetValueOrDefault(date);
                flows[date] = new(date, before.In + added, before.Out + taken);
            }
        }

        return new(units, [.. flows.Values], CutsOf(transactions));
    }

    /// <summary>What there was when a day had ended.</summary>
    public decimal LeftOn(DateOnly day)
    {
        decimal left = 0;
        foreach (PieceUnits one in Units)
        {
            if (one.Date > day)
            {
                break;
            }

            left = one.Left;
        }

        return left;
    }

    /// <summary>Closes from before this date are in other units.</summary>
    public DateOnly CutOn(DateOnly day) => Cut.LastOrDefault(date => date <= day);

    // A lot that comes from another account comes with what it is worth, not with what it cost there.
    private static long OpenedAt(Lot lot, PortfolioTransaction one, Func<DateOnly, decimal, long?> worth) =>
        one.Kind == TransactionKind.TransferIn
            ? worth(AccountReplay.DateOf(one), lot.Quantity) ?? lot.Cost.Account
            : lot.Cost.Account;

    private static IEnumerable<(PortfolioTransaction One, LotStep Step)> Steps(
        IReadOnlyList<PortfolioTransaction> transactions, LotRules rules)
    {
        Position? position = null;
        foreach (PortfolioTransaction one in PortfolioTransaction.InForce(transactions))
        {
            LotOutcome outcome = LotBooking.Apply(position, one, rules);
            LotStep step = outcome.Step
                ?? throw new InvalidOperationException($"{one.Id} cannot be booked: {outcome.Refusal?.Detail}");
            position = step.Position;
            yield return (one, step);
        }
    }

    private static void Add(List<PieceUnits> units, PieceUnits one)
    {
        if (units.Count > 0 && units[^1].Date == one.Date)
        {
            units[^1] = one;
        }
        else
        {
            units.Add(one);
        }
    }

    private static DateOnly[] CutsOf(IReadOnlyList<PortfolioTransaction> transactions) =>
    [
        .. PortfolioTransaction.InForce(transactions)
            .Where(t => t.Kind is TransactionKind.Split or TransactionKind.BonusIssue).Select(AccountReplay.DateOf),
    ];
}
