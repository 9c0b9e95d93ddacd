using FinVault.Market.Calendar;
using FinVault.Market.Rules;

namespace FinVault.Market.Store;

/// <summary>The boards of one shard (one partition of the hub) in memory, by symbol.</summary>
public sealed class Shard(string id, Exchanges exchanges)
{
    /// <summary>A shard takes no more symbols than this: what feeds send must not grow without bound.</summary>
    public const int MaxSymbols = 20_000;

    private readonly Dictionary<string, BoardSymbol> _symbols = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    public List<Board> Boards { get; } = [];

    public IReadOnlyCollection<BoardSymbol> Symbols => _symbols.Values;

    /// <summary>The board that counts what belongs to no symbol.</summary>
    public Board FirstBoard => Boards.Count > 0 ? Boards[0] : AddBoard();

    /// <summary>The one string for a symbol that was seen before, without an allocation.</summary>
    public string Intern(ReadOnlySpan<char> symbol) =>
        _symbols.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(symbol, out BoardSymbol? known)
            ? known.State.Symbol
            : symbol.ToString();

    /// <summary>The symbol's state, new when it was never seen; null when the shard is full.</summary>
    public BoardSymbol? Find(string symbol)
    {
        if (_symbols.TryGetValue(symbol, out BoardSymbol? known))
        {
            return known;
        }

        if (_symbols.Count >= MaxSymbols)
        {
            return null;
        }

        Board board = Boards.FirstOrDefault(b => b.Symbols.Count < Board.MaxSymbols) ?? AddBoard();
        return Add(new BoardSymbol(new SymbolState(symbol, exchanges.Of(symbol)), board));
    }

    /// <summary>The symbol as it is here; null when it was never seen.</summary>
    public BoardSymbol? Peek(string symbol) => _symbols.GetValueOrDefault(symbol);

    public BoardSymbol Add(BoardSymbol symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        _symbols.Add(symbol.State.Symbol, symbol);
        symbol.Board.Symbols.Add(symbol);
        return symbol;
    }

    private Board AddBoard()
    {
        Board board = new(Boards.Count);
        Boards.Add(board);
        return board;
    }
}
