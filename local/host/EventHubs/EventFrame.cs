using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FinVault.Local.EventHubs;

/// <summary>
/// All events of one append call in their stored form. A frame is written whole and checked whole, which is what makes
/// a call atomic: <c>length u32 | crc32c u32 | first sequence i64 | enqueued ticks i64 | count i32 | version i32</c>,
/// little-endian, and then <c>length</c> bytes of events. The checksum covers everything after itself.
/// </summary>
internal sealed class EventFrame
{
    public const int HeaderBytes = 32;
    private const int CurrentVersion = 1;
    private const int ChecksumStart = 8;

    private readonly byte[] _header = new byte[HeaderBytes];

    public EventFrame(StoredEvent[] events, List<ReadOnlyMemory<byte>> payload)
    {
        Events = events;
        Payload = payload;
        foreach (ReadOnlyMemory<byte> chunk in payload)
        {
            PayloadBytes += chunk.Length;
        }
    }

    public StoredEvent[] Events { get; }

    /// <summary>The stored form in pieces small enough to stay out of the large object heap.</summary>
    public List<ReadOnlyMemory<byte>> Payload { get; }

    public int PayloadBytes { get; }

    public int TotalBytes => HeaderBytes + PayloadBytes;

    public ReadOnlyMemory<byte> Header => _header;

    /// <summary>Gives the events their place in the log; only the one writer of the partition knows it.</summary>
    public void Stamp(long firstSequence, long enqueuedTicks)
    {
        for (int i = 0; i < Events.Length; i++)
        {
            Events[i].Stamp(firstSequence + i, enqueuedTicks);
        }

        Span<byte> header = _header;
        BinaryPrimitives.WriteInt32LittleEndian(header, PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], firstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], enqueuedTicks);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], Events.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], CurrentVersion);
        uint crc = Crc(uint.MaxValue, header[ChecksumStart..]);
        foreach (ReadOnlyMemory<byte> chunk in Payload)
        {
            crc = Crc(crc, chunk.Span);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], ~crc);
    }

    /// <summary>Reads a header; false when it cannot be one, as at a torn end of a file.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]));
        return header is { PayloadBytes: > 0, Count: > 0, FirstSequence: >= 0 }
            && header.EnqueuedTicks is >= 0 and < 3155378976000000000
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]) == CurrentVersion;
    }

    /// <summary>Whether a frame's bytes, header included, are those that were written.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> frame, FrameHeader header) =>
        ~Crc(uint.MaxValue, frame[ChecksumStart..header.TotalBytes]) == header.Checksum;

    // CRC-32C over the running value; the processor has an instruction for eight bytes at a time.
    internal static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}

/// <summary>The fixed part of a stored frame.</summary>
internal readonly record struct FrameHeader(
    int PayloadBytes, uint Checksum, long FirstSequence, long EnqueuedTicks, int Count)
{
    public int TotalBytes => EventFrame.HeaderBytes + PayloadBytes;

    public long LastSequence => FirstSequence + Count - 1;
}
