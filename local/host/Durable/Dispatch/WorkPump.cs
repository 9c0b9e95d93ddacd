using System.Collections.Concurrent;

namespace FinVault.Local.Durable;

/// <summary>
/// Runs items on the thread pool, in the order in which they come, at most so many at a time. No thread waits: a worker
/// starts when there is work and room, and ends when there is none.
/// </summary>
sealed class WorkPump<T>(int limit, Func<T, ValueTask> run, Action<Exception> onError) : IThreadPoolWorkItem
{
    readonly ConcurrentQueue<T> items = new();
    readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int active;
    volatile bool stopped = true;
    volatile bool finishing;

    /// <summary>Begins with what has come so far.</summary>
    public void Start()
    {
        stopped = false;
        for (int i = Math.Min(limit, items.Count); i > 0; i--)
        {
            TryStart();
        }
    }

    public void Add(T item)
    {
        items.Enqueue(item);
        TryStart();
    }

    /// <summary>Takes nothing more, and ends when what runs has ended.</summary>
    public Task StopAsync()
    {
        stopped = true;
        EndIfIdle();
        return idle.Task;
    }

    /// <summary>Ends when there is nothing left to take.</summary>
    public Task FinishAsync()
    {
        finishing = true;
        EndIfIdle();
        return idle.Task;
    }

    void EndIfIdle()
    {
        if (Volatile.Read(ref active) == 0 && (stopped || (finishing && items.IsEmpty)))
        {
            idle.TrySetResult();
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = Work();

    void TryStart()
    {
        while (!stopped && !items.IsEmpty)
        {
            int now = Volatile.Read(ref active);
            if (now >= limit)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref active, now + 1, now) == now)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    async Task Work()
    {
        while (!stopped && items.TryDequeue(out T? item))
        {
            try
            {
                await run(item);
            }
#pragma warning disable CA1031 // One item's failure must not end the worker that others wait for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                onError(e);
            }
        }

        Interlocked.Decrement(ref active);
        EndIfIdle();

        // An item may have come between the last look and the end.
        TryStart();
    }
}
