using System.Collections.Concurrent;
using System.Diagnostics;

namespace FinVault.Local.SignalR;

/// <summary>
/// Pumps queues one after the other on one pool thread at a time, and begins a round at most once a pace. A message
/// after a pause goes out at once; those that follow it gather, so that a client whose symbols are spread over many
/// partitions gets one write a round and not one a partition. The write is what a delivery costs.
/// </summary>
internal sealed class FanoutScheduler : IThreadPoolWorkItem, IDisposable
{
    private readonly ConcurrentQueue<OutboundQueue> _queues = new();
    private readonly TimeSpan _pace;

    // The machine's clock, whatever the app's shows: this is about processor time.
    private readonly Timer _next;
    private long _lastRound;
    private int _running;

    public FanoutScheduler(TimeSpan pace)
    {
        _pace = pace;
        _next = new Timer(static scheduler => ((FanoutScheduler)scheduler!).Execute(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Has a queue pumped that said it must be.</summary>
    public void Schedule(OutboundQueue queue)
    {
        _queues.Enqueue(queue);
        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            Begin();
        }
    }

    public void Execute()
    {
        _lastRound = Stopwatch.GetTimestamp();
        for (int waiting = _queues.Count; waiting > 0 && _queues.TryDequeue(out OutboundQueue? queue); waiting--)
        {
            queue.Pump();
        }

        Volatile.Write(ref _running, 0);
        if (!_queues.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0)
        {
            Begin();
        }
    }

    public void Dispose() => _next.Dispose();

    private void Begin()
    {
        TimeSpan pause = _pace - Stopwatch.GetElapsedTime(_lastRound);
        if (_lastRound == 0 || pause <= TimeSpan.Zero)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            _next.Change((long)Math.Ceiling(pause.TotalMilliseconds), Timeout.Infinite);
        }
    }
}
