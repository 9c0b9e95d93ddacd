using System.Globalization;

namespace FinVault.Portfolios;

/// <summary>Reads what brokers write in cells.</summary>
internal static class CellText
{
    private static readonly string[] DateFormats =
    [
        "dd-MM-yyyy", "dd/MM/yyyy", "dd.MM.yyyy", "yyyyMMdd", "yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd;HHmmss",
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "dd-MM-yyyy hh:mm tt", "dd-MM-yyyy HH:mm", "dd/MM/yyyy HH:mm",
        "dd-MM-yyyy HH:mm:ss", "dd/MM/yyyy HH:mm:ss", "d MMM yyyy", "dd MMM yyyy", "dd-MMM-yyyy",
    ];

    // Hundredths that exchanges quote in, by the names that data providers give them.
    private static readonly Dictionary<string, string> Hundredths = new(StringComparer.Ordinal)
    {
        ["ZAc"] = "ZAR",
        ["GBp"] = "GBP",
        ["GBX"] = "GBP",
        ["ILA"] = "ILS",
    };

    private static readonly Dictionary<string, TransactionKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["buy"] = TransactionKind.Buy,
        ["b"] = TransactionKind.Buy,
        ["bought"] = TransactionKind.Buy,
        ["purchase"] = TransactionKind.Buy,
        ["sell"] = TransactionKind.Sell,
        ["s"] = TransactionKind.Sell,
        ["sold"] = TransactionKind.Sell,
        ["sale"] = TransactionKind.Sell,
        ["dividend"] = TransactionKind.Dividend,
        ["interest"] = TransactionKind.Dividend,
        ["fee"] = TransactionKind.Fee,
        ["fees"] = TransactionKind.Fee,
        ["charge"] = TransactionKind.Fee,
        ["deposit"] = TransactionKind.Deposit,
        ["withdrawal"] = TransactionKind.Withdrawal,
        ["return of capital"] = TransactionKind.ReturnOfCapital,
    };

    public static TransactionKind? Kind(string text) => Kinds.TryGetValue(text, out TransactionKind kind) ? kind : null;

    /// <summary>A day, or a time without a zone, which is taken for UTC.</summary>
    public static DateTimeOffset? Date(string text, string? format)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] formats = string.IsNullOrEmpty(format) ? DateFormats : [format];
        return DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, styles, out DateTimeOffset exact)
            ? exact
            : format is null && text.Length > 18 && text[10] == 'T'
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out DateTimeOffset iso)
                    ? iso
                    : null;
    }

    /// <summary>A number without its sign: brokers write sales and fees below 0.</summary>
    public static decimal? Number(string text)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowThousands | NumberStyles.AllowExponent;
        return decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out decimal number) ? Math.Abs(number) : null;
    }

    /// <summary>The currency of a code, and what one of its units is in it: a ZAc is 0.01 ZAR.</summary>
    public static (string Currency, decimal Unit) Currency(string code) =>
        Hundredths.TryGetValue(code, out string? whole) ? (whole, 0.01m) : (code, 1);
}
