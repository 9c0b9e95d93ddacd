using System.Buffers;

namespace FinVault.Local.SignalR;

/// <summary>Bytes that the protocol writes, and the promise to whoever waits for them.</summary>
internal sealed class ProtocolWrite(byte[] bytes, bool completesMessage)
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] Bytes => bytes;

    /// <summary>False when more fragments of the same transport message follow, between which nothing else may stand.</summary>
    public bool CompletesMessage => completesMessage;

    public Task Written => _written.Task;

    public void Complete(Exception? failure = null)
    {
        if (failure is null)
        {
            _written.TrySetResult();
        }
        else
        {
            _written.TrySetException(failure);
        }
    }
}

/// <summary>What one write carries: protocol bytes first, then the messages as one transport message.</summary>
internal sealed class OutboundBatch
{
    private readonly OutboundSink _sink;
    private readonly ProtocolWrite[] _writes;
    private readonly byte[] _buffer;
    private readonly int _length;

    public OutboundBatch(OutboundSink sink, ProtocolWrite[] writes, List<byte[]> messages, int messageBytes)
    {
        _sink = sink;
        _writes = writes;
        int protocolBytes = 0;
        foreach (ProtocolWrite write in writes)
        {
            protocolBytes += write.Bytes.Length;
        }

        _buffer = ArrayPool<byte>.Shared.Rent(protocolBytes + OutboundSink.MaximumHeaderBytes + messageBytes);
        foreach (ProtocolWrite write in writes)
        {
            write.Bytes.CopyTo(_buffer, _length);
            _length += write.Bytes.Length;
        }

        if (messages.Count > 0)
        {
            _length += sink.WriteHeader(_buffer.AsSpan(_length), messageBytes);
            foreach (byte[] message in messages)
            {
                message.CopyTo(_buffer, _length);
                _length += message.Length;
            }
        }
    }

    public ValueTask WriteAsync() => _sink.WriteAsync(_buffer.AsMemory(0, _length));

    public void Complete()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        foreach (ProtocolWrite write in _writes)
        {
            write.Complete();
        }
    }

    // The buffer is left to the collector: a failed write may still hold it.
    public void Fail(Exception failure)
    {
        foreach (ProtocolWrite write in _writes)
        {
            write.Complete(failure);
        }
    }
}
