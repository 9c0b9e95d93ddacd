using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// One transaction of one account's partition: entries chained to each other, records of transfers, and last the
/// balance, under the condition that the head is still the one that the first entry was chained to.
/// </summary>
internal sealed class JournalBatch(TransactionalBatch batch, DateTimeOffset now)
{
    private static readonly TransactionalBatchItemRequestOptions NoBody =
        new() { EnableContentResponseOnWrite = false };

    private LedgerAccount? _first;
    private LedgerAccount? _head;

    public TransactionalBatch Batch => batch;

    /// <summary>The account before the first entry; needed where there is any.</summary>
    public LedgerAccount Head
    {
        set => _first = _head = value;
    }

    public static bool Covers(LedgerAccount head, JournalStep step) =>
        step.Available >= 0 || head.Available + step.Available >= head.Floor;

    /// <summary>False if the step would take the account below its floor.</summary>
    public bool Covers(JournalStep step) => Covers(_head!, step);

    public void Add(JournalChange change)
    {
        if (change.Step is { } step)
        {
            LedgerEntry entry = LedgerEntry.After(_head!, step, now);
            batch.CreateItem(entry, NoBody);
            _head = _head! with
            {
                Available = entry.Available, Held = entry.Held, Clearing = entry.Clearing, Sequence = entry.Sequence,
                Hash = entry.Hash, At = entry.At,
            };
        }

        if (change.Created is not null)
        {
            batch.CreateItem(change.Created, NoBody);
        }

        if (change.Became is { } became)
        {
            PatchOperation[] decided =
            [
                PatchOperation.Set("/state", NameOf(became.State)),
                PatchOperation.Set("/postedAmount", became.PostedAmount),
            ];
            batch.PatchItem(became.Id, decided, Only(InState(TransferState.Pending)));
        }

        if (change.Settled is { } settled)
        {
            PatchOperation[] posted = [PatchOperation.Set("/state", NameOf(TransferState.Posted))];
            batch.PatchItem(settled.Id, posted, Only(InState(TransferState.Posting)));
        }
    }

    /// <summary>Adds what the entries do to the balance; answers the account after them, or null without any.</summary>
    public LedgerAccount? End()
    {
        if (_head is not null)
        {
            batch.PatchItem(LedgerAccount.DocumentId, Changes(_first!, _head), Only(Unchanged(_first!)));
        }

        return _head;
    }

    internal static string InState(TransferState state) => $"FROM c WHERE c.state = '{NameOf(state)}'";

    private static string NameOf(TransferState state) => state.ToString().ToLowerInvariant();

    private static PatchOperation[] Changes(LedgerAccount from, LedgerAccount to) =>
    [
        PatchOperation.Increment("/available", to.Available - from.Available),
        PatchOperation.Increment("/held", to.Held - from.Held),
        PatchOperation.Increment("/clearing", to.Clearing - from.Clearing),
        PatchOperation.Set("/sequence", to.Sequence),
        PatchOperation.Set("/hash", to.Hash),
        PatchOperation.Set("/at", to.At),
    ];

    // The hash stands for all entries so far, so for the balance, too; that is asked for as well because it is money.
    private static string Unchanged(LedgerAccount head) =>
        $"FROM c WHERE c.sequence = {head.Sequence} AND c.hash = '{head.Hash}' AND c.available >= {head.Available}";

    private static TransactionalBatchPatchItemRequestOptions Only(string filter) =>
        new() { FilterPredicate = filter, EnableContentResponseOnWrite = false };
}
