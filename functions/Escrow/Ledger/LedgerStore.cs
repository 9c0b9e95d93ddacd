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
/// The container <c>ledger</c>. An account's partition holds its balance, its entries, and the records of transfers
/// that it pays. A partition <c>transfer:ID</c> holds the one document that says whose an id is, so that an id means
/// one transfer in all of the ledger.
/// </summary>
internal sealed class LedgerStore(CosmosClient cosmos, TimeProvider time)
{
    private const string ClaimId = "claim";

    // Each try fails only because another one succeeded, so this many in a row mean something else is wrong.
    private const int MaxTries = 200;

    private static readonly TransactionalBatchItemRequestOptions NoBody =
        new() { EnableContentResponseOnWrite = false };

    private readonly Container _ledger = cosmos.GetContainer(Containers.Database, Containers.Ledger);
    private readonly AccountGates _gates = new();

    /// <summary>An account's journal has, or may have, a new entry.</summary>
    public event Action<string>? Changed;

    public async Task<LedgerAccount?> FindAccountAsync(string account, CancellationToken cancellationToken) =>
        await FindAsync<LedgerAccount>(LedgerAccount.DocumentId, account, cancellationToken);

    public async Task<Transfer?> FindTransferAsync(string account, string id, CancellationToken cancellationToken) =>
        await FindAsync<Transfer>(id, account, cancellationToken);

    public async Task<TransferClaim?> FindClaimAsync(string transfer, CancellationToken cancellationToken) =>
        await FindAsync<TransferClaim>(ClaimId, TransferClaim.PartitionOf(transfer), cancellationToken);

    /// <summary>Takes an id for a transfer; answers the claim that stands, which may be an older one.</summary>
    public async Task<TransferClaim> ClaimAsync(
        string transfer, string account, string fingerprint, CancellationToken cancellationToken)
    {
        TransferClaim claim = new(ClaimId, TransferClaim.PartitionOf(transfer), account, fingerprint);
        return await CreateAsync(claim, claim.Account, cancellationToken)
            ? claim
            : await FindClaimAsync(transfer, cancellationToken)
                ?? throw new InvalidOperationException($"The claim of {transfer} is gone; none is ever removed.");
    }

    /// <summary>False when the account is there already.</summary>
    public Task<bool> CreateAccountAsync(LedgerAccount account, CancellationToken cancellationToken) =>
        CreateAsync(account, account.Account, cancellationToken);

    /// <summary>
    /// Writes one entry, what it does to the balance and what it means for the transfer, in one transaction. The patch
    /// holds only for the head that the entry was chained to; when another entry came first, it is chained anew.
    /// </summary>
    /// <param name="step">What the entry says.</param>
    /// <param name="created">The transfer's record, if this step makes it.</param>
    /// <param name="became">The transfer as this step leaves it, if it was pending.</param>
    /// <param name="cancellationToken">Gives up; the step may be done or not.</param>
    public async Task<Appended> AppendAsync(
        JournalStep step, Transfer? created, Transfer? became, CancellationToken cancellationToken)
    {
        using IDisposable gate = await _gates.EnterAsync(step.Account, cancellationToken);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            LedgerAccount head = await FindAccountAsync(step.Account, cancellationToken)
                ?? throw new InvalidOperationException($"Account {step.Account} is gone; none is ever removed.");
            if (step.Available < 0 && head.Available + step.Available < head.Floor)
            {
                LedgerEntry? done = await FindAsync<LedgerEntry>(step.EntryId, step.Account, cancellationToken);
                return done is null ? Appended.NotCovered : Appended.AlreadyDone;
            }

            if (await TryAppendAsync(Batch(head, step, created, became), step, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        throw new TimeoutException($"Account {step.Account} changed {MaxTries} times while {step.EntryId} was tried.");
    }

    /// <summary>Says that the credit is in the receiver's journal. Nothing to do when another call said it.</summary>
    public async Task SettleAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        PatchItemRequestOptions posting = new()
        {
            FilterPredicate = InState(TransferState.Posting), EnableContentResponseOnWrite = false,
        };
        for (int tries = 0; tries < MaxTries; tries++)
        {
            using ResponseMessage response = await _ledger.PatchItemStreamAsync(
                transfer.Id, new PartitionKey(transfer.Account), [PatchOperation.Set("/state", "posted")], posting,
                cancellationToken);
            if (response.StatusCode != HttpStatusCode.PreconditionFailed)
            {
                response.EnsureSuccessStatusCode();
                return;
            }

            Transfer? now = await FindTransferAsync(transfer.Account, transfer.Id, cancellationToken);
            if (now?.State == TransferState.Posted)
            {
                return;
            }
        }

        throw new TimeoutException($"Transfer {transfer.Id} could not be settled in {MaxTries} tries.");
    }

    private async Task<Appended?> TryAppendAsync(
        TransactionalBatch batch, JournalStep step, CancellationToken cancellationToken)
    {
        try
        {
            using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
            return Outcome(response);
        }
        finally
        {
            // Also after a failure, which does not tell whether it was written.
            Changed?.Invoke(step.Account);
        }
    }

    private static string InState(TransferState state) =>
        $"FROM c WHERE c.state = '{state.ToString().ToLowerInvariant()}'";

    // The entry stands first and the balance last, so the first failure tells "already there" from "chain it anew".
    private TransactionalBatch Batch(LedgerAccount head, JournalStep step, Transfer? created, Transfer? became)
    {
        LedgerEntry entry = LedgerEntry.After(head, step, LedgerClock.Now(time));
        TransactionalBatch batch = _ledger
            .CreateTransactionalBatch(new PartitionKey(step.Account))
            .CreateItem(entry, NoBody);
        if (created is not null)
        {
            batch.CreateItem(created, NoBody);
        }

        if (became is not null)
        {
            PatchOperation[] change =
            [
                PatchOperation.Set("/state", became.State.ToString().ToLowerInvariant()),
                PatchOperation.Set("/postedAmount", became.PostedAmount),
            ];
            batch.PatchItem(became.Id, change, Only(InState(TransferState.Pending)));
        }

        return batch.PatchItem(LedgerAccount.DocumentId, Changes(entry), Only(Unchanged(head, step)));
    }

    private static PatchOperation[] Changes(LedgerEntry entry) =>
    [
        PatchOperation.Increment("/available", entry.AvailableChange),
        PatchOperation.Increment("/held", entry.HeldChange),
        PatchOperation.Increment("/clearing", entry.ClearingChange),
        PatchOperation.Set("/sequence", entry.Sequence),
        PatchOperation.Set("/hash", entry.Hash),
        PatchOperation.Set("/at", entry.At),
    ];

    private static string Unchanged(LedgerAccount head, JournalStep step)
    {
        string chain = $"FROM c WHERE c.sequence = {head.Sequence} AND c.hash = '{head.Hash}'";
        return step.Available < 0 ? $"{chain} AND c.available >= {head.Floor - step.Available}" : chain;
    }

    private static TransactionalBatchPatchItemRequestOptions Only(string filter) =>
        new() { FilterPredicate = filter, EnableContentResponseOnWrite = false };

    /// <summary>Null when the head has moved and the step must be chained anew.</summary>
    private static Appended? Outcome(TransactionalBatchResponse response)
    {
        if (response.IsSuccessStatusCode)
        {
            return Appended.Done;
        }

        int failed = Enumerable.Range(0, response.Count)
            .FirstOrDefault(i => response[i].StatusCode != HttpStatusCode.FailedDependency, -1);
        HttpStatusCode status = failed < 0 ? response.StatusCode : response[failed].StatusCode;
        return (failed, status) switch
        {
            (0, HttpStatusCode.Conflict) => Appended.AlreadyDone,
            (_, HttpStatusCode.Conflict) => Appended.Overtaken,
            (> 0, HttpStatusCode.PreconditionFailed) when failed < response.Count - 1 => Appended.Overtaken,
            (_, HttpStatusCode.PreconditionFailed) => null,
            _ => throw new CosmosException(
                $"The ledger was not written: {status}.", status, 0, response.ActivityId, response.RequestCharge),
        };
    }

    private async Task<bool> CreateAsync<T>(T document, string account, CancellationToken cancellationToken)
    {
        try
        {
            await _ledger.CreateItemAsync(
                document, new PartitionKey(account),
                new ItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private async Task<T?> FindAsync<T>(string id, string account, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await _ledger.ReadItemStreamAsync(
            id, new PartitionKey(account), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<T>(response, cancellationToken);
    }
}

/// <summary>Whose an id is: the account that pays, and the content that the id was first given with.</summary>
internal sealed record TransferClaim(string Id, string Account, string DebitAccount, string Fingerprint)
{
    public string Type { get; init; } = "claim";

    // No account's id has a colon.
    public static string PartitionOf(string transfer) => $"transfer:{transfer}";
}
