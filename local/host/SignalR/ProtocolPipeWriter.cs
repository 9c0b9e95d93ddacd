using System.Buffers;
using System.IO.Pipelines;

namespace FinVault.Local.SignalR;

/// <summary>
/// What the framework writes to when it speaks the hub protocol over a transport without a WebSocket: the bytes take
/// their turn in the client's queue.
/// </summary>
internal sealed class ProtocolPipeWriter(PipeWriter output, OutboundQueue queue) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _unflushed = new();

    public override Memory<byte> GetMemory(int sizeHint = 0) => _unflushed.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _unflushed.GetSpan(sizeHint);

    public override void Advance(int bytes) => _unflushed.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_unflushed.WrittenCount > 0)
        {
            Task written = queue.WriteProtocolAsync(_unflushed.WrittenSpan);
            _unflushed.ResetWrittenCount();
            await written.WaitAsync(cancellationToken);
        }

        return new FlushResult(isCanceled: false, isCompleted: false);
    }

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        queue.Close();
        output.Complete(exception);
    }
}
