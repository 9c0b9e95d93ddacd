namespace FinVault.Portfolios;

/// <summary>
/// Books purchases and sales. What stands on the other side is closed first, by the account's method: a sale closes lots
/// that are held, a purchase covers those that were sold short. What is left of it opens a lot of its own.
/// </summary>
internal static class LotTrades
{
    /// <summary>Whether there is enough for what leaves. A transfer takes nothing that is not there, whatever the account.</summary>
    public static LotRefusal? CheckHeld(Position position, PortfolioTransaction leaving, LotRules rules)
    {
        decimal held = position.Quantity;
        bool mayOwe = leaving.Kind == TransactionKind.Sell && rules.ShortSelling;
        string setting = leaving.Kind == TransactionKind.Sell ? " The account does not sell short." : "";
        return leaving.Quantity <= held || mayOwe ? null : new(
            LotRefusalCode.ShortSale, leaving.Id,
            FormattableString.Invariant($"{leaving.Quantity} of {leaving.Symbol} leave, {held} are held.{setting}"));
    }

    /// <param name="position">Before it.</param>
    /// <param name="buy">The purchase.</param>
    /// <param name="cost">With fees.</param>
    /// <param name="method">Which short lots it covers when none are named.</param>
    public static LotOutcome Buy(Position position, PortfolioTransaction buy, DualAmount cost, LotMethod method)
    {
        decimal covers = Math.Min(buy.Quantity, Math.Max(0, -position.Quantity));
        Taken taken = covers == 0 && buy.Picks.Count == 0
            ? new([], position.Lots, null)
            : LotSelection.Take(position.Lots, buy, covers, method);
        if (taken.Refusal is not null)
        {
            return new(null, taken.Refusal);
        }

        DualAmount paid = cost.Share(covers, buy.Quantity);
        DualAmount[] shares = Shares(paid, taken);
        ClosedLot[] covered =
        [
            .. taken.Lots.Select((lot, i) => new ClosedLot(
                position.Symbol, lot.Id, buy.Id, lot.AcquiredAt, buy.TradedAt, lot.Quantity, shares[i], -lot.Cost)),
        ];
        Lot rest = new(buy.Id, buy.TradedAt, buy.Quantity - covers, cost - paid);
        return Closed(position with { Lots = taken.Left, Bought = position.Bought + cost }, covered, rest);
    }

    /// <param name="position">Before it.</param>
    /// <param name="sale">The sale; of more than is held only where that may be.</param>
    /// <param name="proceeds">After fees.</param>
    /// <param name="method">Which lots it takes when none are named.</param>
    public static LotOutcome Sell(Position position, PortfolioTransaction sale, DualAmount proceeds, LotMethod method)
    {
        decimal closes = Math.Min(sale.Quantity, Math.Max(0, position.Quantity));
        Taken taken = closes == 0 && sale.Picks.Count == 0
            ? new([], position.Lots, null)
            : LotSelection.Take(position.Lots, sale, closes, method);
        if (taken.Refusal is not null)
        {
            return new(null, taken.Refusal);
        }

        DualAmount earned = proceeds.Share(closes, sale.Quantity);
        DualAmount[] shares = Shares(earned, taken);
        ClosedLot[] closed =
        [
            .. taken.Lots.Select((lot, i) => new ClosedLot(
                position.Symbol, lot.Id, sale.Id, lot.AcquiredAt, sale.TradedAt, lot.Quantity, lot.Cost, shares[i])),
        ];
        Lot owed = new(sale.Id, sale.TradedAt, closes - sale.Quantity, earned - proceeds);
        return Closed(position with { Lots = taken.Left }, closed, owed);
    }

    private static DualAmount[] Shares(DualAmount amount, Taken taken) =>
        taken.Lots.Count == 0 ? [] : amount.Split([.. taken.Lots.Select(lot => Math.Abs(lot.Quantity))]);

    private static LotOutcome Closed(Position position, ClosedLot[] closed, Lot opened) => new(new(
        LotBooking.Open(position, [opened]) with
        {
            CostOfSold = position.CostOfSold + DualAmount.Sum(closed.Select(lot => lot.Cost)),
            Proceeds = position.Proceeds + DualAmount.Sum(closed.Select(lot => lot.Proceeds)),
            RealizedFx = position.RealizedFx + closed.Sum(lot => lot.FxGain),
        },
        closed, []), null);
}
