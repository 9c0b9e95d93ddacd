using System.Buffers.Binary;
using System.IO.Pipelines;

namespace FinVault.Local.SignalR;

/// <summary>Where a client's bytes go, and what the transport wants before a message.</summary>
internal abstract class OutboundSink
{
    public const int MaximumHeaderBytes = 10;

    /// <summary>Writes the header of a transport message of that length and says how long the header is.</summary>
    public abstract int WriteHeader(Span<byte> target, int messageBytes);

    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);
}

/// <summary>A WebSocket's stream: messages are text frames (RFC 6455, 5.2), which a server does not mask.</summary>
internal sealed class WebSocketSink(Stream stream) : OutboundSink
{
    private const byte FinalTextFrame = 0x81;
    private const byte TwoByteLength = 126;
    private const byte EightByteLength = 127;

    public override int WriteHeader(Span<byte> target, int messageBytes)
    {
        target[0] = FinalTextFrame;
        if (messageBytes < TwoByteLength)
        {
            target[1] = (byte)messageBytes;
            return 2;
        }

        if (messageBytes <= ushort.MaxValue)
        {
            target[1] = TwoByteLength;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)messageBytes);
            return 4;
        }

        target[1] = EightByteLength;
        BinaryPrimitives.WriteInt64BigEndian(target[2..], messageBytes);
        return MaximumHeaderBytes;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);
}

/// <summary>The framework's transport pipe, for long polling and server-sent events: records need no header.</summary>
internal sealed class PipeSink(PipeWriter output) : OutboundSink
{
    public override int WriteHeader(Span<byte> target, int messageBytes) => 0;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        FlushResult result = await output.WriteAsync(bytes);
        if (result.IsCompleted)
        {
            throw new IOException("The transport is closed.");
        }
    }
}
