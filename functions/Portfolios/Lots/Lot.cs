namespace FinVault.Portfolios;

/// <summary>What is left of one acquisition, or of one short sale: units that are owed, with all signs the other way.</summary>
/// <param name="Id">The transaction that opened it; of lots transferred in, followed by <c>.1</c>, <c>.2</c>, ….</param>
/// <param name="AcquiredAt">When its holding period began; a transfer or a split does not change it.</param>
/// <param name="Quantity">Above 0; of a short sale below 0.</param>
/// <param name="Cost">
/// What it cost with fees, less capital that came back; 0 or more. Of a short sale what it brought after fees, as 0 or less.
/// </param>
public sealed record Lot(string Id, DateTimeOffset AcquiredAt, decimal Quantity, DualAmount Cost)
{
    /// <summary>Units owed as units held, and the other way round.</summary>
    internal Lot Mirrored() => this with { Quantity = -Quantity, Cost = -Cost };
}

/// <summary>A lot, or part of one, that was sold; or units of a short sale that were bought back.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Lot">The lot's id.</param>
/// <param name="Transaction">The sale; of a short lot the purchase that covered it.</param>
/// <param name="AcquiredAt">When its holding period began; of a short lot the short sale.</param>
/// <param name="ClosedAt">When it was sold, or bought back.</param>
/// <param name="Quantity">As sold; of a short lot below 0.</param>
/// <param name="Cost">The part of the lot's cost that went with it; of a short lot what buying it back cost, with fees.</param>
/// <param name="Proceeds">Its part of the sale's, or the short sale's, proceeds, after fees.</param>
public sealed record ClosedLot(
    string Symbol, string Lot, string Transaction, DateTimeOffset AcquiredAt, DateTimeOffset ClosedAt,
    decimal Quantity, DualAmount Cost, DualAmount Proceeds)
{
    /// <summary>Minor units of the account's currency; less than 0 is a loss.</summary>
    public long Gain => Proceeds.Account - Cost.Account;

    /// <summary>The part of the gain that exchange rates made. What is left came of the price.</summary>
    public long FxGain => Gain - (Quantity < 0 ? (-Cost).PriceGain(-Proceeds) : Proceeds.PriceGain(Cost));
}
