using System.Buffers;
using System.Text;
using System.Text.Json;
using FinVault.Market.Rules;
using FinVault.Platform;

namespace FinVault.Market.Store;

/// <summary>A tick that was not kept.</summary>
/// <param name="Sequence">The hub's sequence number of its event.</param>
/// <param name="Reason">One of <see cref="TickFaults"/>.</param>
/// <param name="Source">The feed that sent it.</param>
/// <param name="Raw">What the feed sent, cut at <see cref="DeadLetterDocument.MaxRawBytes"/>.</param>
public sealed record DeadTick(long Sequence, string Reason, string Source, ReadOnlyMemory<byte> Raw);

/// <summary>Dead ticks of one commit: <c>{id, shard, kind: "deadLetter", at, ticks: [...]}</c>.</summary>
internal sealed record DeadLetterDocument(string Id, string Shard, DateTimeOffset At, IReadOnlyList<DeadTick> Ticks)
{
    public const int MaxRawBytes = 1024;
    public const int MaxTicks = 200;

    public static IEnumerable<DeadLetterDocument> Pack(
        string shard, IReadOnlyList<DeadTick> ticks, TimeProvider time) =>
        ticks.Chunk(MaxTicks).Select(part => new DeadLetterDocument(Ids.New("DEAD", time), shard, time.GetUtcNow(), part));

    public ArrayBufferWriter<byte> Write()
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("shard", Shard);
        writer.WriteString("kind", DocumentKinds.DeadLetter);
        writer.WriteString("at", At.UtcDateTime);
        writer.WriteNumber("ttl", ShardStore.DeadLetterTimeToLiveSeconds);
        writer.WriteStartArray("ticks");
        foreach (DeadTick tick in Ticks)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", tick.Sequence);
            writer.WriteString("reason", tick.Reason);
            writer.WriteString("source", tick.Source);
            writer.WriteString("raw", Encoding.UTF8.GetString(tick.Raw[..Math.Min(tick.Raw.Length, MaxRawBytes)].Span));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }
}
