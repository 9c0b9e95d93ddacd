namespace FinVault.Portfolios;

/// <summary>Reads a broker's table by the names of its columns.</summary>
internal static class CsvActivities
{
    /// <summary>The words of every row that is a trade.</summary>
    /// <exception cref="FormatException">The columns that are needed are not there.</exception>
    public static IEnumerable<ActivityText> Read(
        IReadOnlyList<CsvRow> table, ImportPreset preset, ColumnMapping? mapping, string currency)
    {
        Dictionary<string, int> columns = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < table[0].Cells.Count; i++)
        {
            columns.TryAdd(table[0].Cells[i], i);
        }

        ColumnMapping names = (mapping ?? new()).Or(preset.Columns);
        foreach ((string what, string? name) in new[]
        {
            ("date", names.Date), ("symbol", names.Symbol), ("kind", names.Kind), ("quantity", names.Quantity),
        })
        {
            if (At(columns, name) is null)
            {
                throw new FormatException($"There is no column for the {what} ({name?.Replace("|", " or ", StringComparison.Ordinal)}).");
            }
        }

        return table.Skip(1).Where(row => IsTrade(row, columns, preset)).Select(row => Text(row, columns, names, currency));
    }

    private static ActivityText Text(
        CsvRow row, Dictionary<string, int> columns, ColumnMapping names, string currency)
    {
        string Cell(string? name) =>
            At(columns, name) is { } at && at < row.Cells.Count ? row.Cells[at] : "";
        string told = Cell(names.Currency);
        return new(
            row.Number, Cell(names.Kind), Cell(names.Symbol), Cell(names.Date), Cell(names.Quantity), Cell(names.Price),
            Cell(names.Amount), Cell(names.Fees), At(columns, names.Currency) is null ? currency : told)
        {
            DateFormat = names.DateFormat,
            Exchange = Cell(names.Exchange),
            Id = Cell(names.Id),
            Note = Cell(names.Note),
            Source = Cell("DataSource"),
        };
    }

    private static bool IsTrade(CsvRow row, Dictionary<string, int> columns, ImportPreset preset) =>
        preset.Only is not { } only || !columns.TryGetValue(only.Column, out int at) || at >= row.Cells.Count
        || only.Values.Contains(row.Cells[at], StringComparer.OrdinalIgnoreCase);

    // Of several names the first that the file has.
    private static int? At(Dictionary<string, int> columns, string? names)
    {
        foreach (string name in names?.Split('|') ?? [])
        {
            if (columns.TryGetValue(name, out int at))
            {
                return at;
            }
        }

        return null;
    }
}
