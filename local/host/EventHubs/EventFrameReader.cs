using System.Buffers.Binary;
using System.Text;

namespace FinVault.Local.EventHubs;

/// <summary>Decodes a frame that has been checked; the events keep pointing into the bytes it was read from.</summary>
internal ref struct EventFrameReader
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private EventFrameReader(ReadOnlyMemory<byte> payload)
    {
        _payload = payload;
        _bytes = payload.Span;
    }

    /// <summary>Adds the frame's events after a sequence number to <paramref name="to"/>, up to its wanted count.</summary>
    public static void Read(
        ReadOnlyMemory<byte> frame, FrameHeader header, long after, int maxCount, List<StoredEvent> to)
    {
        var reader = new EventFrameReader(frame.Slice(EventFrame.HeaderBytes, header.PayloadBytes));
        string? partitionKey = reader.ReadText();
        for (int i = 0; i < header.Count && to.Count < maxCount; i++)
        {
            StoredEvent stored = reader.ReadEvent(partitionKey);
            stored.Stamp(header.FirstSequence + i, header.EnqueuedTicks);
            if (stored.SequenceNumber > after)
            {
                to.Add(stored);
            }
        }
    }

    private StoredEvent ReadEvent(string? partitionKey)
    {
        var flags = (EventFlags)_bytes[_at++];
        int length = ReadVarint();
        ReadOnlyMemory<byte> body = _payload.Slice(_at, length);
        _at += length;
        EventNames names = default;
        if ((flags & EventFlags.Names) != 0)
        {
            names = new EventNames(ReadText(), ReadText(), ReadText());
        }

        return new StoredEvent(
            partitionKey, body, (flags & EventFlags.Properties) == 0 ? null : ReadProperties(), names);
    }

    private Dictionary<string, object> ReadProperties()
    {
        int count = ReadVarint();
        var properties = new Dictionary<string, object>(count);
        for (int i = 0; i < count; i++)
        {
            string name = ReadText() ?? "";
            properties[name] = ReadValue();
        }

        return properties;
    }

    private object ReadValue() => (PropertyKind)_bytes[_at++] switch
    {
        PropertyKind.Text => ReadText() ?? "",
        PropertyKind.True => true,
        PropertyKind.False => false,
        PropertyKind.Int32 => (int)ReadInt64(),
        PropertyKind.Int64 => ReadInt64(),
        PropertyKind.Double => BitConverter.Int64BitsToDouble(ReadInt64()),
        PropertyKind.Time => new DateTimeOffset(ReadInt64(), new TimeSpan(ReadInt64())),
        PropertyKind other => throw new InvalidDataException($"Unknown event property kind {(int)other}."),
    };

    private long ReadInt64()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(_bytes[_at..]);
        _at += sizeof(long);
        return value;
    }

    private string? ReadText()
    {
        int length = ReadVarint() - 1;
        if (length < 0)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(_bytes.Slice(_at, length));
        _at += length;
        return text;
    }

    private int ReadVarint()
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = _bytes[_at++];
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
