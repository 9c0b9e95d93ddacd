namespace FinVault.Local.SignalR;

/// <summary>
/// The framework's side of a WebSocket's stream. The framework writes one whole frame a call; each takes its turn in the
/// client's queue, so that frames of either side never mix, nor stand between the fragments of one message.
/// </summary>
internal sealed class SharedFrameStream(Stream inner, OutboundQueue queue) : Stream
{
    private const int FinalBit = 0x80;
    private const int OpcodeMask = 0x0F;
    private const int FirstControlOpcode = 8;

    // Written by one frame at a time: the framework's WebSocket has a lock of its own.
    private bool _betweenFragments;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        byte start = buffer.Span[0];
        if ((start & OpcodeMask) < FirstControlOpcode)
        {
            _betweenFragments = (start & FinalBit) == 0;
        }

        Task written = queue.WriteProtocolAsync(buffer.Span, completesMessage: !_betweenFragments);
        return new ValueTask(written.IsCompleted ? written : written.WaitAsync(cancellationToken));
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Every frame is flushed when the queue writes it.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            queue.Close();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
