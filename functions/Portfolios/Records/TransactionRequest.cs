using System.ComponentModel;

namespace FinVault.Portfolios;

/// <summary>A transaction as its owner tells it. Money is in minor units of <see cref="Currency"/>.</summary>
public sealed record TransactionRequest(TransactionKind Kind, string Currency, DateTimeOffset TradedAt)
{
    [Description("Your own id, up to 100 letters, digits, _, - and .; sent again with it, it is not recorded again.")]
    public string? ClientId { get; init; }

    [Description("Needed by all kinds but fee, deposit, withdrawal and transfers of money.")]
    public string? Symbol { get; init; }

    [Description("Code of the exchange.")]
    public string? Exchange { get; init; }

    [Description("Units of a buy or sell, above 0; at most 8 decimal digits and 15 in all.")]
    public decimal Quantity { get; init; }

    [Description("For one unit of a buy or sell.")]
    public decimal Price { get; init; }

    [Description("Minor units of a dividend, return of capital, fee, deposit or withdrawal; "
        + "of a buy or sell it is quantity × price, and may be left out.")]
    public long? Amount { get; init; }

    [Description("Minor units beside the amount.")]
    public long Fees { get; init; }

    [Description("Of a split: new units for one. Of a bonus issue: units that one brings.")]
    public decimal? Ratio { get; init; }

    [Description("Without it the day of the trade.")]
    public DateOnly? SettlesOn { get; init; }

    [Description("The lots that a sale takes, or the short ones that a purchase covers; by its account's method without it.")]
    public IReadOnlyList<LotPick>? Picks { get; init; }

    [Description("Of a transfer in: the lots that it brings, whose units are its quantity; without them one lot of now.")]
    public IReadOnlyList<CarriedLot>? Lots { get; init; }

    [Description("Of a transfer: the account at its other end, where that is one of yours.")]
    public string? Counterpart { get; init; }

    [Description("Up to 500 characters.")]
    public string? Note { get; init; }
}

/// <summary>A lot that a transfer brings, as its owner tells it.</summary>
public sealed record CarriedLot(
    [property: Description("When it was first bought.")] DateTimeOffset AcquiredAt,
    [property: Description("Units, above 0.")] decimal Quantity,
    [property: Description("Minor units of the transaction's currency, for all of its units, fees included.")] long Cost);
