namespace FinVault.Portfolios;

/// <summary>What is left of one acquisition.</summary>
/// <param name="Id">The transaction that acquired it; of lots transferred in, followed by <c>.1</c>, <c>.2</c>, ….</param>
/// <param name="AcquiredAt">When its holding period began; a transfer or a split does not change it.</param>
/// <param name="Quantity">Above 0.</param>
/// <param name="Cost">What it cost with fees, less capital that came back; 0 or more.</param>
public sealed record Lot(string Id, DateTimeOffset AcquiredAt, decimal Quantity, DualAmount Cost);

/// <summary>A lot, or part of one, that was sold.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Lot">The lot's id.</param>
/// <param name="Transaction">The sale.</param>
/// <param name="AcquiredAt">When its holding period began.</param>
/// <param name="ClosedAt">When it was sold.</param>
/// <param name="Quantity">As sold.</param>
/// <param name="Cost">The part of the lot's cost that went with it.</param>
/// <param name="Proceeds">Its part of the sale's proceeds, after fees.</param>
public sealed record ClosedLot(
    string Symbol, string Lot, string Transaction, DateTimeOffset AcquiredAt, DateTimeOffset ClosedAt,
    decimal Quantity, DualAmount Cost, DualAmount Proceeds)
{
    /// <summary>Minor units of the account's currency; less than 0 is a loss.</summary>
    public long Gain => Proceeds.Account - Cost.Account;

    /// <summary>The part of the gain that exchange rates made. What is left came of the price.</summary>
    public long FxGain => Gain - Proceeds.PriceGain(Cost);
}
