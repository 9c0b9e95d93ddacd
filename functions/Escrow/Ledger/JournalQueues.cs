namespace FinVault.Escrow;

/// <summary>A change of one account's partition that waits for its turn.</summary>
/// <param name="Account">Whose partition.</param>
/// <param name="Step">The entry to write; null where only a record changes.</param>
/// <param name="Created">The transfer's record, if this makes it.</param>
/// <param name="Became">The transfer as this leaves it, if it was pending.</param>
/// <param name="Settled">The transfer that is credited, if this says so.</param>
internal sealed record JournalChange(
    string Account, JournalStep? Step, Transfer? Created, Transfer? Became, Transfer? Settled)
{
    // A caller goes on by itself, not on the thread of who wrote for it.
    private readonly TaskCompletionSource<Appended> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Appended> Done => _done.Task;

    public void End(Appended outcome) => _done.TrySetResult(outcome);

    public void Fail(Exception failure) => _done.TrySetException(failure);
}

/// <summary>
/// Lets the changes of one account gather while others of it are being written, so that they share the next write: the
/// busier an account, the fewer writes a change takes. Correctness does not rest on it: the condition on the head
/// decides, also between processes.
/// </summary>
internal sealed class JournalQueues(Func<IReadOnlyList<JournalChange>, Task> write)
{
    /// <summary>A change is up to three of the hundred operations that a transaction takes.</summary>
    private const int MostAtOnce = 32;

    private readonly Dictionary<string, Queue<JournalChange>> _waiting = [];

    /// <summary>Writes a change, together with others or alone.</summary>
    /// <param name="change">What to write.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may be written or not.</param>
    public async Task<Appended> WriteAsync(JournalChange change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Leads(change))
        {
            await WriteGroupAsync([change]);
            if (HasMore(change.Account))
            {
                // The caller has its answer: another thread writes for those that came meanwhile.
                _ = Task.Run(() => DrainAsync(change.Account), CancellationToken.None);
            }
        }

        return await change.Done.WaitAsync(cancellationToken);
    }

    /// <summary>True where nobody writes for the account; otherwise the change waits for who does.</summary>
    private bool Leads(JournalChange change)
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(change.Account, out Queue<JournalChange>? queue))
            {
                queue.Enqueue(change);
                return false;
            }

            _waiting.Add(change.Account, new());
            return true;
        }
    }

    /// <summary>False ends the lead.</summary>
    private bool HasMore(string account)
    {
        lock (_waiting)
        {
            return _waiting[account].Count > 0 || !_waiting.Remove(account);
        }
    }

    private async Task DrainAsync(string account)
    {
        do
        {
            await WriteGroupAsync(Next(account));
        }
        while (HasMore(account));
    }

    private List<JournalChange> Next(string account)
    {
        List<JournalChange> group = [];
        lock (_waiting)
        {
            while (group.Count < MostAtOnce && _waiting[account].TryDequeue(out JournalChange? change))
            {
                group.Add(change);
            }
        }

        return group;
    }

    private async Task WriteGroupAsync(IReadOnlyList<JournalChange> group)
    {
        try
        {
            await write(group);
        }
#pragma warning disable CA1031 // Whatever went wrong is for those who wait for it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            foreach (JournalChange change in group)
            {
                change.Fail(failure);
            }
        }
    }
}
