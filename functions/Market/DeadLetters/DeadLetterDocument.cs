using System.Buffers;
using System.Text;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;

namespace FinVault.Market.DeadLetters;

/// <summary>A tick that was not kept.</summary>
/// <param name="Sequence">The hub's sequence number of its event.</param>
/// <param name="Reason">One of <see cref="TickFaults"/>.</param>
/// <param name="Source">The feed that sent it.</param>
/// <param name="Raw">What the feed sent, cut at <see cref="DeadLetterDocument.MaxRawBytes"/>.</param>
public sealed record DeadTick(long Sequence, string Reason, string Source, ReadOnlyMemory<byte> Raw);

/// <summary>
/// Dead ticks of one commit, written in its transaction: <c>{id, shard, kind: "deadLetter", at, ttl, ticks: [...]}</c>.
/// </summary>
internal static class DeadLetterDocument
{
    public const int MaxRawBytes = 1024;
    public const int MaxTicks = 200;
    public const int TimeToLiveSeconds = 30 * 24 * 3600;

    /// <summary>The documents of a commit's dead ticks. Their <c>at</c> differ, so that a list can go on behind one.</summary>
    public static IEnumerable<ArrayBufferWriter<byte>> Pack(
        string shard, IReadOnlyList<DeadTick> ticks, TimeProvider time)
    {
        long at = time.Now();
        return ticks.Chunk(MaxTicks).Select(part => Write(Ids.New("DEAD", time), shard, at++, part));
    }

    private static ArrayBufferWriter<byte> Write(string id, string shard, long at, DeadTick[] ticks)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("shard", shard);
        writer.WriteString("kind", DocumentKinds.DeadLetter);
        writer.WriteNumber("at", at);
        writer.WriteNumber("ttl", TimeToLiveSeconds);
        writer.WriteStartArray("ticks");
        foreach (DeadTick tick in ticks)
        {
            bool whole = tick.Raw.Length <= MaxRawBytes;
            writer.WriteStartObject();
            writer.WriteNumber("sequence", tick.Sequence);
            writer.WriteString("reason", tick.Reason);
            writer.WriteString("source", tick.Source);
            writer.WriteString("raw", Encoding.UTF8.GetString((whole ? tick.Raw : tick.Raw[..MaxRawBytes]).Span));
            writer.WriteBoolean("whole", whole);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }
}
