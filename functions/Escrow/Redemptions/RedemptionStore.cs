using System.Runtime.CompilerServices;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Redemptions beside their gift cards, so that both change in one transaction: a card is in one redemption at a time,
/// and whoever is second is refused.
/// </summary>
internal sealed class RedemptionStore(EscrowDocuments documents, TimeProvider time)
{
    /// <summary>How long a settlement may take before recovery begins it anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const long Forever = long.MaxValue >> 11;

    public async Task<Redemption?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, "REDEMPTION")
            ? await documents.FindAsync<Redemption>(tenant, id, cancellationToken)
            : null;

    /// <summary>Begins one; false when the card is in another, or no longer good.</summary>
    public async Task<bool> BeginAsync(Redemption redemption, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        TransactionalBatch batch = documents.Batch(redemption.Tenant)
            .CreateItem(redemption)
            .PatchItem(
                redemption.GiftCard, Card(redemption.Id, redemption.ExpiresAt.ToUnixTimeMilliseconds()),
                EscrowDocuments.Only($"c.state = 'active' AND c.busyUntil <= {now}"));
        return (await EscrowDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>From here on the card is this redemption's alone, until it ends.</summary>
    public Task<bool> ConfirmAsync(Redemption initiated, string user, CancellationToken cancellationToken) => MoveAsync(
        initiated, RedemptionEvent.Confirm, Card(initiated.Id, Forever), null, cancellationToken,
        PatchOperation.Set("/confirmedBy", user), Due(Soon), PatchOperation.Set<string?>("/failure", null));

    /// <summary>Ends it without a settlement, or steps back; the card is free again.</summary>
    public Task<bool> FreeAsync(
        Redemption redemption, RedemptionEvent happened, string? failure, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken)
    {
        long until = expiresAt?.ToUnixTimeMilliseconds() ?? 0;
        return MoveAsync(
            redemption, happened, Card(redemption.Id, until), null, cancellationToken,
            PatchOperation.Set("/failure", failure), Due(expiresAt is null ? null : until),
            PatchOperation.Set("/expiresAt", expiresAt ?? redemption.ExpiresAt));
    }

    /// <summary>The merchant is paid: the card is used up, and who wants to know is told.</summary>
    public Task<bool> CompleteAsync(Redemption settling, SettlementSplit split, CancellationToken cancellationToken)
    {
        RedemptionView told = settling.View() with { State = RedemptionState.Completed, Settlement = split };
        OutboxMessage message = OutboxMessage.OfTenant(
            settling.Tenant, "redemption.completed", told, time, $"{settling.Id}-COMPLETED");
        return MoveAsync(
            settling, RedemptionEvent.Complete, [PatchOperation.Set("/state", "redeemed")], message, cancellationToken,
            PatchOperation.Set("/settlement", split), Due(null));
    }

    public Task PostponeAsync(Redemption settling, CancellationToken cancellationToken) => documents.PatchAsync(
        settling.Tenant, settling.Id, EscrowDocuments.When("c.state = 'settling'"), cancellationToken, Due(Soon));

    public async Task<Page<RedemptionView>> ListAsync(
        string tenant, string? branch, PageRequest page, CancellationToken cancellationToken)
    {
        string only = branch is null ? "" : " AND c.branch = @branch";
        Page<Redemption> rows = await documents.PageAsync<Redemption>(
            tenant, $"redemptions:{tenant}:{branch}", $"c.type = 'redemption'{only}", page, row => row.Id,
            cancellationToken, ("@branch", branch ?? ""));
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    /// <summary>Redemptions that nobody confirmed in time, or whose settlement takes too long.</summary>
    public async IAsyncEnumerable<Redemption> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.type = 'redemption' AND c.dueAt <= @now")
            .WithParameter("@now", time.GetUtcNow().ToUnixTimeMilliseconds());
        await foreach (Redemption due in documents.QueryAsync<Redemption>(null, query, cancellationToken))
        {
            yield return due;
        }
    }

    private long Soon => EscrowDocument.DueIn(time.GetUtcNow(), Patience);

    private async Task<bool> MoveAsync(
        Redemption redemption, RedemptionEvent happened, PatchOperation[] card, OutboxMessage? message,
        CancellationToken cancellationToken, params PatchOperation[] change)
    {
        if (RedemptionTransitions.Next(redemption.State, happened) is not { } next)
        {
            return false;
        }

        TransactionalBatch batch = documents.Batch(redemption.Tenant)
            .PatchItem(
                redemption.Id, [PatchOperation.Set("/state", Name(next)), .. change],
                EscrowDocuments.Only($"c.state = '{Name(redemption.State)}'"))
            // A card whose host released it meanwhile is void, and stays so.
            .PatchItem(redemption.GiftCard, card, EscrowDocuments.Only($"c.redemption = '{redemption.Id}'"));
        if (message is not null)
        {
            batch.CreateItem(message);
        }

        return (await EscrowDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    private static PatchOperation[] Card(string redemption, long busyUntil) =>
        [PatchOperation.Set("/redemption", redemption), PatchOperation.Set("/busyUntil", busyUntil)];

    private static PatchOperation Due(long? at) => PatchOperation.Set("/dueAt", at);

    private static string Name(RedemptionState state) => state.ToString().ToLowerInvariant();
}
