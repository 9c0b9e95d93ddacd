namespace FinVault.Portfolios;

/// <summary>An open lot whose sale would realise a loss worth taking (PF-20). Money in the account's currency.</summary>
/// <param name="PurchasePrice">Cost of a unit, with fees.</param>
/// <param name="CurrentPrice">Of a unit.</param>
/// <param name="UnrealizedLoss">Minor units, above 0.</param>
/// <param name="Disallowed">The part of the loss that purchases of the last 30 days would take away.</param>
/// <param name="ReplacedBy">Those purchases.</param>
/// <param name="BuyAgainFrom">The first day on which a purchase does not take the loss away, if it is sold today.</param>
/// <param name="ClearFrom">The first day on which a sale would not meet those purchases; today, if there are none.</param>
public sealed record TaxLossOpportunity(
    string Account, string Symbol, string Lot, decimal Quantity, decimal PurchasePrice, decimal CurrentPrice,
    long UnrealizedLoss, DateOnly PurchaseDate, bool IsLongTerm, long Disallowed, IReadOnlyList<string> ReplacedBy,
    DateOnly BuyAgainFrom, DateOnly ClearFrom);

/// <summary>A sale to try: of an open lot, at a price.</summary>
/// <param name="Account">The lot's.</param>
/// <param name="Lot">The lot's id.</param>
/// <param name="Quantity">At most what is open of it.</param>
/// <param name="Proceeds">What it would bring after fees, minor units of the account's currency.</param>
public sealed record TrialSale(string Account, string Lot, decimal Quantity, long Proceeds);

/// <summary>What sales would do. Losses are below 0; minor units.</summary>
/// <param name="Gain">What the sales would realise before the rule.</param>
/// <param name="Disallowed">What of their losses could not be deducted.</param>
/// <param name="Deductible">What could be told: <c>Gain + Disallowed</c>.</param>
/// <param name="ShortTerm">The part of it from lots held up to a year.</param>
/// <param name="LongTerm">The rest.</param>
/// <param name="Sold">The lots that would be sold, as the rule leaves them.</param>
/// <param name="Replacements">The lots whose cost and age would change.</param>
public sealed record TaxLossTrial(
    long Gain, long Disallowed, long Deductible, long ShortTerm, long LongTerm,
    IReadOnlyList<WashLot> Sold, IReadOnlyList<WashLot> Replacements);

/// <summary>Finds losses worth taking, and tries sales before they are made.</summary>
public static class TaxLosses
{
    /// <summary>A loss counts when the purchase price exceeds the current one times this.</summary>
    public const decimal Threshold = 1.05m;

    /// <summary>Opportunities, the largest loss first.</summary>
    /// <param name="lots">All of an owner's, sold and open, before the wash-sale rule.</param>
    /// <param name="currency">The one that all lots' money is in.</param>
    /// <param name="price">Of a unit of a symbol in that currency; null where it is not known, then it is passed over.</param>
    /// <param name="today">The day of the question.</param>
    public static IReadOnlyList<TaxLossOpportunity> Find(
        IReadOnlyList<WashLot> lots, string currency, Func<string, decimal?> price, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(lots);
        ArgumentNullException.ThrowIfNull(price);
        return
        [
            .. lots.GroupBy(lot => lot.Symbol, StringComparer.Ordinal)
                .SelectMany(symbol => price(symbol.Key) is { } now ? Of([.. symbol], currency, now, today) : [])
                .OrderByDescending(opportunity => opportunity.UnrealizedLoss)
                .ThenBy(opportunity => opportunity.Lot, StringComparer.Ordinal),
        ];
    }

    /// <summary>What sales on a day would do; null when a lot is not open, or less of it.</summary>
    public static TaxLossTrial? Try(IReadOnlyList<WashLot> lots, IEnumerable<TrialSale> sales, DateOnly on)
    {
        ArgumentNullException.ThrowIfNull(sales);
        List<WashLot> trial = [.. lots];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (TrialSale sale in sales)
        {
            int at = trial.FindIndex(lot => lot.Sold is null && lot.Account == sale.Account && lot.Id == sale.Lot);
            if (at < 0 || sale.Quantity <= 0 || sale.Quantity > trial[at].Quantity)
            {
                return null;
            }

            WashLot lot = trial[at];
            long cost = Portions.Share(lot.Cost, sale.Quantity, lot.Quantity);
            WashLot sold = lot with
            {
                Id = $"{lot.Id}/sale{ids.Count + 1}", Quantity = sale.Quantity, Cost = cost, Sold = on, Proceeds = sale.Proceeds,
            };
            trial[at] = lot with { Quantity = lot.Quantity - sale.Quantity, Cost = lot.Cost - cost };
            trial.RemoveAll(one => one.Quantity == 0);
            trial.Add(sold);
            ids.Add(sold.Id);
        }

        return Told(WashSales.Apply(trial), ids, on);
    }

    private static TaxLossTrial Told(IReadOnlyList<WashLot> lots, HashSet<string> ids, DateOnly on)
    {
        WashLot[] sold = [.. lots.Where(lot => ids.Any(id => IsPartOf(lot.Id, id)))];
        WashLot[] replacements = [.. lots.Where(lot => ids.Any(id => lot.Replaces is { } loss && IsPartOf(loss, id)))];
        long gain = sold.Sum(lot => lot.Proceeds - lot.Cost);
        long disallowed = sold.Sum(lot => lot.Disallowed);
        long longTerm = sold.Where(lot => lot.IsLongTerm(on)).Sum(lot => lot.Gain);
        return new(gain, disallowed, gain + disallowed, gain + disallowed - longTerm, longTerm, sold, replacements);
    }

    private static bool IsPartOf(string lot, string whole) =>
        lot == whole || lot.StartsWith(whole + ".", StringComparison.Ordinal);

    private static IEnumerable<TaxLossOpportunity> Of(
        IReadOnlyList<WashLot> lots, string currency, decimal price, DateOnly today)
    {
        foreach (WashLot lot in lots.Where(lot => lot.Sold is null))
        {
            decimal paid = MinorUnits.ToDecimal(lot.Cost, currency) / lot.Quantity;
            long worth = MinorUnits.Of(lot.Quantity * price, currency);
            if (paid <= price * Threshold || worth >= lot.Cost)
            {
                continue;
            }

            TaxLossTrial trial = Try(lots, [new(lot.Account, lot.Id, lot.Quantity, worth)], today)!;
            DateOnly last = trial.Replacements.Count == 0
                ? DateOnly.MinValue
                : trial.Replacements.Max(replacement => replacement.Acquired);
            yield return new(
                lot.Account, lot.Symbol, lot.Id, lot.Quantity, Math.Round(paid, 8), price, lot.Cost - worth, lot.Acquired,
                lot.IsLongTerm(today), trial.Disallowed, [.. trial.Replacements.Select(replacement => replacement.Id)],
                today.AddDays(WashSales.Days + 1),
                trial.Replacements.Count == 0 ? today : last.AddDays(WashSales.Days + 1));
        }
    }
}
