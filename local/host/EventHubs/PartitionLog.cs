using Azure.Messaging.EventHubs;

namespace FinVault.Local.EventHubs;

/// <summary>
/// One partition. Appenders that arrive while a write is under way are written together by the next one (group
/// commit); what is written becomes readable and wakes the waiting readers.
/// </summary>
internal sealed class PartitionLog : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly string _hub;
    private readonly EventHubOptions _options;
    private readonly TimeProvider _time;
    private readonly SegmentStore? _store;
    private readonly DiskSync? _sync;
    private readonly Func<long> _processed;
    private readonly long _cachedBytes;
    private readonly RecentEvents _recent = new();
    private CommitGroup? _waiting;
    private bool _writing;
    private TaskCompletionSource? _arrival;
    private TaskCompletionSource? _drained;
    private bool _closed;
    private long _last;

    /// <param name="firstFree">A sequence number that no event had before, even if the end of the log was lost.</param>
    /// <param name="processed">Last event that every consumer group has processed.</param>
    public PartitionLog(
        string hub, EventHubOptions options, TimeProvider time, SegmentStore? store, DiskSync? sync,
        long cachedBytes, long firstFree, Func<long> processed)
    {
        _hub = hub;
        _options = options;
        _time = time;
        _store = store;
        _sync = sync;
        _cachedBytes = cachedBytes;
        _last = Math.Max(store?.LastSequence ?? -1, firstFree - 1);
        _processed = processed;
    }

    public long LastSequence => Volatile.Read(ref _last);

    public Task AppendAsync(EventFrame frame)
    {
        CommitGroup group;
        bool lead;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedEventHub));
            RefuseWhenFull();
            group = _waiting ??= new CommitGroup();
            group.Frames.Add(frame);
            lead = !_writing;
            _writing = true;
        }

        if (lead && _sync is not null)
        {
            _sync.Enqueue(this);
        }
        else if (lead && WriteGroup())
        {
            // Its own frame is stored; the others' is not this caller's work.
            ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteAll(), this, preferLocal: false);
        }

        return group.Committed;
    }

    public IReadOnlyList<StoredEvent> Read(long after, int maxCount)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedEventHub));
            if (after >= _last)
            {
                return [];
            }

            if (_recent.Count > 0 && (_store is null || after + 1 >= _recent.FirstSequence))
            {
                return _recent.Read(Math.Max(after + 1, _recent.FirstSequence), maxCount);
            }
        }

        return _store?.Read(after, maxCount) ?? [];
    }

    public Task WaitAsync(long after, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedEventHub));
            if (_last > after)
            {
                return Task.CompletedTask;
            }

            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Writes group after group until nobody waits.</summary>
    public void WriteAll()
    {
        while (WriteGroup())
        {
        }
    }

    /// <summary>Takes no more, finishes what was taken, and lets the files go.</summary>
    public async ValueTask DisposeAsync()
    {
        Task drained;
        lock (_gate)
        {
            _closed = true;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _writing ? _drained.Task : Task.CompletedTask;
            _arrival?.TrySetException(new ObjectDisposedException(nameof(EmbeddedEventHub)));
        }

        await drained;
        _store?.Dispose();
    }

    // Writes what waits. True when more came meanwhile; false ends the turn of this writer.
    internal bool WriteGroup()
    {
        CommitGroup group;
        lock (_gate)
        {
            group = _waiting!;
            _waiting = null;
        }

        Exception? failure = null;
        try
        {
            Commit(group);
        }
        catch (Exception exception)
        {
            // Whatever it is, it is the appenders' answer, and the partition goes on from what is stored.
            failure = exception;
        }

        group.Complete(failure);
        lock (_gate)
        {
            _writing = _waiting is not null;
            if (!_writing)
            {
                _drained?.TrySetResult();
            }

            return _writing;
        }
    }

    private void Commit(CommitGroup group)
    {
        long ticks = _time.GetUtcNow().UtcTicks;
        long next = _last + 1;
        foreach (EventFrame frame in group.Frames)
        {
            frame.Stamp(next, ticks);
            next += frame.Events.Length;
        }

        _store?.ApplyRetention(ticks, _processed());
        _store?.Append(group.Frames);
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            foreach (EventFrame frame in group.Frames)
            {
                foreach (StoredEvent stored in frame.Events)
                {
                    _recent.Add(stored);
                }
            }

            TrimRecent();
            Volatile.Write(ref _last, next - 1);
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    // With files the ring is a cache. Without, it is the log, and keeps what a consumer group has still to read,
    // or everything while there is no group yet.
    private void TrimRecent()
    {
        if (_recent.Bytes <= _cachedBytes)
        {
            return;
        }

        long processed = _store is not null ? long.MaxValue : _processed() is var all and < long.MaxValue ? all : -1;
        while (_recent.Bytes > _cachedBytes && _recent.Count > 1 && _recent.FirstSequence <= processed)
        {
            _recent.RemoveOldest();
        }
    }

    private void RefuseWhenFull()
    {
        long maximum = _store is null ? _options.MaximumMemoryBytes : _options.MaximumBytes;
        if ((_store?.Bytes ?? _recent.Bytes) > maximum)
        {
            throw new EventHubsException(
                true,
                _hub,
                $"A partition holds {maximum:N0} bytes that a consumer group has not processed.",
                EventHubsException.FailureReason.QuotaExceeded);
        }
    }
}
