namespace FinVault.Local.Cosmos;

/// <summary>
/// One writer, group commit. The first caller to find the queue idle leads: on its own thread it runs everything that
/// waits as one SQLite transaction, commits once and then tells each caller. Alone, a write costs no thread switch;
/// under load, the commit is shared. Every piece of work is all or nothing by itself: within a group it runs in a
/// savepoint.
/// </summary>
internal sealed class WriteQueue(Connection connection, Lock gate)
{
    private const int GroupLimit = 64;

    private readonly Queue<WriteItem> waiting = new();
    private readonly List<WriteItem> group = new(GroupLimit);
    private bool leading;
    private bool closed;

    /// <summary>Called when work was undone, so that counters kept in memory can be read again from the file.</summary>
    public Action Undone { get; set; } = static () => { };

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction and answers when it is durable. Work that answers
    /// <c>Keep: false</c> is rolled back; its value is answered all the same.
    /// </summary>
    public Task<T> RunAsync<T>(Func<Connection, (T Value, bool Keep)> work)
    {
        var item = new WriteItem<T>(work);
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            waiting.Enqueue(item);
            if (leading)
            {
                return item.Task;
            }
            leading = true;
        }
        CommitGroup();
        return item.Task;
    }

    /// <summary>Refuses further work and waits until everything that was taken is done.</summary>
    public void Close()
    {
        lock (waiting)
        {
            closed = true;
            while (leading)
            {
                Monitor.Wait(waiting);
            }
        }
    }

    private void CommitGroup()
    {
        lock (waiting)
        {
            while (group.Count < GroupLimit && waiting.TryDequeue(out WriteItem? item))
            {
                group.Add(item);
            }
        }
        lock (gate)
        {
            Commit();
        }
        foreach (WriteItem item in group)
        {
            item.Complete();
        }
        group.Clear();
        lock (waiting)
        {
            leading = waiting.Count > 0;
            if (!leading)
            {
                Monitor.PulseAll(waiting);
                return;
            }
        }
        // The caller has its answer: somebody else's thread leads the next group.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.CommitGroup(), this, preferLocal: false);
    }

    private void Commit()
    {
        try
        {
            connection.Prepare("BEGIN IMMEDIATE").Run();
            foreach (WriteItem item in group)
            {
                Apply(item);
            }
            connection.Prepare("COMMIT").Run();
        }
        catch (SqliteFailure failure)
        {
            // Nothing of the group is in the file: every caller hears so, and the next group starts afresh.
            RollBack();
            foreach (WriteItem item in group)
            {
                item.Fail(failure);
            }
        }
    }

    private void Apply(WriteItem item)
    {
        connection.Prepare("SAVEPOINT work").Run();
        bool keep = item.Apply(connection);
        if (!keep)
        {
            connection.Prepare("ROLLBACK TO work").Run();
            Undone();
        }
        connection.Prepare("RELEASE work").Run();
    }

    private void RollBack()
    {
        Undone();
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            connection.Execute("ROLLBACK");
        }
    }

    private abstract class WriteItem
    {
        public abstract bool Apply(Connection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class WriteItem<T>(Func<Connection, (T Value, bool Keep)> work) : WriteItem
    {
        // Asynchronously: a caller's continuation must not run on the thread that leads the queue.
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? value;
        private Exception? failure;

        public Task<T> Task => done.Task;

        public override bool Apply(Connection connection)
        {
            try
            {
                (value, bool keep) = work(connection);
                return keep;
            }
            catch (Exception exception) when (exception is not SqliteFailure)
            {
                failure = exception;
                return false;
            }
        }

        public override void Complete()
        {
            if (failure is null)
            {
                done.TrySetResult(value!);
            }
            else
            {
                done.TrySetException(failure);
            }
        }

        public override void Fail(Exception exception) => failure = exception;
    }
}
