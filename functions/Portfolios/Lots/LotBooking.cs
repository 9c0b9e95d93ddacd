namespace FinVault.Portfolios;

/// <summary>What one transaction made of a position.</summary>
/// <param name="Position">As it is now.</param>
/// <param name="Closed">Lots that a sale closed or a purchase covered, each with its gain.</param>
/// <param name="Carried">Lots that a transfer took along, for the account at its other end.</param>
public sealed record LotStep(Position Position, IReadOnlyList<ClosedLot> Closed, IReadOnlyList<Lot> Carried)
{
    /// <summary>Money that each lot brought while it was held: dividends and returned capital.</summary>
    public IReadOnlyList<LotIncome> Paid { get; init; } = [];
}

/// <summary>A lot's part of a dividend or of returned capital, after fees.</summary>
public sealed record LotIncome(string Lot, DualAmount Amount);

/// <summary>A step, or why there is none. Exactly one of the two is there, unless the history must be replayed.</summary>
/// <param name="Step">What the transaction made of the position.</param>
/// <param name="Refusal">Why it cannot be booked.</param>
/// <param name="NeedsReplay">
/// It belongs before something that is booked already: replay the symbol's transactions (<see cref="LotHistory"/>).
/// </param>
public sealed record LotOutcome(LotStep? Step, LotRefusal? Refusal, bool NeedsReplay = false)
{
    internal static LotOutcome No(LotRefusalCode code, PortfolioTransaction transaction, string detail) =>
        new(null, new(code, transaction.Id, detail));
}

/// <summary>
/// Books one transaction of a symbol onto a position. Pure. Booking transactions one by one in their order gives what
/// <see cref="LotHistory.Replay"/> gives at once.
/// </summary>
public static class LotBooking
{
    /// <summary>Books a transaction that is in force; <see cref="Position.Symbol"/> must be its symbol.</summary>
    /// <param name="position">As the transactions so far left it; null when there were none.</param>
    /// <param name="transaction">Of a symbol, in force.</param>
    /// <param name="rules">The account's.</param>
    public static LotOutcome Apply(Position? position, PortfolioTransaction transaction, LotRules rules)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentException.ThrowIfNullOrEmpty(transaction.Symbol);
        Position before = position ?? new(transaction.Symbol, transaction.Currency);
        if (before.IsAfter(transaction))
        {
            return new(null, null, NeedsReplay: true);
        }

        return Check(before, transaction, rules) is { } refusal
            ? new(null, refusal)
            : Book(before with { LastAt = transaction.TradedAt, LastSequence = transaction.Sequence }, transaction, rules);
    }

    private static LotOutcome Book(Position position, PortfolioTransaction transaction, LotRules rules)
    {
        DualAmount gross = rules.Convert(transaction, transaction.Amount + transaction.Fees);
        DualAmount net = rules.Convert(transaction, transaction.Amount - transaction.Fees);
        return transaction.Kind switch
        {
            TransactionKind.Buy => LotTrades.Buy(position, transaction, gross, rules.Method),
            TransactionKind.Sell => LotTrades.Sell(position, transaction, net, rules.Method),
            TransactionKind.Dividend => Paid(position with { Income = position.Income + net }, Held(position), net),
            TransactionKind.Split => Split(Acted(position, transaction, transaction.Ratio!.Value), transaction),
            TransactionKind.BonusIssue => Issue(position, Bonus(position, transaction), transaction),
            TransactionKind.ReturnOfCapital => Paid(ReturnCapital(position, net), Held(position), net),
            TransactionKind.Fee => Done(position with { Charges = position.Charges + gross }),
            TransactionKind.TransferIn => Done(CarryIn(position, transaction, gross)),
            TransactionKind.TransferOut => CarryOut(position, transaction, rules.Method),
            _ => throw new ArgumentException($"A {transaction.Kind} has no symbol.", nameof(transaction)),
        };
    }

    private static LotRefusal? Check(Position position, PortfolioTransaction transaction, LotRules rules)
    {
        bool units = transaction.Kind is TransactionKind.Buy or TransactionKind.Sell or TransactionKind.TransferIn
            or TransactionKind.TransferOut;
        bool ratio = transaction.Kind is TransactionKind.Split or TransactionKind.BonusIssue;
        bool issue = transaction.Kind == TransactionKind.BonusIssue && transaction.Quantity > 0;
        return (position, transaction) switch
        {
            ({ Currency: var kept }, { Currency: var traded }) when kept != traded =>
                new(LotRefusalCode.OtherCurrency, transaction.Id, $"{position.Symbol} is kept in {kept}, not {traded}."),
            (_, { Quantity: <= 0 }) when units =>
                new(LotRefusalCode.NotPositive, transaction.Id, "The quantity must be above 0."),
            (_, { Ratio: null or <= 0 }) when ratio && !issue =>
                new(LotRefusalCode.NotPositive, transaction.Id, "The ratio must be above 0."),
            (_, { Amount: < 0 } or { Fees: < 0 } or { FxRate: <= 0 }) =>
                new(LotRefusalCode.NotPositive, transaction.Id, "Money must not be below 0."),
            (_, { Kind: TransactionKind.Sell } sale) when sale.Fees > sale.Amount =>
                new(LotRefusalCode.FeesExceedProceeds, transaction.Id, "Fees exceed the proceeds."),
            (_, { Kind: TransactionKind.TransferIn, Lots.Count: > 0 } transfer)
                when transfer.Lots.Any(lot => lot.Quantity <= 0 || lot.Cost < 0 || lot.AccountCost < 0)
                    || transfer.Lots.Sum(lot => lot.Quantity) != transfer.Quantity =>
                new(LotRefusalCode.LotsDoNotMatch, transaction.Id, "The lots must sum to the quantity."),
            ({ Lots.Count: 0 }, _) when ratio =>
                new(LotRefusalCode.NothingHeld, transaction.Id, $"No {position.Symbol} is held then."),
            ({ IsShort: true }, { Kind: TransactionKind.TransferIn }) =>
                new(LotRefusalCode.HeldShort, transaction.Id, $"{position.Symbol} is owed then: it is bought back first."),
            (_, { Kind: TransactionKind.Sell or TransactionKind.TransferOut }) => LotTrades.CheckHeld(position, transaction, rules),
            _ => null,
        };
    }

    /// <summary>
    /// Units multiply, costs and ages stay. A lot too small for what a reverse split leaves of it joins the one before.
    /// </summary>
    private static LotOutcome Split(Position position, PortfolioTransaction split)
    {
        decimal[] units = Portions.Scale(
            [.. position.Lots.Select(lot => lot.Quantity)], split.Ratio!.Value, LotRules.QuantityPlaces);
        List<Lot> lots = [];
        DualAmount homeless = default;
        foreach ((Lot lot, decimal quantity) in position.Lots.Zip(units))
        {
            if (quantity != 0)
            {
                lots.Add(lot with { Quantity = quantity, Cost = lot.Cost + homeless });
                homeless = default;
            }
            else if (lots.Count > 0)
            {
                lots[^1] = lots[^1] with { Cost = lots[^1].Cost + lot.Cost };
            }
            else
            {
                homeless += lot.Cost;
            }
        }

        return lots.Count > 0
            ? Done(position with { Lots = lots })
            : LotOutcome.No(LotRefusalCode.NotPositive, split, "The split would leave nothing of the position.");
    }

    private static LotOutcome Issue(Position position, Lot bonus, PortfolioTransaction issue) => Done(
        Open(Acted(position, issue, 1 + (bonus.Quantity / position.Quantity)), [bonus]));

    private static Position Acted(Position position, PortfolioTransaction action, decimal by)
    {
        DateOnly day = DateOnly.FromDateTime(action.TradedAt.UtcDateTime);
        decimal all = position.ActionOn == day ? position.ActionBy * by : by;
        return position with { ActionOn = day, ActionBy = ExactNumbers.Round(all, ExactNumbers.MaxDigits - 3) };
    }

    /// <summary>A lot of its own that cost nothing and is as old as the issue, as Indian tax law has it (s. 55(2)(aa)).</summary>
    private static Lot Bonus(Position position, PortfolioTransaction issue)
    {
        // Whoever owes units owes the lender what they bring, too.
        decimal units = issue.Quantity > 0
            ? issue.Quantity * Math.Sign(position.Quantity)
            : position.Quantity * issue.Ratio!.Value;
        return new(issue.Id, issue.TradedAt, Math.Round(units, LotRules.QuantityPlaces, MidpointRounding.ToZero), default);
    }

    /// <summary>Lowers each lot's cost by its share, to 0 at most; what comes back beyond that is gain.</summary>
    private static Position ReturnCapital(Position position, DualAmount returned)
    {
        IReadOnlyList<Lot> held = Held(position);
        DualAmount[] shares = held.Count == 0 ? [] : returned.Split([.. held.Select(lot => lot.Quantity)]);
        Lot[] lots = [.. held.Select((lot, i) => lot with { Cost = lot.Cost - Least(lot.Cost, shares[i]) })];
        DualAmount lowered = DualAmount.Sum(held.Select(lot => lot.Cost)) - DualAmount.Sum(lots.Select(lot => lot.Cost));
        return position with
        {
            Lots = position.IsShort ? position.Lots : lots,
            CapitalReturned = position.CapitalReturned + returned,
            CapitalGain = position.CapitalGain + returned - lowered,
        };
    }

    private static DualAmount Least(DualAmount one, DualAmount other) =>
        new(Math.Min(one.Trade, other.Trade), Math.Min(one.Account, other.Account));

    private static Position CarryIn(Position position, PortfolioTransaction transfer, DualAmount cost)
    {
        Lot[] lots = transfer.Lots.Count == 0
            ? [new($"{transfer.Id}.1", transfer.TradedAt, transfer.Quantity, cost)]
            : [.. transfer.Lots.Select((lot, i) => new Lot(
                FormattableString.Invariant($"{transfer.Id}.{i + 1}"), lot.AcquiredAt, lot.Quantity,
                new(lot.Cost, lot.AccountCost)))];
        return Open(position, lots) with
        {
            CarriedIn = position.CarriedIn + DualAmount.Sum(lots.Select(lot => lot.Cost)),
        };
    }

    private static LotOutcome CarryOut(Position position, PortfolioTransaction transfer, LotMethod method)
    {
        Taken taken = LotSelection.Take(position.Lots, transfer, transfer.Quantity, method);
        return taken.Refusal is not null
            ? new(null, taken.Refusal)
            : new(new(
                position with
                {
                    Lots = taken.Left,
                    CarriedOut = position.CarriedOut + DualAmount.Sum(taken.Lots.Select(lot => lot.Cost)),
                },
                [], taken.Lots), null);
    }

    internal static Position Open(Position position, IReadOnlyList<Lot> lots) => position with
    {
        Lots = [.. position.Lots.Concat(lots.Where(lot => lot.Quantity != 0)).OrderBy(lot => lot.AcquiredAt)],
    };

    // What a company pays goes to who holds its shares; what a short seller owes the lender for it is told as a fee.
    private static IReadOnlyList<Lot> Held(Position position) => position.IsShort ? [] : position.Lots;

    private static LotOutcome Paid(Position position, IReadOnlyList<Lot> lots, DualAmount amount)
    {
        DualAmount[] shares = lots.Count == 0 ? [] : amount.Split([.. lots.Select(lot => lot.Quantity)]);
        LotIncome[] paid = [.. lots.Zip(shares, (lot, share) => new LotIncome(lot.Id, share))];
        return new(new(position, [], []) { Paid = paid }, null);
    }

    private static LotOutcome Done(Position position) => new(new(position, [], []), null);
}
