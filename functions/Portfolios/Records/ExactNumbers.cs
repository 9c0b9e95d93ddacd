namespace FinVault.Portfolios;

/// <summary>Decimals that a store of doubles gives back as they were.</summary>
public static class ExactNumbers
{
    /// <summary>Every decimal of so many digits is a double of its own (IEEE 754 binary64).</summary>
    public const int MaxDigits = 15;

    public const int MaxPlaces = 8;

    /// <summary>Of 8 decimal places at most and 15 digits in all.</summary>
    public static bool IsExact(decimal number) =>
        decimal.Round(number, MaxPlaces) == number && DigitsOf(number) <= MaxDigits;

    /// <summary>Rounded half-even to so many significant digits, without zeros at the end.</summary>
    public static decimal Round(decimal number, int digits)
    {
        int whole = WholeDigitsOf(number);
        return Trim(whole >= digits ? decimal.Round(number) : decimal.Round(number, Math.Min(digits - whole, 28)));
    }

    /// <summary>Without zeros at the end: 1.50 is 1.5.</summary>
    public static decimal Trim(decimal number) => number / 1.0000000000000000000000000000m;

    // Of 0.05 it is -1: significant digits begin behind the zeros.
    private static int WholeDigitsOf(decimal number)
    {
        number = Math.Abs(number);
        int digits = 0;
        for (; number >= 1; number /= 10)
        {
            digits++;
        }

        for (; number is > 0 and < 0.1m && digits <= 0 && digits > -28; number *= 10)
        {
            digits--;
        }

        return digits;
    }

    private static int DigitsOf(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(Trim(number), parts);
        UInt128 value = ((UInt128)(uint)parts[2] << 64) | ((UInt128)(uint)parts[1] << 32) | (uint)parts[0];
        int digits = 0;
        for (; value > 0; value /= 10)
        {
            digits++;
        }

        return digits;
    }
}
