using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Market.Calendar;

/// <summary>Every exchange that FinVault knows, which symbols are whose, and the named boards. Read from exchanges.json.</summary>
public sealed class Exchanges
{
    /// <summary>The board of every symbol.</summary>
    public const string AllBoard = "all";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly List<(string Prefix, Exchange Exchange)> _byPrefix = [];
    private readonly Dictionary<string, string[]> _boards;
    private readonly Exchange _default;

    public Exchanges(ExchangesFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Dictionary<string, ExchangeSettings> settings = file.Exchanges.ToDictionary(e => e.Code);
        All = [.. file.Exchanges.Select(e => new Exchange(e, e.SameDaysAs is { } other ? settings[other] : e))];
        _default = All[0];
        _byPrefix.AddRange(file.Exchanges.Zip(All).Where(e => e.First.Symbols is not null)
            .Select(e => (e.First.Symbols!, e.Second)));
        _boards = new Dictionary<string, string[]>(file.Boards, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<Exchange> All { get; }

    /// <summary>The calendar that ships with the app.</summary>
    public static Exchanges Load()
    {
        using Stream stream = typeof(Exchanges).Assembly.GetManifestResourceStream("FinVault.exchanges.json")
            ?? throw new InvalidOperationException("exchanges.json is not embedded in the app.");
        return new Exchanges(JsonSerializer.Deserialize<ExchangesFile>(stream, Options)!);
    }

    /// <summary>The exchange that a symbol trades on: by its prefix, else the first exchange.</summary>
    public Exchange Of(string symbol)
    {
        foreach ((string prefix, Exchange exchange) in _byPrefix)
        {
            if (symbol.StartsWith(prefix, StringComparison.Ordinal))
            {
                return exchange;
            }
        }

        return _default;
    }

    /// <summary>That there is a board of that name: "all", an exchange's code, or one of the listed boards.</summary>
    /// <exception cref="ProblemException">unknown_board.</exception>
    public void RequireBoard(string name)
    {
        if (name != AllBoard && !_boards.ContainsKey(name) && !All.Any(e => e.Code == name))
        {
            throw Problems.UnknownBoard.With("There is no board of that name.");
        }
    }

    /// <summary>The boards that a symbol is on.</summary>
    public IEnumerable<string> BoardsOf(string symbol)
    {
        yield return AllBoard;
        yield return Of(symbol).Code;
        foreach ((string name, string[] symbols) in _boards)
        {
            if (symbols.Any(s => s == symbol || (s.EndsWith('-') && symbol.StartsWith(s, StringComparison.Ordinal))))
            {
                yield return name;
            }
        }
    }
}
