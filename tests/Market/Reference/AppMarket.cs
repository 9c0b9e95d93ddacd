using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.Reference;

/// <summary>
/// The app's own rules without a host or a store: batches of events are folded into a shard, its bars are written out
/// and forgotten as the history writer does it, and it can be written and read again as after a restart.
/// </summary>
internal sealed class AppMarket
{
    private readonly Exchanges _exchanges = Exchanges.Load();
    private readonly ManualClock _clock = new();
    private readonly Dictionary<(string Symbol, string Kind, long Start), Bar> _stored = [];
    private Shard _shard;
    private ShardFold _fold;
    private long _sequence;

    public AppMarket() => (_shard, _fold) = New();

    /// <summary>Folds a batch of event bodies.</summary>
    public void Take(IEnumerable<string> bodies)
    {
        _fold.Apply([.. bodies.Select(body => new ArrivedEvent(body, _sequence++, _clock.GetUtcNow()))]);
        _fold.Committed();
    }

    /// <summary>Stores the bars that are due and forgets those that can no longer change.</summary>
    public void Store(bool everything)
    {
        foreach (SymbolStorePlan plan in SymbolStorePlan.Of(_shard, everything))
        {
            foreach (var group in plan.ByChunk())
            {
                foreach ((Bar _, byte[] json) in group)
                {
                    using JsonDocument document = JsonDocument.Parse(json);
                    Bar bar = document.RootElement.ReadBar();
                    _stored[(plan.Symbol.State.Symbol, group.Key.Kind.Name, bar.Start)] = bar;
                }
            }

            plan.Complete();
        }
    }

    /// <summary>Goes on from the boards as they are stored.</summary>
    public void Restart()
    {
        Dictionary<string, SymbolState> before = _shard.Symbols.ToDictionary(s => s.State.Symbol, s => s.State);
        List<byte[]> boards = [.. _shard.Boards.Select(b => BoardJson.Write(_shard.Id, b).WrittenSpan.ToArray())];
        (_shard, _fold) = New();
        foreach (byte[] board in boards)
        {
            using JsonDocument document = JsonDocument.Parse(board);
            _shard.Boards.Add(BoardJson.Read(document.RootElement, _shard, _exchanges));
        }

        foreach (BoardSymbol symbol in _shard.Symbols)
        {
            symbol.State.Restore(before[symbol.State.Symbol].Ring);
        }
    }

    /// <summary>What <see cref="ReferenceViews.Of"/> says of the reference.</summary>
    public List<string> Lines()
    {
        IngestCounters counters = new();
        _shard.Boards.ForEach(b => counters.Add(b.Counters));
        List<string> lines =
        [
            $"accepted {counters[TickOutcome.Accepted]}", $"duplicate {counters[TickOutcome.Duplicate]}",
            $"late {counters[TickOutcome.Late]}", $"outOfSession {counters[TickOutcome.OutOfSession]}",
            $"received {counters.Received}", $"rejected {counters[TickOutcome.Rejected]}",
            $"tooLate {counters[TickOutcome.TooLate]}", $"volumeReset {counters.VolumeReset}",
        ];
        foreach (SymbolState state in _shard.Symbols.Select(s => s.State)
            .Where(s => s.Seq > 0).OrderBy(s => s.Symbol, StringComparer.Ordinal))
        {
            QuoteState q = state.Quote!;
            lines.Add(Reference.Lines.Quote(
                state.Symbol, state.Seq, q.Price, q.Volume, q.Open, q.High, q.Low, q.PreviousClose, Time(q.EventTime)));
            lines.AddRange(state.Ring.Enumerate()
                .Select(t => Reference.Lines.Tick(state.Symbol, t.Seq, t.Price, t.Volume, Time(t.EventTime))));
            lines.AddRange(Bars(state.Symbol, "1m", state.Bars));
            lines.AddRange(Bars(state.Symbol, "1d", state.Days.Select(d => d.Bar)));
        }

        return lines;
    }

    private IEnumerable<string> Bars(string symbol, string kind, IEnumerable<Bar> open) => _stored
        .Where(s => s.Key.Symbol == symbol && s.Key.Kind == kind).Select(s => s.Value)
        .ExceptBy(open.Select(b => b.Start), b => b.Start).Concat(open).OrderBy(b => b.Start)
        .Select(b => Reference.Lines.Bar(
            kind, symbol, Time(b.Start), b.Open, b.High, b.Low, b.Close, b.Volume, b.Trades));

    private (Shard, ShardFold) New()
    {
        Shard shard = new("0", _exchanges);
        return (shard, new ShardFold(shard, _clock));
    }

    private static DateTime Time(long micros) => Micros.ToTime(micros).UtcDateTime;

    private sealed class ArrivedEvent(string body, long sequence, DateTimeOffset at)
        : EventData(new BinaryData(Encoding.UTF8.GetBytes(body)), sequenceNumber: sequence, enqueuedTime: at);
}
