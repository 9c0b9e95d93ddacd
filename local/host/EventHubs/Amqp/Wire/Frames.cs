using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>What a frame says; the payload is a message's bytes in a transfer, else empty.</summary>
internal sealed record Frame(ushort Channel, Described? Performative, ReadOnlyMemory<byte> Payload);

/// <summary>Reads protocol headers and frames from a connection.</summary>
internal sealed class FrameReader(Stream stream) : IAsyncDisposable
{
    /// <summary>What this side takes in one frame, as its <c>open</c> says.</summary>
    public const int MaximumBytes = 64 * 1024;

    private const int HeaderBytes = 8;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The protocol that the peer names, 0 for AMQP itself or 3 for SASL before it; null at the end.</summary>
    public async ValueTask<byte?> ReadProtocolAsync(CancellationToken cancellation)
    {
        byte[]? header = await TakeAsync(HeaderBytes, cancellation);
        return header is null ? null
            : header.AsSpan().StartsWith("AMQP"u8) && header[5] == 1 ? header[4]
            : throw new AmqpException(Conditions.FramingError, "This port speaks AMQP 1.0.");
    }

    /// <summary>Null when the peer has gone. A frame without a performative says that the peer is still there.</summary>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        if (await TakeAsync(HeaderBytes, cancellation) is not { } header)
        {
            return null;
        }

        int size = BinaryPrimitives.ReadInt32BigEndian(header);
        int skipped = (header[4] * 4) - HeaderBytes;
        if (size is < HeaderBytes or > MaximumBytes || skipped < 0 || HeaderBytes + skipped > size)
        {
            throw new AmqpException(Conditions.FramingError, $"A frame has 8 to {MaximumBytes} bytes, not {size}.");
        }

        byte[] body = size == HeaderBytes ? [] : await TakeAsync(size - HeaderBytes, cancellation) ?? [];
        return Parse(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6)), body.AsMemory(Math.Min(skipped, body.Length)));
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private static Frame Parse(ushort channel, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return new Frame(channel, null, body);
        }

        var reader = new AmqpReader(body.Span);
        return reader.Read() is Described performative
            ? new Frame(channel, performative, body[reader.Position..])
            : throw new AmqpException(Conditions.DecodeError, "A frame begins with a performative.");
    }

    private async ValueTask<byte[]?> TakeAsync(int count, CancellationToken cancellation)
    {
        ReadResult result = await _pipe.ReadAtLeastAsync(count, cancellation);
        if (result.Buffer.Length < count)
        {
            return null;
        }

        byte[] bytes = result.Buffer.Slice(0, count).ToArray();
        _pipe.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }
}

/// <summary>Writes protocol headers and frames.</summary>
internal static class FrameWriting
{
    private const byte Sasl = 1;

    public static void WriteProtocol(this AmqpWriter to, byte protocol) => to.Append([.. "AMQP"u8, protocol, 1, 0, 0]);

    public static void WriteSasl(this AmqpWriter to, Described performative) => Write(to, Sasl, 0, performative, []);

    /// <summary>A frame; null says only that this side is still there.</summary>
    public static void WriteFrame(
        this AmqpWriter to, ushort channel, Described? performative, ReadOnlySpan<byte> payload = default) =>
        Write(to, 0, channel, performative, payload);

    private static void Write(
        AmqpWriter to, byte type, ushort channel, Described? performative, ReadOnlySpan<byte> payload)
    {
        int size = to.Hole();
        to.Append([2, type, (byte)(channel >> 8), (byte)channel]);
        if (performative is not null)
        {
            to.Write(performative);
            to.Append(payload);
        }

        to.Fill(size, to.Length - size);
    }
}
