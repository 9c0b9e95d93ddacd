namespace FinVault.Local.SignalR;

/// <summary>
/// What waits to be written to one client. Senders never wait: they add, and whoever adds first has the queue pumped.
/// Everything that waits goes out in one write. A client that takes it too slowly loses its oldest messages and is told
/// how many (<c>conflated</c>); what the protocol itself says (handshake, results, pings, close) is never dropped.
/// </summary>
internal sealed class OutboundQueue(FanoutScheduler scheduler)
{
    /// <summary>Messages that may wait for one client (RT-06).</summary>
    public const int MaximumMessages = 1000;

    private const int MaximumBytes = 4 * 1024 * 1024;
    private const int WriteBytes = 32 * 1024;
    private const int InitialCapacity = 16;

    [ThreadStatic]
    private static List<byte[]>? _scratch;

    private readonly Lock _gate = new();
    private readonly Queue<ProtocolWrite> _protocol = new(1);
    private byte[][] _ring = [];
    private int _head;
    private int _count;
    private int _bytes;
    private long _dropped;
    private OutboundSink? _sink;
    private bool _opened;
    private bool _insideMessage;
    private bool _scheduled;
    private bool _pumping;
    private bool _closed;

    public FanoutScheduler Scheduler => scheduler;

    /// <summary>Where the bytes go; before it is known, nothing is written.</summary>
    public void Attach(OutboundSink sink)
    {
        lock (_gate)
        {
            _sink = sink;
        }
    }

    /// <summary>Adds a message, dropping the oldest for it if it must. True when the caller must have the queue pumped.</summary>
    public bool Add(byte[] message)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            while (_count > 0 && (_count == MaximumMessages || _bytes + message.Length > MaximumBytes))
            {
                RemoveOldest();
                _dropped++;
            }

            if (_count == _ring.Length)
            {
                Grow();
            }

            _ring[(_head + _count++) & (_ring.Length - 1)] = message;
            _bytes += message.Length;

            // Nothing may overtake the answer to the handshake, which is the first thing the protocol writes.
            if (!_opened || _pumping || _scheduled)
            {
                return false;
            }

            return _scheduled = true;
        }
    }

    /// <summary>Writes what the protocol itself says; done when the transport has taken it.</summary>
    public Task WriteProtocolAsync(ReadOnlySpan<byte> bytes, bool completesMessage = true)
    {
        var write = new ProtocolWrite(bytes.ToArray(), completesMessage);
        lock (_gate)
        {
            if (_closed)
            {
                return Task.FromException(new IOException("The connection is closed."));
            }

            _protocol.Enqueue(write);
            _opened = true;
        }

        // An answer does not wait for the next round, and takes along what does.
        Pump();
        return write.Written;
    }

    /// <summary>Writes until nothing waits or the transport asks for patience, in which case it goes on by itself.</summary>
    public void Pump()
    {
        lock (_gate)
        {
            _scheduled = false;
            if (_pumping || _sink is null)
            {
                return;
            }

            _pumping = true;
        }

        WriteAll();
    }

    public void Close()
    {
        ProtocolWrite[] writes;
        lock (_gate)
        {
            _closed = true;
            writes = [.. _protocol];
            _protocol.Clear();
            _ring = [];
            _count = _head = _bytes = 0;
        }

        foreach (ProtocolWrite write in writes)
        {
            write.Complete(new IOException("The connection is closed."));
        }
    }

    private void WriteAll()
    {
        while (Take() is { } batch)
        {
            ValueTask write;
            try
            {
                write = batch.WriteAsync();
            }
            catch (Exception failure)
            {
                write = ValueTask.FromException(failure);
            }

            if (!write.IsCompletedSuccessfully)
            {
                _ = FinishAsync(write, batch);
                return;
            }

            batch.Complete();
        }
    }

    private async Task FinishAsync(ValueTask write, OutboundBatch batch)
    {
        try
        {
            await write;
            batch.Complete();
        }
        catch (Exception failure)
        {
            // The transport is gone; the framework finds out by itself and ends the connection.
            batch.Fail(failure);
            Close();
            return;
        }

        WriteAll();
    }

    private OutboundBatch? Take()
    {
        List<byte[]> messages = _scratch ??= [];
        messages.Clear();
        OutboundSink sink;
        ProtocolWrite[] writes;
        int bytes = 0;
        lock (_gate)
        {
            writes = _protocol.Count == 0 ? [] : [.. _protocol];
            _protocol.Clear();
            if (writes is [.., { } newest])
            {
                _insideMessage = !newest.CompletesMessage;
            }

            if (!_insideMessage)
            {
                TakeMessages(messages, ref bytes);
            }

            if (_closed || (writes.Length == 0 && messages.Count == 0))
            {
                _pumping = false;
                return null;
            }

            sink = _sink!;
        }

        return new OutboundBatch(sink, writes, messages, bytes);
    }

    private void TakeMessages(List<byte[]> messages, ref int bytes)
    {
        if (_dropped > 0)
        {
            byte[] notice = HubMessageWriter.Conflated(_dropped);
            messages.Add(notice);
            bytes += notice.Length;
            _dropped = 0;
        }

        while (_count > 0 && (bytes == 0 || bytes + _ring[_head].Length <= WriteBytes))
        {
            byte[] message = RemoveOldest();
            messages.Add(message);
            bytes += message.Length;
        }
    }

    private byte[] RemoveOldest()
    {
        byte[] oldest = _ring[_head];
        _ring[_head] = null!;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        _bytes -= oldest.Length;
        return oldest;
    }

    // Powers of two; most clients never have more than a window's messages waiting.
    private void Grow()
    {
        byte[][] larger = new byte[Math.Max(_ring.Length * 2, InitialCapacity)][];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }
}
