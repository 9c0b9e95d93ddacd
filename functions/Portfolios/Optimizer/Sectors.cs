using System.Text.Json;

namespace FinVault.Portfolios;

/// <summary>sectors.json.</summary>
public sealed record SectorsFile(IReadOnlyDictionary<string, string[]> Sectors);

/// <summary>The sector of each symbol, for caps. What is not in the table has none; it is never guessed.</summary>
public sealed class Sectors
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<string, string> _bySymbol = new(StringComparer.Ordinal);

    public Sectors(SectorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Names = [.. file.Sectors.Keys.Order(StringComparer.Ordinal)];
        foreach ((string sector, string[] symbols) in file.Sectors)
        {
            foreach (string symbol in symbols)
            {
                // A symbol that stands twice is a slip in the file, and throws.
                _bySymbol.Add(symbol, sector);
            }
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The table that ships with the app.</summary>
    public static Sectors Load()
    {
        using Stream stream = typeof(Sectors).Assembly.GetManifestResourceStream("FinVault.sectors.json")
            ?? throw new InvalidOperationException("sectors.json is not embedded in the app.");
        return new Sectors(JsonSerializer.Deserialize<SectorsFile>(stream, Options)!);
    }

    /// <summary>A symbol's sector; null where none is known.</summary>
    public string? Of(string symbol) => _bySymbol.GetValueOrDefault(NameOf(symbol));

    /// <summary>A company's name on any exchange: <c>TCS</c> for <c>BSE:TCS</c>.</summary>
    public static string NameOf(string symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        return symbol[(symbol.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
