using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Rules;
using FinVault.Market.Store;

namespace FinVault.Market.Read;

/// <summary>Every board at one moment.</summary>
/// <param name="now">The moment by which staleness is judged, microseconds since the Unix epoch.</param>
public sealed class BoardSnapshot(IReadOnlyList<Shard> shards, MarketOptions options, long now)
{
    private readonly Dictionary<string, BoardSymbol> _symbols = Index(shards);

    /// <summary>The moment, milliseconds since the Unix epoch.</summary>
    public long At => now / 1_000;

    /// <summary>How many symbols have a quote.</summary>
    public int Count => _symbols.Count;

    /// <summary>Whether quotes may change: a source was heard in the last minute, or some exchange is not closed.</summary>
    public bool Moves => shards.Any(shard => BoardRest.Of(shard, now) <= TimeSpan.Zero);

    /// <summary>When each source was last heard on any shard.</summary>
    public IReadOnlyDictionary<string, SourceState> Sources { get; } = Merge(shards);

    /// <summary>Every symbol that has a quote, by name.</summary>
    public IEnumerable<BoardSymbol> Symbols => _symbols.Values.OrderBy(s => s.State.Symbol, StringComparer.Ordinal);

    /// <summary>The quotes of every symbol that is on a board.</summary>
    public Quote[] QuotesOn(string board, Exchanges exchanges)
    {
        ArgumentNullException.ThrowIfNull(exchanges);
        return [.. Symbols.Where(s => exchanges.BoardsOf(s.State.Symbol).Contains(board)).Select(QuoteOf)];
    }

    /// <summary>The sum of all shards' counters.</summary>
    public IngestCounters Counters
    {
        get
        {
            IngestCounters sum = new();
            foreach (Board board in shards.SelectMany(s => s.Boards))
            {
                sum.Add(board.Counters);
            }

            return sum;
        }
    }

    /// <summary>The symbol's place, and the shard that it is on; null when no tick of it was ever accepted.</summary>
    public (BoardSymbol Symbol, string ShardId)? Find(string symbol) =>
        _symbols.TryGetValue(symbol, out BoardSymbol? found)
            ? (found, shards.First(s => s.Boards.Contains(found.Board)).Id)
            : null;

    /// <summary>The symbol's place alone; null when no tick of it was ever accepted.</summary>
    public BoardSymbol? Peek(string symbol) => _symbols.GetValueOrDefault(symbol);

    public Quote QuoteOf(BoardSymbol symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        SymbolState state = symbol.State;
        return Quote.Of(state, state.Published, IsStale(state)) with { Session = state.Exchange.StateAt(now) };
    }

    /// <summary>Whether a source has fallen silent.</summary>
    public bool IsSilent(string source) =>
        !Sources.TryGetValue(source, out SourceState state)
        || now - state.HeardAt > options.StaleAfterSeconds * Micros.PerSecond;

    private bool IsStale(SymbolState state)
    {
        QuoteState quote = state.Quote!;
        if (IsSilent(quote.Source))
        {
            // After the close nothing is sent: the last price of the last session is the price.
            bool isLastOfSession = state.Exchange.StateAt(now) is SessionState.Closed or SessionState.PostClose
                && state.Today!.Date == state.Exchange.LastOpened(now).Date;
            return !isLastOfSession;
        }

        return !quote.Source.StartsWith(options.ReplaySource, StringComparison.Ordinal)
            && state.Exchange.StateAt(now) == SessionState.Open
            && now - Sources[quote.Source].EventTime > options.DelayedAfterSeconds * Micros.PerSecond;
    }

    private static Dictionary<string, BoardSymbol> Index(IReadOnlyList<Shard> shards)
    {
        // A feed that ignores the partition key can bring a symbol to two shards: the newer quote counts.
        Dictionary<string, BoardSymbol> symbols = new(StringComparer.Ordinal);
        foreach (BoardSymbol symbol in shards.SelectMany(s => s.Symbols).Where(s => s.State.Quote is not null))
        {
            if (!symbols.TryGetValue(symbol.State.Symbol, out BoardSymbol? other)
                || other.State.Quote!.EventTime < symbol.State.Quote!.EventTime)
            {
                symbols[symbol.State.Symbol] = symbol;
            }
        }

        return symbols;
    }

    private static Dictionary<string, SourceState> Merge(IReadOnlyList<Shard> shards)
    {
        Dictionary<string, SourceState> sources = [];
        foreach ((string name, SourceState state) in shards.SelectMany(s => s.Boards).SelectMany(b => b.Sources))
        {
            sources.TryGetValue(name, out SourceState known);
            sources[name] = new SourceState(
                Math.Max(known.HeardAt, state.HeardAt), Math.Max(known.EventTime, state.EventTime));
        }

        return sources;
    }
}
