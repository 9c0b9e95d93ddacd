using System.Runtime.CompilerServices;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Escrows in their host's partition. Every change is a patch under a condition on state and intent, so of callers that
/// try at once one succeeds and the others read what it did.
/// </summary>
internal sealed class EscrowStore(EscrowDocuments documents, TimeProvider time)
{
    /// <summary>How long whoever began something has to end it, before recovery does.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>How long after a failure somebody may still be moving the money that it gives back.</summary>
    private static readonly TimeSpan LateMoney = TimeSpan.FromMinutes(10);

    public async Task<EscrowDocument?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, "ESCROW")
            ? await documents.FindAsync<EscrowDocument>(tenant, id, cancellationToken)
            : null;

    public async Task<EscrowDocument> ReadAsync(EscrowDocument stale, CancellationToken cancellationToken) =>
        await FindAsync(stale.Tenant, stale.Id, cancellationToken)
            ?? throw new InvalidOperationException($"{stale.Id} is gone; no escrow is ever removed.");

    public Task<bool> CreateAsync(EscrowDocument document, CancellationToken cancellationToken) =>
        documents.CreateAsync(document.Tenant, document, cancellationToken);

    /// <summary>The escrow of an id, whosever it is.</summary>
    public async Task<EscrowDocument?> FindAnywhereAsync(string id, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.id = @id AND c.type = @type")
            .WithParameter("@id", id).WithParameter("@type", EscrowDocument.DocumentType);
        await foreach (EscrowDocument found in documents.QueryAsync<EscrowDocument>(null, query, cancellationToken))
        {
            return found;
        }

        return null;
    }

    public async Task<Page<EscrowView>> ListAsync(
        string? tenant, EscrowState? state, string? reference, PageRequest page, CancellationToken cancellationToken)
    {
        Page<EscrowDocument> rows = await documents.PageAsync<EscrowDocument>(
            tenant, $"escrows:{tenant}:{state}:{reference}",
            "c.type = 'escrow'" + (state is null ? "" : " AND c.state = @state")
                + (reference is null ? "" : " AND c.reference = @reference"),
            page, row => row.Id, cancellationToken, ("@state", Name(state) ?? ""), ("@reference", reference ?? ""));
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    /// <summary>Escrows that somebody left in the middle, or whose time is over.</summary>
    public async IAsyncEnumerable<EscrowDocument> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.type = @type AND c.dueAt <= @now")
            .WithParameter("@type", EscrowDocument.DocumentType)
            .WithParameter("@now", time.GetUtcNow().ToUnixTimeMilliseconds());
        await foreach (EscrowDocument due in documents.QueryAsync<EscrowDocument>(null, query, cancellationToken))
        {
            yield return due;
        }
    }

    /// <summary>Held, until it expires.</summary>
    public Task<bool> HoldAsync(EscrowDocument held, CancellationToken cancellationToken) => PatchAsync(
        held, EscrowState.Pending, EscrowIntent.None, cancellationToken,
        State(EscrowState.Held), Due(held.ExpiresAt.ToUnixTimeMilliseconds()));

    /// <summary>Decides that it fails; what was taken for it is given back before it has.</summary>
    public Task<bool> BeginFailureAsync(
        EscrowDocument failing, EscrowCode failure, CancellationToken cancellationToken) => PatchAsync(
            failing, EscrowState.Pending, EscrowIntent.None, cancellationToken,
            Intent(EscrowIntent.Fail), PatchOperation.Set("/failure", failure), Due(Soon));

    public Task<bool> FailAsync(EscrowDocument failed, CancellationToken cancellationToken) => PatchAsync(
        failed, EscrowState.Pending, EscrowIntent.Fail, cancellationToken,
        State(EscrowState.Failed), Due(EscrowDocument.DueIn(time.GetUtcNow(), LateMoney)));

    public Task<bool> AllocateAsync(
        EscrowDocument held, EscrowHolder holder, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        PatchAsync(
            held, EscrowState.Held, EscrowIntent.None, cancellationToken,
            State(EscrowState.Allocated), PatchOperation.Set("/holder", holder),
            PatchOperation.Set("/expiresAt", expiresAt), Due(Soon));

    /// <summary>Begins what nothing else may cross.</summary>
    public Task<bool> BeginAsync(
        EscrowDocument from, EscrowIntent intent, PatchOperation why, CancellationToken cancellationToken) => PatchAsync(
            from, from.State, EscrowIntent.None, cancellationToken, Intent(intent), why,
            // Of a settlement the redemption keeps the time.
            Due(intent == EscrowIntent.Settle ? null : Soon));

    /// <summary>Steps back from a settlement of which nothing was paid.</summary>
    public Task<bool> WithdrawAsync(EscrowDocument settling, string redemption, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            settling.Tenant, settling.Id,
            EscrowDocuments.When($"c.state = 'allocated' AND c.intent = 'settle' AND c.redemption = '{redemption}'"),
            cancellationToken, Intent(EscrowIntent.None), PatchOperation.Set<string?>("/redemption", null),
            Due(settling.ExpiresAt.ToUnixTimeMilliseconds()));

    public Task<bool> ClaimAsync(EscrowDocument claimed, CancellationToken cancellationToken) => documents.PatchAsync(
        claimed.Tenant, claimed.Id, EscrowDocuments.When("c.state = 'allocated' AND IS_NULL(c.claimedAt)"),
        cancellationToken, PatchOperation.Set("/claimedAt", time.GetUtcNow()));

    /// <summary>When recovery is to look at it next; null for never.</summary>
    public Task<bool> PostponeAsync(EscrowDocument looked, long? dueAt, CancellationToken cancellationToken) => PatchAsync(
        looked, looked.State, looked.Intent, cancellationToken, Due(dueAt));

    /// <summary>Ends it, together with the message that says so and whatever else stands in its partition.</summary>
    public async Task<bool> EndAsync(
        EscrowDocument ended, EscrowState state, Action<TransactionalBatch>? beside, CancellationToken cancellationToken)
    {
        string kind = $"escrow.{Name(state)}";
        OutboxMessage message = OutboxMessage.OfTenant(
            ended.Tenant, kind, ended.View() with { State = state }, time, $"{ended.Id}-{Name(state)!.ToUpperInvariant()}");
        TransactionalBatch batch = documents.Batch(ended.Tenant)
            .PatchItem(
                ended.Id,
                [
                    State(state), Intent(EscrowIntent.None), Due(null), PatchOperation.Set("/reason", ended.Reason),
                ],
                EscrowDocuments.Only(InState(ended.State, ended.Intent)))
            .CreateItem(message);
        beside?.Invoke(batch);
        return (await EscrowDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    private long Soon => EscrowDocument.DueIn(time.GetUtcNow(), Patience);

    private Task<bool> PatchAsync(
        EscrowDocument document, EscrowState state, EscrowIntent intent, CancellationToken cancellationToken,
        params PatchOperation[] change) =>
        documents.PatchAsync(
            document.Tenant, document.Id, EscrowDocuments.When(InState(state, intent)), cancellationToken, change);

    private static PatchOperation State(EscrowState state) => PatchOperation.Set("/state", Name(state));

    private static PatchOperation Intent(EscrowIntent intent) => PatchOperation.Set("/intent", Name(intent));

    private static PatchOperation Due(long? at) => PatchOperation.Set("/dueAt", at);

    private static string InState(EscrowState state, EscrowIntent intent) =>
        $"c.state = '{Name(state)}' AND c.intent = '{Name(intent)}'";

    private static string? Name<T>(T? value) where T : struct, Enum => value is { } known ? Name(known) : null;

    // Every name is one word, so lower case is camel case.
    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
