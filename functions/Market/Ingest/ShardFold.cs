using Azure.Messaging.EventHubs;
using FinVault.Market.Calendar;
using FinVault.Market.DeadLetters;
using FinVault.Market.Rules;
using FinVault.Market.Store;

namespace FinVault.Market.Ingest;

/// <summary>
/// Folds a batch of events into a shard in memory: drops what was applied before, applies the rules to the rest and
/// notes what changed. Nothing is stored here.
/// </summary>
internal sealed class ShardFold(Shard shard, TimeProvider time)
{
    private const int MaxSources = 32;

    private readonly TickParser _parser = new(shard.Intern);
    private readonly List<IncomingTick> _ticks = [];
    private readonly HashSet<BoardSymbol> _touched = [];
    private long _now;

    /// <summary>The symbols that a batch has kept ticks of.</summary>
    public IReadOnlyCollection<BoardSymbol> Touched => _touched;

    /// <summary>The ticks of the batch that became quotes, in order.</summary>
    public List<AcceptedTick> Accepted { get; } = [];

    /// <summary>The symbols of which the batch orders that what waits on them is read again.</summary>
    public HashSet<string> ToRead { get; } = [];

    public List<DeadTick> DeadTicks { get; } = [];

    /// <summary>How many ticks of the batch had each outcome, for the metrics.</summary>
    public IngestCounters Counted { get; private set; } = new();

    /// <summary>Whether the batch holds an order to store everything.</summary>
    public bool StoreEverything { get; private set; }

    public void Apply(IReadOnlyList<EventData> events)
    {
        _touched.Clear();
        DeadTicks.Clear();
        Accepted.Clear();
        ToRead.Clear();
        Counted = new IngestCounters();
        StoreEverything = false;
        _now = time.Now();
        long last = -1;
        foreach (EventData data in events)
        {
            last = data.SequenceNumber;
            if (TickEvents.IsOrder(data, TickEvents.StoreOrder))
            {
                StoreEverything = true;
                continue;
            }

            if (TickEvents.IsOrder(data, TickEvents.ReadOrder))
            {
                ToRead.Add(data.Properties[TickEvents.Subject] as string ?? "");
                continue;
            }

            // Whoever called for the batch has heard it.
            if (!TickEvents.IsOrder(data, TickEvents.PackOrder))
            {
                Apply(data);
            }
        }

        foreach (Board board in shard.Boards.Where(b => b.IsDirty))
        {
            board.LastSequence = last;
        }

        foreach (BoardSymbol symbol in _touched.Where(s => s.StoredSeq == s.SeqBefore))
        {
            symbol.UnstoredFrom = last;
        }
    }

    /// <summary>The batch is stored: the next one starts from here.</summary>
    public void Committed()
    {
        foreach (BoardSymbol symbol in _touched)
        {
            symbol.SeqBefore = symbol.State.Seq;
        }
    }

    private void Apply(EventData data)
    {
        string source = TickEvents.SourceOf(data);
        _ticks.Clear();
        _parser.Parse(data.Body, _ticks);
        BoardSymbol? symbol = null;
        bool isResent = false;
        foreach (IncomingTick tick in _ticks)
        {
            if (tick.Fault is not null)
            {
                Reject(data, tick, source, tick.Fault);
                continue;
            }

            // The ticks of an event are nearly always of one symbol.
            if (symbol?.State.Symbol != tick.Symbol)
            {
                symbol = shard.Find(tick.Symbol);
                isResent = symbol is not null && IsResent(symbol, data);
            }

            if (symbol is null)
            {
                Reject(data, tick, source, TickFaults.ShardFull);
            }
            else if (!isResent && data.SequenceNumber > symbol.Board.LastSequence)
            {
                Apply(symbol, data, tick, source);
            }
        }
    }

    private static bool IsResent(BoardSymbol symbol, EventData data) =>
        data.SequenceNumber > symbol.Board.LastSequence
        && TickEvents.PositionOf(data) is var (feed, position)
        && symbol.IsResend(feed, position, data.SequenceNumber);

    private void Apply(BoardSymbol symbol, EventData data, in IncomingTick tick, string source)
    {
        Board board = symbol.Board;
        board.IsDirty = true;
        Hear(board, source, tick.EventTime);
        long resets = board.Counters.VolumeReset;
        TickOutcome outcome = symbol.State.Apply(tick.Price, tick.Volume, tick.EventTime, _now, source, board.Counters);
        Counted.Count(outcome);
        Counted.VolumeReset += board.Counters.VolumeReset - resets;
        symbol.Encoded = null;
        switch (outcome)
        {
            case TickOutcome.Accepted:
                _touched.Add(symbol);
                Accepted.Add(new(symbol, symbol.State.Seq, tick.Price, tick.EventTime, _now, source));
                break;
            case TickOutcome.Late:
                _touched.Add(symbol);
                break;
            case TickOutcome.OutOfSession:
                DeadTicks.Add(new DeadTick(data.SequenceNumber, TickFaults.OutOfSession, source, tick.Raw));
                break;
            case TickOutcome.TooLate:
                DeadTicks.Add(new DeadTick(data.SequenceNumber, TickFaults.TooLate, source, tick.Raw));
                break;
        }
    }

    private void Reject(EventData data, in IncomingTick tick, string source, string fault)
    {
        Board board = shard.FirstBoard;
        if (data.SequenceNumber <= board.LastSequence)
        {
            return;
        }

        board.IsDirty = true;
        Hear(board, source, 0);
        board.Counters.Count(TickOutcome.Rejected);
        Counted.Count(TickOutcome.Rejected);
        DeadTicks.Add(new DeadTick(data.SequenceNumber, fault, source, tick.Raw));
    }

    private void Hear(Board board, string source, long eventTime)
    {
        if (!board.Sources.TryGetValue(source, out SourceState state) && board.Sources.Count >= MaxSources)
        {
            board.Sources.Remove(board.Sources.MinBy(s => s.Value.HeardAt).Key);
        }

        if (state.HeardAt != _now || eventTime > state.EventTime)
        {
            board.Sources[source] = new SourceState(_now, Math.Max(state.EventTime, eventTime));
        }
    }
}
