using System.Globalization;

namespace FinVault.Portfolios;

/// <summary>
/// Opportunities as CSV (RFC 4180). Text that a spreadsheet would take for a formula is led by an apostrophe; numbers
/// are written by us and need none.
/// </summary>
public static class TaxLossCsv
{
    public const string Header =
        "account,symbol,lot,quantity,purchasePrice,currentPrice,unrealizedLoss,currency,purchaseDate,longTerm,"
        + "disallowed,replacedBy,buyAgainFrom,clearFrom";

    /// <summary>The header and a row for each, without line ends.</summary>
    public static IEnumerable<string> Rows(IEnumerable<TaxLossOpportunity> opportunities, string currency) =>
        opportunities.Select(one => string.Join(',',
            Text(one.Account), Text(one.Symbol), Text(one.Lot), Number(one.Quantity), Number(one.PurchasePrice),
            Number(one.CurrentPrice), Number(MinorUnits.ToDecimal(one.UnrealizedLoss, currency)), Text(currency),
            Date(one.PurchaseDate), one.IsLongTerm ? "true" : "false",
            Number(MinorUnits.ToDecimal(one.Disallowed, currency)), Text(string.Join(' ', one.ReplacedBy)),
            Date(one.BuyAgainFrom), Date(one.ClearFrom))).Prepend(Header);

    /// <summary>A field that no spreadsheet runs and no parser splits.</summary>
    public static string Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string safe = value.Length > 0 && "=+-@\t\r\n|%".Contains(value[0], StringComparison.Ordinal) ? $"'{value}" : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Number(decimal value) => value.ToString("0.########", CultureInfo.InvariantCulture);

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
