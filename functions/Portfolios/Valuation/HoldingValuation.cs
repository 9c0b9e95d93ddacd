using FinVault.Market.Calendar;

namespace FinVault.Portfolios;

/// <summary>What is known of the market for one holding.</summary>
/// <param name="Price">Null where no tick of it was ever seen.</param>
/// <param name="ToLocal">From the price's currency into the holding's; null where there is no rate.</param>
/// <param name="ToAccount">From the price's currency into the account's; null where there is no rate.</param>
/// <param name="DayStarts">When the price's trading day began; lots acquired since are of today.</param>
/// <param name="Day">That day.</param>
internal sealed record MarketFacts(
    PricedAt? Price, LiveRate? ToLocal, LiveRate? ToAccount, DateTimeOffset DayStarts, DateOnly Day)
{
    private const int PriceDigits = 12;

    public static MarketFacts None { get; } = new(null, null, null, DateTimeOffset.MaxValue, DateOnly.MaxValue);

    /// <param name="position">What is priced.</param>
    /// <param name="exchange">Where.</param>
    /// <param name="price">As the market tells it.</param>
    /// <param name="toLocal">From the price's currency into the holding's.</param>
    /// <param name="toAccount">From the price's currency into the account's.</param>
    public static MarketFacts Of(
        Position position, Exchange exchange, PricedAt price, LiveRate? toLocal, LiveRate? toAccount)
    {
        ExchangeDay day = exchange.DayOf(Micros.Of(price.EventTime));
        return new(
            InUnitsOf(position, price, day.Date), toLocal, toAccount, Micros.ToTime(day.Starts), day.Date);
    }

    /// <summary>Whether a lot was given on the price's day, for units that were held: then it is as old as they are.</summary>
    public bool IsGiven(Lot lot, Position position) => lot.Cost == default && position.ActionOn >= Day;

    // On the day of a split the close of the day before is still of the old units; before its first trade the price is, too.
    private static PricedAt InUnitsOf(Position position, PricedAt price, DateOnly day)
    {
        if (position.ActionOn is not { } acted || acted < day || position.ActionBy == 1)
        {
            return price;
        }

        decimal Now(decimal then) => ExactNumbers.Round(then / position.ActionBy, PriceDigits);
        decimal? close = price.PreviousClose is { } before ? Now(before) : null;
        return price with { Value = acted > day ? Now(price.Value) : price.Value, PreviousClose = close };
    }
}

/// <summary>Values a position at a price. Pure; what cannot be known says why, and is never 0.</summary>
internal static class HoldingValuation
{
    public static HoldingView Of(HoldingDocument holding, PortfolioAccount account, MarketFacts facts)
    {
        Position position = holding.Position;
        (decimal quantity, DualAmount cost) = (position.Quantity, position.Cost);
        FigurePair value = ValueOf(quantity, facts.Price?.Value, facts, position.Currency, account.Currency);
        return new(
            position.Symbol, holding.Exchange, position.Currency, account.Currency, quantity,
            quantity == 0 ? null : UnitCost(cost.Trade, quantity, position.Currency), position.Lots.Count, facts.Price,
            facts.Price?.Currency == account.Currency ? null : facts.ToAccount,
            facts.Price is { Stale: true } || (facts.Price is not null && facts.ToAccount is { Stale: true }),
            FigurePair.Of(cost), value, DayChangeOf(position, account, facts), GainOf(value, cost),
            GainView.Of(position.RealizedGain, position.RealizedFx), position.Income.Account, position.Charges.Account);
    }

    public static LotView Of(Lot lot, string local, PortfolioAccount account, MarketFacts facts)
    {
        FigurePair value = ValueOf(lot.Quantity, facts.Price?.Value, facts, local, account.Currency);
        return new(lot.Id, lot.AcquiredAt, lot.Quantity, FigurePair.Of(lot.Cost), value, GainOf(value, lot.Cost));
    }

    public static ClosedLotView Of(ClosedLot lot) => new(
        lot.Lot, lot.Transaction, lot.AcquiredAt, lot.ClosedAt, lot.Quantity, FigurePair.Of(lot.Cost),
        FigurePair.Of(lot.Proceeds), GainView.Of(lot.Gain, lot.FxGain));

    /// <summary>Units at a price in both currencies. Nothing held is worth nothing, whatever the price.</summary>
    public static FigurePair ValueOf(decimal quantity, decimal? price, MarketFacts facts, string local, string account) =>
        quantity == 0 ? FigurePair.Of(default)
        : price is not { } known ? FigurePair.Unknown(UnavailableReason.MissingPrice)
        : new(In(local, quantity, known, facts.ToLocal), In(account, quantity, known, facts.ToAccount));

    private static MoneyFigure In(string currency, decimal quantity, decimal price, LiveRate? rate)
    {
        if (rate is null)
        {
            return MoneyFigure.Unknown(UnavailableReason.MissingRate);
        }

        // Quantities and prices have 15 digits, so their product fits; with the rate it may not.
        return MinorUnits.OfUnits(quantity, price, currency) is not null
            && MinorUnits.TryOf(quantity * price * rate.Rate, currency) is { } amount
                ? MoneyFigure.Of(amount)
                : MoneyFigure.Unknown(UnavailableReason.TooLarge);
    }

    private static GainView GainOf(FigurePair value, DualAmount cost)
    {
        if (value.Account.Amount is not { } account)
        {
            return GainView.Unknown(value.Account.Unavailable!.Reason);
        }

        MoneyFigure total = MoneyFigure.Of(account - cost.Account);
        if (value.Local.Amount is not { } local)
        {
            MoneyFigure unknown = value.Local;
            return new(total, unknown, unknown);
        }

        long price = new DualAmount(local, account).PriceGain(cost);
        return new(total, MoneyFigure.Of(price), MoneyFigure.Of(account - cost.Account - price));
    }

    // What was held yesterday is compared with yesterday's close, what was bought today with what it cost.
    private static FigurePair DayChangeOf(Position position, PortfolioAccount account, MarketFacts facts)
    {
        if (facts.Price is not { } price)
        {
            return position.Lots.Count == 0 ? FigurePair.Of(default) : FigurePair.Unknown(UnavailableReason.MissingPrice);
        }

        ILookup<bool, Lot> isNew = position.Lots.ToLookup(
            lot => lot.AcquiredAt >= facts.DayStarts && !facts.IsGiven(lot, position));
        decimal old = isNew[false].Sum(lot => lot.Quantity);
        if (old != 0 && price.PreviousClose is null)
        {
            return FigurePair.Unknown(UnavailableReason.MissingPreviousClose);
        }

        FigurePair since = ValueOf(old, price.Value - price.PreviousClose, facts, position.Currency, account.Currency);
        decimal bought = isNew[true].Sum(lot => lot.Quantity);
        FigurePair fresh = ValueOf(bought, price.Value, facts, position.Currency, account.Currency);
        DualAmount paid = DualAmount.Sum(isNew[true].Select(lot => lot.Cost));
        return new(since.Local + fresh.Local - MoneyFigure.Of(paid.Trade), since.Account + fresh.Account - MoneyFigure.Of(paid.Account));
    }

    private static decimal? UnitCost(long cost, decimal quantity, string currency) =>
        ExactNumbers.Round(MinorUnits.ToDecimal(cost, currency) / quantity, ExactNumbers.MaxDigits - 3);
}
