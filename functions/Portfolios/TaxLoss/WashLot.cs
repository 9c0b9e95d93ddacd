namespace FinVault.Portfolios;

/// <summary>Units that were bought together, and perhaps sold together. Money is minor units of one currency.</summary>
/// <param name="Id">Of the lot; parts of it are told as <c>.1</c> and <c>.2</c>.</param>
/// <param name="Account">Where it is held; the rule looks at all of an owner's accounts.</param>
/// <param name="Symbol">What it is; equal symbols are substantially identical.</param>
/// <param name="Purchase">What bought it: units of one purchase do not replace each other.</param>
/// <param name="Quantity">Above 0.</param>
/// <param name="Acquired">The day of the purchase.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Sold">The day of the sale; null while it is held.</param>
/// <param name="Proceeds">What the sale brought; 0 while it is held.</param>
public sealed record WashLot(
    string Id, string Account, string Symbol, string Purchase, decimal Quantity, DateOnly Acquired, long Cost,
    DateOnly? Sold = null, long Proceeds = 0)
{
    /// <summary>When its holding period began: earlier than <see cref="Acquired"/> by what it inherited.</summary>
    public DateOnly HeldSince { get; init; } = Acquired;

    /// <summary>A disallowed loss that was added to its cost, and is part of it.</summary>
    public long Inherited { get; init; }

    /// <summary>The lot whose loss it took over.</summary>
    public string? Replaces { get; init; }

    /// <summary>The part of its loss that may not be deducted.</summary>
    public long Disallowed { get; init; }

    /// <summary>The lot that took the loss over.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>Of the sale, by the adjusted cost, as it may be told to the tax office; 0 while it is held.</summary>
    public long Gain => Sold is null ? 0 : Proceeds - Cost + Disallowed;

    /// <summary>Whether it was held for more than a year, as inherited.</summary>
    public bool IsLongTerm(DateOnly until) => until > HeldSince.AddYears(1);

    /// <summary>
    /// An account's lots, sold and open, for <see cref="WashSales.Apply"/>; in the account's currency. Short sales are left
    /// out: whoever owes units has none to sell at a loss.
    /// </summary>
    public static IEnumerable<WashLot> Of(
        string account, IEnumerable<ClosedLot> closed, IEnumerable<Position> positions) =>
        closed.Select((lot, i) => new WashLot(
                FormattableString.Invariant($"{lot.Lot}/{i + 1}"), account, lot.Symbol, lot.Lot, lot.Quantity,
                Day(lot.AcquiredAt), lot.Cost.Account, Day(lot.ClosedAt), lot.Proceeds.Account))
            .Concat(positions.SelectMany(position => position.Lots.Select(lot => new WashLot(
                lot.Id, account, position.Symbol, lot.Id, lot.Quantity, Day(lot.AcquiredAt), lot.Cost.Account))))
            .Where(lot => lot.Quantity > 0);

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
