using FinVault.Market.Rules;

namespace FinVault.Market.Store;

/// <summary>
/// One board document in memory: the state of up to <see cref="MaxSymbols"/> symbols of a shard, and the hub's sequence
/// number that was applied to them last, which is what makes redelivered events harmless.
/// </summary>
public sealed class Board(int number)
{
    /// <summary>Keeps a board, with every open bar, well under the store's 2 MB a document.</summary>
    public const int MaxSymbols = 256;

    public int Number { get; } = number;

    public string Id => $"board-{Number}";

    /// <summary>The stored document's ETag; null when the board was not stored yet.</summary>
    public string? ETag { get; set; }

    /// <summary>The hub's sequence number that was applied last; -1 before the first.</summary>
    public long LastSequence { get; set; } = -1;

    public IngestCounters Counters { get; init; } = new();

    /// <summary>When each source was last heard, by name.</summary>
    public Dictionary<string, SourceState> Sources { get; init; } = [];

    public List<BoardSymbol> Symbols { get; } = [];

    /// <summary>Changed since it was stored.</summary>
    public bool IsDirty { get; set; }
}

/// <summary>When a source was last heard.</summary>
/// <param name="HeardAt">Arrival of its last event, microseconds since the Unix epoch.</param>
/// <param name="EventTime">The newest event time it sent.</param>
public readonly record struct SourceState(long HeardAt, long EventTime);

/// <summary>A symbol's place on a board, with what only the ingest needs to know of it.</summary>
public sealed class BoardSymbol(SymbolState state, Board board)
{
    /// <summary>More feeds than this for one symbol, and the first one's resends are no longer recognised.</summary>
    public const int MaxFeeds = 4;

    // The event whose call was noted last.
    private long _takenFrom = -1;

    public SymbolState State { get; } = state;

    public Board Board { get; } = board;

    /// <summary>The position of each feed's last call that was applied (see <c>x-feed-position</c>).</summary>
    public Dictionary<string, long> FeedPositions { get; init; } = [];

    /// <summary>The last tick of the stored ring.</summary>
    public long StoredSeq { get; set; }

    /// <summary>The hub's sequence number of the first tick after the stored ring: where a reader starts to look.</summary>
    public long UnstoredFrom { get; set; }

    /// <summary>The minute of the newest tick when the ring was stored.</summary>
    public long StoredMinute { get; set; }

    /// <summary>The stored ring's ETag; null before the first.</summary>
    public string? RingETag { get; set; }

    /// <summary>The chunk of each kind that bars were stored into last; a shard has one writer, so it is what is stored.</summary>
    internal Dictionary<ChunkKind, BarChunk> Chunks { get; } = [];

    /// <summary>The symbol's stored form; null when it changed since.</summary>
    public byte[]? Encoded { get; set; }

    /// <summary>The number before this batch of events: its ticks come after it.</summary>
    public long SeqBefore { get; set; }

    /// <summary>Whether an event brings a call again that was applied before; takes note of it otherwise.</summary>
    /// <param name="feed">Who sends.</param>
    /// <param name="position">The call's place in the feed's stream.</param>
    /// <param name="sequence">The event: all of its ticks belong to the same call.</param>
    public bool IsResend(string feed, long position, long sequence)
    {
        if (sequence == _takenFrom)
        {
            return false;
        }

        if (FeedPositions.TryGetValue(feed, out long last) && position <= last)
        {
            return true;
        }

        if (FeedPositions.Count >= MaxFeeds && !FeedPositions.ContainsKey(feed))
        {
            FeedPositions.Remove(FeedPositions.Keys.First());
        }

        FeedPositions[feed] = position;
        _takenFrom = sequence;
        return false;
    }
}
