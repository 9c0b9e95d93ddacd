using System.Text;

namespace FinVault.Portfolios;

/// <summary>A row of a table, and where it stands in the file as a spreadsheet counts: the header is row 1.</summary>
internal sealed record CsvRow(int Number, IReadOnlyList<string> Cells);

/// <summary>
/// Comma-separated values as RFC 4180 has them: quotes around cells, doubled inside; also with semicolons or tabs.
/// Empty lines are passed over.
/// </summary>
internal static class CsvTable
{
    private static readonly char[] Separators = [',', ';', '\t'];

    private const int MaxColumns = 200;
    private const int MaxCell = 2_000;

    /// <exception cref="FormatException">It is not such a table, or too large; the message names the row.</exception>
    public static List<CsvRow> Read(string text, int maxRows)
    {
        char separator = SeparatorOf(text);
        List<CsvRow> rows = [];
        List<string> cells = [];
        StringBuilder cell = new();
        bool isQuoted = false;
        int number = 1;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            if (isQuoted && i == text.Length)
            {
                throw new FormatException($"Row {number}: a quote is not closed.");
            }

            if (isQuoted)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[++i]);
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == separator || c == '\n')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
                if (c == '\n')
                {
                    number = End(rows, ref cells, number, maxRows);
                }
            }
            else
            {
                cell.Append(c);
            }

            if (cell.Length > MaxCell || cells.Count > MaxColumns)
            {
                throw new FormatException($"Row {number} is too long.");
            }
        }

        return rows;
    }

    private static int End(List<CsvRow> rows, ref List<string> cells, int number, int maxRows)
    {
        if (cells.Exists(cell => cell.Length > 0))
        {
            rows.Add(new(number, cells));
            if (rows.Count > maxRows + 1)
            {
                throw new FormatException($"A file has {maxRows:N0} rows at most; split it.");
            }
        }

        cells = [];
        return number + 1;
    }

    private static char SeparatorOf(string text)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        string header = end < 0 ? text : text[..end];
        return Separators.MaxBy(one => header.Count(c => c == one));
    }
}
