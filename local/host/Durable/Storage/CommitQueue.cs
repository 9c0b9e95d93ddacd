using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>
/// Group commit: whatever has come while the last commit was being written goes into the next, in the order in which
/// it came. One thread writes. When the store fails the engine stops there: memory is ahead of the disk, and only a
/// restart brings them together again.
/// </summary>
sealed class CommitQueue : IDisposable
{
    const int BatchLimit = 4096;

    readonly DurableStore store;
    readonly ILogger logger;
    readonly Lock gate = new();
    readonly AutoResetEvent arrived = new(false);
    readonly Thread thread;
    List<Commit> waiting = [];
    Exception? failure;
    bool closing;

    public CommitQueue(DurableStore store, ILogger logger)
    {
        this.store = store;
        this.logger = logger;
        thread = new(Write) { IsBackground = true, Name = "durable-commit" };
        thread.Start();
    }

    /// <summary>Why the store stopped; null while it works.</summary>
    public Exception? Failure => failure;

    public void Add(Commit commit)
    {
        lock (gate)
        {
            if (failure is null && !closing)
            {
                waiting.Add(commit);
                if (waiting.Count == 1)
                {
                    arrived.Set();
                }

                return;
            }
        }

        commit.OnFailed?.Invoke(Stopped());
    }

    /// <summary>Returns once the changes are on disk.</summary>
    public Task AddAsync(IReadOnlyList<StoreChange> changes, Action? onCommitted = null)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new(changes)
        {
            OnCommitted = () =>
            {
                onCommitted?.Invoke();
                done.TrySetResult();
            },
            OnFailed = e => done.TrySetException(e),
        });
        return done.Task;
    }

    /// <summary>Writes what has come, then ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closing = true;
        }

        arrived.Set();
        thread.Join();
        arrived.Dispose();
    }

    void Write()
    {
        List<Commit> batch = [];
        while (true)
        {
            bool last;
            lock (gate)
            {
                (waiting, batch) = (batch, waiting);
                last = closing;
            }

            if (batch.Count > 0)
            {
                Write(batch);
                batch.Clear();
            }
            else if (last)
            {
                return;
            }
            else
            {
                arrived.WaitOne();
            }
        }
    }

    void Write(List<Commit> batch)
    {
        for (int from = 0; from < batch.Count; from += BatchLimit)
        {
            List<Commit> part = batch.Count <= BatchLimit
                ? batch
                : batch.GetRange(from, Math.Min(BatchLimit, batch.Count - from));
            Exception? error = failure ?? TryCommit(part);
            foreach (Commit commit in part)
            {
                Tell(commit, error);
            }
        }
    }

    void Tell(Commit commit, Exception? error)
    {
        try
        {
            if (error is null)
            {
                commit.OnCommitted?.Invoke();
            }
            else
            {
                commit.OnFailed?.Invoke(Stopped());
            }
        }
#pragma warning disable CA1031 // One commit's followers must not end the thread that writes for all.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogError(e, "What follows from a commit of the durable store failed");
        }
    }

    Exception? TryCommit(List<Commit> part)
    {
        try
        {
            store.Commit(part);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, nothing after it may be written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogCritical(e, "The durable store failed; orchestrations stand still until a restart");
            lock (gate)
            {
                failure = e;
            }

            return e;
        }
    }

    InvalidOperationException Stopped() => new(
        failure is null
            ? "The durable engine is stopping."
            : "The durable store failed; orchestrations stand still until a restart.",
        failure);
}
