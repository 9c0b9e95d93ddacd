using System.Globalization;

namespace FinVault.Portfolios;

/// <summary>
/// The European Central Bank's table of reference rates (eurofxref-hist.csv): <c>Date,USD,JPY,…</c>, a line a day, units
/// for one euro, <c>N/A</c> where there is none. Source: ecb.europa.eu, euro foreign exchange reference rates.
/// </summary>
public static class EcbFile
{
    public const int MaxLines = 20_000;
    public const int MaxCurrencies = 100;

    /// <summary>Rates by currency, in the file's order of days.</summary>
    /// <exception cref="FormatException">It is not such a table; the message names the line.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> Read(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] header = Cells(text.ReadLine());
        if (header is not ["Date", ..] || header.Length is 1 or > MaxCurrencies 
            || !header.Skip(1).All(IsCode) || header.Distinct().Count() < header.Length)
        {
            throw new FormatException("Line 1 is not Date and codes of currencies.");
        }

        Dictionary<string, Dictionary<DateOnly, decimal>> rates =
            header.Skip(1).ToDictionary(code => code, _ => new Dictionary<DateOnly, decimal>());
        int number = 1;
        while (text.ReadLine() is { } line)
        {
            if (++number > MaxLines)
            {
                throw new FormatException($"More than {MaxLines} lines.");
            }

            ReadLine(line, number, header, rates);
        }

        return rates.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<DateOnly, decimal>)pair.Value);
    }

    private static void ReadLine(
        string line, int number, string[] header, Dictionary<string, Dictionary<DateOnly, decimal>> rates)
    {
        string[] cells = Cells(line);
        if (cells.Length == 0)
        {
            return;
        }

        if (!DateOnly.TryParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            || cells.Length != header.Length)
        {
            throw new FormatException($"Line {number} is not a day and {header.Length - 1} rates.");
        }

        for (int i = 1; i < cells.Length; i++)
        {
            if (cells[i] is "N/A" or "")
            {
                continue;
            }

            bool isRate = decimal.TryParse(
                cells[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal rate);
            rates[header[i]][day] = isRate && rate is > 0 and < 100_000_000
                ? DailyRates.Significant(rate)
                : throw new FormatException($"Line {number}: the rate of {header[i]} is not a number above 0.");
        }
    }

    // A line of the bank's file ends with a comma.
    private static string[] Cells(string? line)
    {
        string[] cells = (line ?? "").Split(',', StringSplitOptions.TrimEntries);
        return cells[^1].Length == 0 ? cells[..^1] : cells;
    }

    private static bool IsCode(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);
}
