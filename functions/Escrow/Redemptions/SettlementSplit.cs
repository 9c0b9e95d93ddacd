namespace FinVault.Escrow;

/// <summary>
/// How a gift card's amount is divided when it is redeemed (ESC-06): first the provider's part of it, by the average of
/// the wallet's top-ups; then of what remains the platform's service fee, rounded half-even; the rest is the merchant's.
/// The three sum to the amount, and none is negative. Minor units.
/// </summary>
/// <param name="Net">The merchant's.</param>
/// <param name="Fee">The platform's.</param>
/// <param name="ProviderFee">What the provider took when the money came in; accounting only (ESC-07).</param>
public sealed record SettlementSplit(long Net, long Fee, long ProviderFee)
{
    /// <param name="gross">What the card is worth.</param>
    /// <param name="fees">Stored on the escrow when it was created.</param>
    /// <param name="serviceBasisPoints">Hundredths of a percent; 250 is 2.5 %.</param>
    public static SettlementSplit Of(long gross, FeeAverage fees, int serviceBasisPoints)
    {
        ArgumentNullException.ThrowIfNull(fees);
        ArgumentOutOfRangeException.ThrowIfNegative(gross);
        ArgumentOutOfRangeException.ThrowIfNegative(serviceBasisPoints);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serviceBasisPoints, 10_000);
        long providerFee = fees.Of(gross);
        long remainder = gross - providerFee;
        long fee = (long)Math.Round((decimal)remainder * serviceBasisPoints / 10_000, MidpointRounding.ToEven);
        return new(remainder - fee, fee, providerFee);
    }
}
