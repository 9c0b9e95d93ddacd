using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>What became of a step of a journal.</summary>
internal enum Appended
{
    Done,

    /// <summary>The entry was there already.</summary>
    AlreadyDone,

    /// <summary>The transfer is no longer in the state that the step begins in.</summary>
    Overtaken,

    /// <summary>It would take the account below its floor.</summary>
    NotCovered,
}

/// <summary>
/// Writes journals: entries, what they do to the balance and what they mean for transfers, in one transaction of the
/// account's partition. A write holds only for the head that its first entry was chained to; when another entry came
/// first, it is chained anew. Changes that share a write are each done as if alone: where one of them cannot be done,
/// none is, and each is tried by itself.
/// </summary>
internal sealed class JournalStore
{
    // Each try fails only because another one succeeded, so this many in a row mean something else is wrong.
    private const int MaxTries = 200;

    private readonly LedgerDocuments _ledger;
    private readonly TimeProvider _time;
    private readonly AccountHeads _heads = new();
    private readonly JournalQueues _queues;

    public JournalStore(LedgerDocuments ledger, TimeProvider time)
    {
        (_ledger, _time) = (ledger, time);
        _queues = new(WriteAsync);
    }

    /// <summary>An account's journal has, or may have, a new entry.</summary>
    public event Action<string>? Changed;

    /// <summary>The outcome of a change, once it is durable.</summary>
    public Task<Appended> WriteAsync(JournalChange change, CancellationToken cancellationToken) =>
        _queues.WriteAsync(change, cancellationToken);

    /// <summary>An account as it once was: its kind and currency never change.</summary>
    public async Task<LedgerAccount?> KnownAsync(string account, CancellationToken cancellationToken) =>
        _heads.Find(account) ?? await ReadHeadAsync(account, cancellationToken);

    // Nobody's cancellation: the write is for all of them.
    private async Task WriteAsync(IReadOnlyList<JournalChange> group)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (await TryAsync(group))
            {
                return;
            }

            if (group.Count > 1)
            {
                foreach (JournalChange change in group.Where(change => !change.Done.IsCompleted))
                {
                    await WriteAsync([change]);
                }

                return;
            }
        }

        throw new TimeoutException($"Account {group[0].Account} changed {MaxTries} times while it was written.");
    }

    /// <summary>False when nothing was written: the head has moved, or one of several cannot be done.</summary>
    private async Task<bool> TryAsync(IReadOnlyList<JournalChange> group)
    {
        string account = group[0].Account;
        bool journaled = group.Any(change => change.Step is not null);
        JournalBatch batch = new(_ledger.Batch(account), LedgerClock.Now(_time));
        if (journaled)
        {
            batch.Head = await HeadAsync(account);
        }

        List<JournalChange> written = [];
        foreach (JournalChange change in group)
        {
            if (change.Step is { } step && !batch.Covers(step))
            {
                if (await RefuseAsync(step) is { } refusal)
                {
                    change.End(refusal);
                    continue;
                }

                return false;
            }

            batch.Add(change);
            written.Add(change);
        }

        return written.Count == 0 || await SendAsync(account, batch, written, journaled);
    }

    private async Task<bool> SendAsync(
        string account, JournalBatch batch, List<JournalChange> written, bool journaled)
    {
        LedgerAccount? after = batch.End();
        if (journaled)
        {
            // Until the new one is known.
            _heads.Forget(account);
        }

        try
        {
            using TransactionalBatchResponse response = await batch.Batch.ExecuteAsync();
            if (Outcome(response, written) is not { } outcome)
            {
                return false;
            }

            if (outcome == Appended.Done && after is not null)
            {
                _heads.Keep(after);
            }

            written.ForEach(change => change.End(outcome));
            return true;
        }
        finally
        {
            if (journaled)
            {
                // Also after a failure, which does not tell whether it was written.
                Changed?.Invoke(account);
            }
        }
    }

    /// <summary>Why a step that the head does not cover is refused; null when the head was only remembered.</summary>
    private async Task<Appended?> RefuseAsync(JournalStep step)
    {
        LedgerAccount? remembered = _heads.Find(step.Account);
        LedgerAccount head = await ReadHeadAsync(step.Account, default) ?? throw Gone(step.Account);
        if (remembered is not null && remembered.Hash != head.Hash)
        {
            return null;
        }

        if (await _ledger.FindAsync<WrittenEntry>(step.Account, step.EntryId, default) is not null)
        {
            return Appended.AlreadyDone;
        }

        return JournalBatch.Covers(head, step) ? null : Appended.NotCovered;
    }

    private async Task<LedgerAccount> HeadAsync(string account) =>
        _heads.Find(account) ?? await ReadHeadAsync(account, default) ?? throw Gone(account);

    private async Task<LedgerAccount?> ReadHeadAsync(string account, CancellationToken cancellationToken)
    {
        LedgerAccount? head =
            await _ledger.FindAsync<LedgerAccount>(account, LedgerAccount.DocumentId, cancellationToken);
        if (head is not null)
        {
            _heads.Keep(head);
        }

        return head;
    }

    private static InvalidOperationException Gone(string account) =>
        new($"Account {account} is gone; none is ever removed.");

    /// <summary>Null when nothing was written and it must be tried anew, or each by itself.</summary>
    private static Appended? Outcome(TransactionalBatchResponse response, List<JournalChange> written)
    {
        if (response.IsSuccessStatusCode)
        {
            return Appended.Done;
        }

        int failed = Enumerable.Range(0, response.Count)
            .FirstOrDefault(i => response[i].StatusCode != HttpStatusCode.FailedDependency, -1);
        HttpStatusCode status = failed < 0 ? response.StatusCode : response[failed].StatusCode;
        bool refused = status is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed;
        return (failed, status) switch
        {
            _ when refused && written.Count > 1 => null,
            // Its record is no longer to be settled: another call settled it.
            (_, HttpStatusCode.PreconditionFailed) when written[0].Settled is not null => Appended.Overtaken,
            // The entry stands first and the balance last.
            (0, HttpStatusCode.Conflict) => Appended.AlreadyDone,
            (_, HttpStatusCode.Conflict) => Appended.Overtaken,
            (> 0, HttpStatusCode.PreconditionFailed) when failed < response.Count - 1 => Appended.Overtaken,
            (_, HttpStatusCode.PreconditionFailed) => null,
            _ => throw new CosmosException(
                $"The ledger was not written: {status}.", status, 0, response.ActivityId, response.RequestCharge),
        };
    }

    /// <summary>That an entry is there is all that is asked.</summary>
    private sealed record WrittenEntry(string Id);
}
