using System.Collections.Concurrent;

namespace FinVault.Local.SignalR;

/// <summary>
/// Pumps queues one after the other on one pool thread at a time. While it works through many clients, further messages
/// gather in their queues, so that under load each client gets fewer and fuller writes.
/// </summary>
internal sealed class FanoutScheduler : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<OutboundQueue> _queues = new();
    private int _running;

    /// <summary>Has a queue pumped that said it must be.</summary>
    public void Schedule(OutboundQueue queue)
    {
        _queues.Enqueue(queue);
        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute()
    {
        do
        {
            while (_queues.TryDequeue(out OutboundQueue? queue))
            {
                queue.Pump();
            }

            Volatile.Write(ref _running, 0);
        }
        while (!_queues.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0);
    }
}
