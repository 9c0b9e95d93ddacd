using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace FinVault.Market.Store;

/// <summary>
/// The segment: the ticks that one commit added to a board, <c>{id, shard, kind: "segment", last, ttl, t: {symbol:
/// [first seq, tick, ...]}}</c>. Written once and never changed.
/// </summary>
internal static class SegmentJson
{
    /// <summary>The segment of a dirty board; null when no tick was kept.</summary>
    public static ArrayBufferWriter<byte>? Write(string shard, Board board, int timeToLiveSeconds)
    {
        BoardSymbol[] changed = [.. board.Symbols.Where(s => s.State.Seq > s.SeqBefore)];
        if (changed.Length == 0)
        {
            return null;
        }

        ArrayBufferWriter<byte> buffer = new(8 * 1024);
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        string last = board.LastSequence.ToString("D19", CultureInfo.InvariantCulture);
        writer.WriteString("id", $"segment-{board.Number}-{last}");
        writer.WriteString("shard", shard);
        writer.WriteString("kind", DocumentKinds.Segment);
        writer.WriteNumber("last", board.LastSequence);
        writer.WriteNumber("ttl", timeToLiveSeconds);
        writer.WriteStartObject("t");
        foreach (BoardSymbol symbol in changed)
        {
            // More than a ring's worth of ticks in one batch: nobody can ask for the ones before.
            long first = Math.Max(symbol.SeqBefore + 1, symbol.State.Ring.FirstSeq);
            writer.WritePropertyName(symbol.State.Symbol);
            writer.WriteTicks(first, symbol.State.Ring.Enumerate(first - 1));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }
}
