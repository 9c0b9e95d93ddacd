namespace FinVault.Portfolios;

/// <summary>Divides minor units without losing or making one.</summary>
public static class Portions
{
    /// <summary>
    /// The part of an amount that goes with a part of a quantity, rounded half-even. Taking a quantity piece by
    /// piece, each time from what is left, gives the whole amount away exactly: the last piece takes the rest.
    /// </summary>
    /// <param name="amount">Minor units.</param>
    /// <param name="quantity">The part, from 0 to <paramref name="whole"/>.</param>
    /// <param name="whole">Above 0.</param>
    public static long Share(long amount, decimal quantity, decimal whole)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(whole);
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, whole);
        return quantity == whole ? amount : (long)Math.Round(quantity / whole * amount, MidpointRounding.ToEven);
    }

    /// <summary>
    /// Shares of an amount by weight that sum to it exactly: each the difference of two rounded running shares, so
    /// none is further than one minor unit from its exact value.
    /// </summary>
    /// <param name="amount">Minor units, of either sign.</param>
    /// <param name="weights">Not negative; not all of them 0, unless there are none.</param>
    public static long[] Split(long amount, IReadOnlyList<decimal> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        decimal whole = weights.Sum();
        long[] shares = new long[weights.Count];
        (decimal running, long given) = (0, 0);
        for (int i = 0; i < shares.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weights[i], nameof(weights));
            running += weights[i];
            long until = Share(amount, Math.Min(running, whole), whole);
            (shares[i], given) = (until - given, until);
        }

        return shares;
    }

    /// <summary>Quantities times a factor, rounded so that they sum to the rounded product of their sum.</summary>
    /// <param name="quantities">Not negative.</param>
    /// <param name="factor">Above 0.</param>
    /// <param name="places">Decimal places that are kept.</param>
    public static decimal[] Scale(IReadOnlyList<decimal> quantities, decimal factor, int places)
    {
        ArgumentNullException.ThrowIfNull(quantities);
        decimal[] scaled = new decimal[quantities.Count];
        (decimal running, decimal given) = (0, 0);
        for (int i = 0; i < scaled.Length; i++)
        {
            running += quantities[i];
            decimal until = Math.Round(running * factor, places, MidpointRounding.ToEven);
            (scaled[i], given) = (until - given, until);
        }

        return scaled;
    }
}
