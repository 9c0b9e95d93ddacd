using System.Net;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Subscriptions and their payments, each user's in a partition of the user's own.</summary>
public sealed class SubscriptionStore(EscrowDocuments documents, TimeProvider time)
{
    // So long its own orchestration has to do what is due.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    internal Task<SubscriptionDocument?> FindAsync(string user, CancellationToken cancellationToken) =>
        documents.FindAsync<SubscriptionDocument>(user, SubscriptionDocument.DocumentId, cancellationToken);

    internal Task<Versioned<SubscriptionDocument>?> FindVersionAsync(string user, CancellationToken cancellationToken) =>
        documents.FindVersionedAsync<SubscriptionDocument>(user, SubscriptionDocument.DocumentId, cancellationToken);

    internal Task<ChargeDocument?> FindChargeAsync(string user, string id, CancellationToken cancellationToken) =>
        documents.FindAsync<ChargeDocument>(user, id, cancellationToken);

    /// <summary>The payment of an id that came without its user.</summary>
    internal async Task<ChargeDocument?> FindChargeAsync(string id, CancellationToken cancellationToken)
    {
        ChargeOwner? owner = await documents.FindAsync<ChargeOwner>(
            ChargeOwner.PartitionOf(id), "owner", cancellationToken);
        return owner is null ? null : await FindChargeAsync(owner.Owner, id, cancellationToken);
    }

    /// <summary>Keeps a new subscription, in the place of one that has ended; false when somebody else was first.</summary>
    internal async Task<bool> AddAsync(
        SubscriptionDocument added, Versioned<SubscriptionDocument>? ended, CancellationToken cancellationToken) =>
        ended is null
            ? await documents.CreateAsync(added.Tenant, added, cancellationToken)
            : await ReplaceAsync(ended, added, batch => batch, cancellationToken);

    /// <summary>Writes what became of a subscription; false when somebody else was first.</summary>
    internal Task<bool> ChangeAsync(
        Versioned<SubscriptionDocument> before, SubscriptionDocument after, CancellationToken cancellationToken) =>
        ReplaceAsync(
            before, after,
            batch => after.State == SubscriptionState.Ended
                ? batch.CreateItem(Message(after, SubscriptionMessages.Ended, $"{after.Subscription}-ended"))
                : batch,
            cancellationToken);

    /// <summary>Writes a payment down before anybody is asked for money; false when somebody else was first.</summary>
    internal async Task<bool> BeginAsync(Versioned<SubscriptionDocument> before, CancellationToken cancellationToken)
    {
        SubscriptionDocument due = before.Document;
        string id = due.NextCharge;
        string partition = ChargeOwner.PartitionOf(id);
        await documents.CreateAsync(partition, new ChargeOwner(partition, due.Tenant), cancellationToken);
        ChargeDocument charge = new(
            id, due.Tenant, due.Subscription, due.Amount, due.Currency, ChargeState.Open, due.PaidUntil, due.NextUntil,
            time.GetUtcNow().ToUnixTimeMilliseconds());
        return await ReplaceAsync(
            before, due with { Charge = id }, batch => batch.CreateItem(charge), cancellationToken);
    }

    /// <summary>Writes how a payment ended, with what that does to its subscription; false when somebody else was first.</summary>
    internal Task<bool> SettleAsync(
        Versioned<SubscriptionDocument> before, SubscriptionDocument after, ChargeDocument settled,
        CancellationToken cancellationToken)
    {
        string kind = settled.State == ChargeState.Paid ? SubscriptionMessages.Paid : SubscriptionMessages.Declined;
        return ReplaceAsync(
            before, after,
            batch => Ended(batch.ReplaceItem(settled.Id, settled).CreateItem(Message(after, kind, $"{settled.Id}-told"))),
            cancellationToken);

        TransactionalBatch Ended(TransactionalBatch batch) => after.State == SubscriptionState.Ended
            ? batch.CreateItem(Message(after, SubscriptionMessages.Ended, $"{after.Subscription}-ended"))
            : batch;
    }

    /// <summary>A user's payments, of all subscriptions, newest first.</summary>
    internal async Task<Page<SubscriptionCharge>> ChargesAsync(
        string user, PageRequest page, CancellationToken cancellationToken)
    {
        Page<ChargeDocument> rows = await documents.PageAsync<ChargeDocument>(
            user, $"charges:{user}", "c.type = 'charge'", page, row => row.Id, cancellationToken);
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    /// <summary>Subscriptions of everybody whose orchestration did not do what was due.</summary>
    internal IAsyncEnumerable<SubscriptionDocument> OverdueAsync(CancellationToken cancellationToken) =>
        documents.QueryAsync<SubscriptionDocument>(
            null,
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'subscription' AND c.dueAt <= @before")
                .WithParameter("@before", (time.GetUtcNow() - Patience).ToUnixTimeMilliseconds()),
            cancellationToken);

    private async Task<bool> ReplaceAsync(
        Versioned<SubscriptionDocument> before, SubscriptionDocument after,
        Func<TransactionalBatch, TransactionalBatch> beside, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = beside(documents.Batch(after.Tenant).ReplaceItem(
            after.Id, after, new TransactionalBatchItemRequestOptions { IfMatchEtag = before.ETag }));
        return await Documents.ExecuteAsync(batch, cancellationToken) switch
        {
            { IsDone: true } => true,
            { Failed: 0, Status: HttpStatusCode.PreconditionFailed } => false,
            var wrong => throw new InvalidOperationException($"{after.Subscription} cannot be written: {wrong}."),
        };
    }

    private OutboxMessage Message(SubscriptionDocument one, string kind, string id) => OutboxMessage.OfTenant(
        one.Tenant, kind,
        new
        {
            User = one.Tenant,
            SubscriptionId = one.Subscription,
            one.Plan,
            one.Amount,
            one.Currency,
            one.State,
            PaidUntil = one.PaidUntil.ToInstant(),
        },
        time, id);
}
