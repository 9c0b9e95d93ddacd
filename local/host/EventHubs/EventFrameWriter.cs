using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.EventHubs;

/// <summary>Encodes one append call: <c>partition key, then per event: flags, body, names, properties</c>.</summary>
internal sealed class EventFrameWriter
{
    // Below the large object heap's threshold, so that a busy hub does not drive full collections.
    private const int ChunkBytes = 64 * 1024;
    private const int MaximumVarint = 5;

    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private byte[] _chunk = [];
    private int _used;
    private int _closedBytes;
    private int _expected;

    /// <summary>Copies the events, so that a caller may reuse its buffers, and keeps them readable where they lie.</summary>
    /// <exception cref="EventHubsException">The stored form is larger than the limit.</exception>
    public static EventFrame Write(
        string hub, IReadOnlyList<EventData> events, string? partitionKey, int maximumBytes)
    {
        var writer = new EventFrameWriter();
        long bodies = 0;
        for (int i = 0; i < events.Count; i++)
        {
            bodies += events[i].Body.Length;
        }

        if (bodies <= maximumBytes)
        {
            EventFrame? frame = writer.Encode(events, partitionKey, (int)bodies, maximumBytes);
            if (frame is not null)
            {
                return frame;
            }
        }

        throw new EventHubsException(
            false,
            hub,
            $"{events.Count} event(s) are larger than the {maximumBytes:N0} bytes that one send may carry.",
            EventHubsException.FailureReason.MessageSizeExceeded);
    }

    private EventFrame? Encode(IReadOnlyList<EventData> events, string? partitionKey, int bodies, int maximumBytes)
    {
        _expected = bodies + (events.Count * 8) + 64;
        WriteText(partitionKey);
        var stored = new StoredEvent[events.Count];
        for (int i = 0; i < stored.Length; i++)
        {
            stored[i] = WriteEvent(events[i], partitionKey);
            if (_closedBytes + _used + EventFrame.HeaderBytes > maximumBytes)
            {
                return null;
            }
        }

        CloseChunk();
        return new EventFrame(stored, _chunks);
    }

    private StoredEvent WriteEvent(EventData data, string? partitionKey)
    {
        var names = new EventNames(data.MessageId, data.CorrelationId, data.ContentType?.ToString());
        Dictionary<string, object>? properties = data.Properties.Count == 0 ? null : new(data.Properties);
        Reserve(1)[0] = (byte)((names.Any ? EventFlags.Names : 0) | (properties is null ? 0 : EventFlags.Properties));
        _used++;
        ReadOnlyMemory<byte> body = WriteBody(data.Body.Span);
        if (names.Any)
        {
            WriteText(names.MessageId);
            WriteText(names.CorrelationId);
            WriteText(names.ContentType);
        }

        if (properties is not null)
        {
            WriteVarint(properties.Count);
            foreach ((string name, object value) in properties)
            {
                WriteText(name);
                WriteValue(name, value);
            }
        }

        return new StoredEvent(partitionKey, body, properties, names);
    }

    private ReadOnlyMemory<byte> WriteBody(ReadOnlySpan<byte> body)
    {
        WriteVarint(body.Length);
        body.CopyTo(Reserve(body.Length));
        var copy = new ReadOnlyMemory<byte>(_chunk, _used, body.Length);
        _used += body.Length;
        return copy;
    }

    private void WriteValue(string name, object value)
    {
        switch (value)
        {
            case string text: WriteKind(PropertyKind.Text); WriteText(text); break;
            case bool flag: WriteKind(flag ? PropertyKind.True : PropertyKind.False); break;
            case int number: WriteKind(PropertyKind.Int32); WriteInt64(number); break;
            case long number: WriteKind(PropertyKind.Int64); WriteInt64(number); break;
            case double number: WriteKind(PropertyKind.Double); WriteInt64(BitConverter.DoubleToInt64Bits(number)); break;
            case DateTimeOffset time:
                WriteKind(PropertyKind.Time);
                WriteInt64(time.Ticks);
                WriteInt64(time.Offset.Ticks);
                break;
            default:
                throw new SerializationException(
                    $"Event property '{name}' is a {value?.GetType().Name ?? "null"}; "
                    + "string, bool, int, long, double and DateTimeOffset can be sent.");
        }
    }

    private void WriteKind(PropertyKind kind)
    {
        Reserve(1)[0] = (byte)kind;
        _used++;
    }

    private void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        _used += sizeof(long);
    }

    // Length plus one, so that 0 is null.
    private void WriteText(string? text)
    {
        if (text is null)
        {
            WriteVarint(0);
            return;
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        WriteVarint(bytes + 1);
        // Reserve may begin a new chunk, so it must come before the position is read.
        Span<byte> target = Reserve(bytes);
        _used += Encoding.UTF8.GetBytes(text, target);
    }

    private void WriteVarint(int value)
    {
        Span<byte> target = Reserve(MaximumVarint);
        uint rest = (uint)value;
        int at = 0;
        for (; rest >= 0x80; rest >>= 7)
        {
            target[at++] = (byte)(rest | 0x80);
        }

        target[at] = (byte)rest;
        _used += at + 1;
    }

    // Nothing straddles two chunks, so a stored body is always one span.
    private Span<byte> Reserve(int bytes)
    {
        if (_chunk.Length - _used < bytes)
        {
            CloseChunk();
            int wanted = Math.Min(_expected - _closedBytes, ChunkBytes);
            _chunk = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, Math.Max(wanted, 64)));
        }

        return _chunk.AsSpan(_used);
    }

    private void CloseChunk()
    {
        if (_used > 0)
        {
            _chunks.Add(_chunk.AsMemory(0, _used));
            _closedBytes += _used;
            _used = 0;
        }
    }
}

/// <summary>What follows the body of a stored event.</summary>
[Flags]
internal enum EventFlags
{
    None = 0,
    Names = 1,
    Properties = 2,
}

/// <summary>Type of a stored event property; the number is in the files.</summary>
internal enum PropertyKind
{
    Text = 1,
    True = 2,
    False = 3,
    Int32 = 4,
    Int64 = 5,
    Double = 6,
    Time = 7,
}
