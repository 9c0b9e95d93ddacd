using System.ComponentModel;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>A loss worth taking (PF-20), and what the wash-sale rule would leave of it. Minor units of the view's currency.</summary>
/// <param name="Account">Where the lot is held.</param>
/// <param name="Symbol">Of what.</param>
/// <param name="Lot">To sell it by.</param>
/// <param name="Quantity">Units of it.</param>
/// <param name="PurchasePrice">Cost of a unit, with fees.</param>
/// <param name="CurrentPrice">Of a unit.</param>
/// <param name="PriceAsOf">When that was taken.</param>
/// <param name="Stale">Whether it must not be taken for the current one.</param>
/// <param name="UnrealizedLoss">Above 0.</param>
/// <param name="PurchaseDate">Of the lot.</param>
/// <param name="IsLongTerm">Held for more than a year.</param>
/// <param name="Disallowed">What purchases of the last 30 days, in any account, would take away.</param>
/// <param name="Deductible">The rest of the loss.</param>
/// <param name="BuyAgainFrom">The first day on which a purchase does not take the loss away, if it is sold today.</param>
/// <param name="ClearFrom">The first day on which a sale would not meet those purchases.</param>
/// <param name="Replacements">Those purchases, with the cost and age that they would have then.</param>
/// <param name="Explanation">The same in sentences.</param>
public sealed record TaxLossItem(
    string Account, string Symbol, string Lot, decimal Quantity, decimal PurchasePrice, decimal CurrentPrice,
    DateTimeOffset PriceAsOf, bool Stale, long UnrealizedLoss, DateOnly PurchaseDate, bool IsLongTerm, long Disallowed,
    long Deductible, DateOnly BuyAgainFrom, DateOnly ClearFrom, IReadOnlyList<AdjustedLot> Replacements, string Explanation);

/// <summary>A lot whose cost and age a wash sale has changed. Minor units of the view's currency.</summary>
/// <param name="Account">Where it is held.</param>
/// <param name="Symbol">Of what.</param>
/// <param name="Lot">The lot, or a part of it (<c>.1</c>, <c>.2</c>).</param>
/// <param name="Quantity">Units of it.</param>
/// <param name="AdjustedCost">With the loss that it took over.</param>
/// <param name="Inherited">That loss.</param>
/// <param name="Acquired">When it was bought.</param>
/// <param name="HeldSince">When its holding period begins.</param>
/// <param name="Replaces">The sale whose loss it took over.</param>
public sealed record AdjustedLot(
    string Account, string Symbol, string Lot, decimal Quantity, long AdjustedCost, long Inherited, DateOnly Acquired,
    DateOnly HeldSince, string Replaces)
{
    internal static AdjustedLot Of(WashLot lot) => new(
        lot.Account, lot.Symbol, lot.Id, lot.Quantity, lot.Cost, lot.Inherited, lot.Acquired, lot.HeldSince, lot.Replaces!);
}

/// <summary>A symbol that cannot be judged.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Reason"><c>missing_price</c> or <c>missing_rate</c>.</param>
public sealed record TaxLossGap(string Symbol, string Reason);

/// <summary>Losses worth taking over all of a user's accounts. Money is minor units of <paramref name="Currency"/>.</summary>
/// <param name="Currency">ISO 4217; that of the first account. Costs of others are at the rates of their days.</param>
/// <param name="ComputedAt">It may be an hour old.</param>
/// <param name="Opportunities">The largest loss first; 1,000 at most.</param>
/// <param name="WashSales">Lots that wash sales so far have changed.</param>
/// <param name="Unavailable">What could not be judged.</param>
public sealed record TaxLossView(
    string Currency, DateTimeOffset ComputedAt, IReadOnlyList<TaxLossItem> Opportunities,
    IReadOnlyList<AdjustedLot> WashSales, IReadOnlyList<TaxLossGap> Unavailable);

/// <summary>A sale to try.</summary>
public sealed record WhatIfSale(string Account, string Lot, decimal Quantity)
{
    [Description("For one unit, in the view's currency; the current one without it.")]
    public decimal? Price { get; init; }
}

/// <summary>Sales to try together.</summary>
public sealed record WhatIfRequest([property: Description("1 to 100.")] IReadOnlyList<WhatIfSale> Sales);

/// <summary>What sales of today would do. Minor units of <paramref name="Currency"/>; losses are below 0.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Gain">What they would realise.</param>
/// <param name="Disallowed">What of their losses could not be deducted.</param>
/// <param name="Deductible">The gain that could be told: gain + disallowed.</param>
/// <param name="ShortTerm">The part of it from lots held up to a year.</param>
/// <param name="LongTerm">The rest.</param>
/// <param name="Replacements">Lots whose cost and age would change.</param>
public sealed record WhatIfAnswer(
    string Currency, long Gain, long Disallowed, long Deductible, long ShortTerm, long LongTerm,
    IReadOnlyList<AdjustedLot> Replacements);

/// <summary>The view as it was computed last, in a partition of its user's own.</summary>
/// <param name="Account">The partition.</param>
/// <param name="View">What the user sees.</param>
/// <param name="Night">The last night that computed it; empty for none.</param>
[NotAudited("It is reckoned from transactions and prices, and may be thrown away.")]
internal sealed record TaxLossDocument(string Account, TaxLossView View, string Night)
{
    public const string DocumentId = "view";

    private const int KeptSeconds = 7 * 24 * 3600;

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "taxLossView";

    public int Ttl { get; init; } = KeptSeconds;

    public static string PartitionOf(string tenant, string owner) => $"taxloss:{tenant}:{owner}";
}
