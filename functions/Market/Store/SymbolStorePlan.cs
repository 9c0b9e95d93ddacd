using System.Buffers;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;

namespace FinVault.Market.Store;

/// <summary>
/// What is to be stored of a symbol, as it stands at one moment: written out at once, because the symbol goes on
/// changing while the store is at work.
/// </summary>
internal sealed class SymbolStorePlan
{
    private readonly List<(ChunkKind Kind, Bar Bar, byte[] Json, long Trades)> _bars = [];
    private readonly long _seq;
    private readonly long _minute;

    private SymbolStorePlan(BoardSymbol symbol, bool everything)
    {
        SymbolState state = symbol.State;
        Symbol = symbol;
        _seq = state.Seq;
        _minute = NewestMinute(state);
        Ring = WriteRing(state);
        foreach (Bar bar in state.Bars.Where(b => !b.IsStored && (everything || state.IsFinal(b))))
        {
            Add(ChunkKind.Minutes, bar);
        }

        foreach (TradingDay day in state.Days.Where(d => !d.Bar.IsStored && (everything || d != state.Today)))
        {
            Add(ChunkKind.Days, day.Bar);
        }
    }

    public BoardSymbol Symbol { get; }

    public ArrayBufferWriter<byte> Ring { get; }

    /// <summary>
    /// The plans of a shard's symbols that are due: those whose minute has closed since they were stored, or, for
    /// <paramref name="everything"/>, all that have anything that is not stored.
    /// </summary>
    public static List<SymbolStorePlan> Of(Shard shard, bool everything) =>
        [.. shard.Symbols.Where(s => IsDue(s, everything)).Select(s => new SymbolStorePlan(s, everything))];

    public IEnumerable<IGrouping<(ChunkKind Kind, long Start), (Bar Bar, byte[] Json)>> ByChunk() =>
        _bars.GroupBy(b => (b.Kind, b.Kind.StartOf(b.Bar.Start)), b => (b.Bar, b.Json));

    /// <summary>Tells the symbol that the plan was carried out.</summary>
    public void Complete()
    {
        Symbol.StoredSeq = _seq;
        Symbol.StoredMinute = _minute;
        foreach ((_, Bar bar, _, long trades) in _bars)
        {
            bar.IsStored = bar.Trades == trades;
        }

        Symbol.State.Forget();
        Symbol.Encoded = null;
    }

    private static bool IsDue(BoardSymbol symbol, bool everything)
    {
        SymbolState state = symbol.State;
        return everything
            ? state.Seq > symbol.StoredSeq || state.Bars.Exists(b => !b.IsStored) || state.Days.Exists(d => !d.Bar.IsStored)
            : state.Seq > symbol.StoredSeq && NewestMinute(state) > symbol.StoredMinute;
    }

    private static long NewestMinute(SymbolState state) =>
        state.Quote is { } quote ? Micros.MinuteOf(quote.EventTime) : 0;

    private static ArrayBufferWriter<byte> WriteRing(SymbolState state)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("id", "ring");
        writer.WriteString("symbol", state.Symbol);
        writer.WriteString("kind", DocumentKinds.Ring);
        writer.WritePropertyName("t");
        writer.WriteTicks(state.Ring.FirstSeq, state.Ring.Enumerate());
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }

    private void Add(ChunkKind kind, Bar bar)
    {
        ArrayBufferWriter<byte> buffer = new(160);
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteBar(bar);
        writer.Flush();
        _bars.Add((kind, bar, buffer.WrittenSpan.ToArray(), bar.Trades));
    }
}
