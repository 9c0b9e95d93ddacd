using System.Runtime.CompilerServices;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Airtime gifts beside their escrows, so that both change in one transaction.</summary>
internal sealed class AirtimeStore(EscrowDocuments documents, EscrowStore escrows, TimeProvider time)
{
    /// <summary>How long the provider's event is waited for before it is asked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private long Due => EscrowDocument.DueIn(time.GetUtcNow(), Patience);

    public async Task<AirtimeGift?> FindAsync(EscrowDocument escrow, CancellationToken cancellationToken) =>
        await documents.FindAsync<AirtimeGift>(
            escrow.Tenant, AirtimeGift.IdOf(escrow.Id), cancellationToken);

    /// <summary>Writes the gift and fences its escrow; false when either was there before.</summary>
    public async Task<bool> BeginAsync(EscrowDocument won, string phone, CancellationToken cancellationToken)
    {
        AirtimeGift gift = new(
            AirtimeGift.IdOf(won.Id), won.Tenant, won.Id, phone, won.Amount, won.Currency,
            Wallets.AccountOf(won.Tenant, won.Currency), AirtimeState.Vending, AirtimeOutcome.None, time.GetUtcNow(), Due);
        TransactionalBatch batch = documents.Batch(won.Tenant)
            .CreateItem(gift)
            .PatchItem(
                won.Id,
                [
                    PatchOperation.Set("/intent", "vend"), PatchOperation.Set("/claimedAt", time.GetUtcNow()),
                    PatchOperation.Set<long?>("/dueAt", null),
                ],
                EscrowDocuments.Only("c.state = 'allocated' AND c.intent = 'none'"));
        return (await EscrowDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>Notes how it ended; false when that was noted before.</summary>
    public Task<bool> DecideAsync(AirtimeGift gift, AirtimeOutcome outcome, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            gift.Tenant, gift.Id, EscrowDocuments.When("c.outcome = 'none'"), cancellationToken,
            PatchOperation.Set("/outcome", outcome.ToString().ToLowerInvariant()));

    public Task PostponeAsync(AirtimeGift gift, CancellationToken cancellationToken) => documents.PatchAsync(
        gift.Tenant, gift.Id, EscrowDocuments.When("c.state = 'vending'"), cancellationToken,
        PatchOperation.Set("/dueAt", Due));

    /// <summary>Ends the gift and its escrow together; a refund clears what it went by.</summary>
    public Task<bool> EndAsync(EscrowDocument escrow, AirtimeGift gift, CancellationToken cancellationToken)
    {
        bool loaded = gift.Outcome == AirtimeOutcome.Succeeded;
        return escrows.EndAsync(
            escrow with { Reason = loaded ? null : "vend_failed" },
            loaded ? EscrowState.Settled : EscrowState.Released,
            batch => batch.PatchItem(
                gift.Id,
                [
                    PatchOperation.Set("/state", loaded ? "completed" : "refunded"),
                    PatchOperation.Set("/hostWalletReference", loaded ? gift.HostWalletReference : null),
                    PatchOperation.Set<long?>("/dueAt", null),
                ],
                EscrowDocuments.Only("c.state = 'vending'")),
            cancellationToken);
    }

    /// <summary>Gifts whose end nobody has told yet, or whose teller died.</summary>
    public async IAsyncEnumerable<AirtimeGift> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.type = 'airtime' AND c.dueAt <= @now")
            .WithParameter("@now", time.GetUtcNow().ToUnixTimeMilliseconds());
        await foreach (AirtimeGift due in documents.QueryAsync<AirtimeGift>(null, query, cancellationToken))
        {
            yield return due;
        }
    }
}
