using FinVault.Escrow;

namespace FinVault.Portfolios;

/// <summary>Amounts of money as people write them, and as whole minor units of ISO 4217, rounded half-even.</summary>
public static class MinorUnits
{
    /// <summary>The most that one transaction moves: far more than anybody has, far less than a double holds exactly.</summary>
    public const long Max = 1_000_000_000_000_000;

    private const int DefaultExponent = 2;

    /// <summary>Minor units of an amount. The currency is a known one.</summary>
    /// <exception cref="OverflowException">More than a long holds.</exception>
    public static long Of(decimal amount, string currency) =>
        (long)Math.Round(amount * Scale(currency), MidpointRounding.ToEven);

    /// <summary>Minor units of an amount; null where they are more than <see cref="Max"/>, either way.</summary>
    public static long? TryOf(decimal amount, string currency) =>
        Math.Abs(amount) <= Max / Scale(currency) ? Of(amount, currency) : null;

    public static decimal ToDecimal(long minor, string currency) => minor / Scale(currency);

    /// <summary>The same money in another currency.</summary>
    /// <param name="minor">Minor units of <paramref name="from"/>.</param>
    /// <param name="from">ISO 4217.</param>
    /// <param name="to">ISO 4217.</param>
    /// <param name="rate">Units of <paramref name="to"/> for one of <paramref name="from"/>.</param>
    public static long Convert(long minor, string from, string to, decimal rate) =>
        from == to && rate == 1 ? minor : Of(ToDecimal(minor, from) * rate, to);

    /// <summary>Quantity × price in minor units; null where that is more than <see cref="Max"/>.</summary>
    public static long? OfUnits(decimal quantity, decimal price, string currency) =>
        quantity == 0 || price == 0 ? 0
        : Math.Abs(quantity) > Max / Math.Abs(price) ? null
        : TryOf(quantity * price, currency);

    private static decimal Scale(string currency) => Currencies.Exponents.GetValueOrDefault(currency, DefaultExponent) switch
    {
        0 => 1m,
        3 => 1000m,
        _ => 100m,
    };
}
