using System.Net;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Webhooks of tenants, at most ten each, and what is or was to be delivered to them.</summary>
public sealed class WebhookStore(EscrowDocuments documents, TimeProvider time)
{
    /// <exception cref="ProblemException">too_many_webhooks.</exception>
    internal async Task AddAsync(WebhookDocument webhook, CancellationToken cancellationToken)
    {
        while (true)
        {
            TransactionalBatch batch = documents.Batch(webhook.Tenant)
                .PatchItem(
                    WebhookCount.DocumentId, [PatchOperation.Increment("/total", 1)],
                    new() { FilterPredicate = $"FROM c WHERE c.total < {WebhookLimits.MaxPerTenant}" })
                .CreateItem(webhook);
            switch (await EscrowDocuments.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return;
                case (0, HttpStatusCode.NotFound):
                    await documents.CreateAsync(
                        webhook.Tenant, new WebhookCount(webhook.Tenant, 0), cancellationToken);
                    continue;
                default:
                    throw Problems.TooManyWebhooks.With($"A tenant has {WebhookLimits.MaxPerTenant} at most.");
            }
        }
    }

    /// <summary>False when there is none.</summary>
    internal async Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = documents.Batch(tenant)
            .DeleteItem(id)
            .PatchItem(WebhookCount.DocumentId, [PatchOperation.Increment("/total", -1)])
            .CreateItem(StoredChange.RemovedOfTenant(tenant, "webhook", id, time));
        return (await EscrowDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    internal async Task<WebhookDocument?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await documents.FindAsync<WebhookDocument>(tenant, id, cancellationToken);

    internal Task<bool> RotateAsync(
        WebhookDocument webhook, string secret, CancellationToken cancellationToken) => documents.PatchAsync(
            webhook.Tenant, webhook.Id, null, cancellationToken,
            PatchOperation.Set("/secret", secret),
            PatchOperation.Set("/previousSecret", webhook.Secret),
            PatchOperation.Set("/rotatedAt", time.GetUtcNow().ToUnixTimeMilliseconds()),
            ChangeStamp.Patch("webhook"));

    internal async Task<IReadOnlyList<WebhookDocument>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        List<WebhookDocument> all = [];
        await foreach (WebhookDocument one in documents.QueryAsync<WebhookDocument>(
            tenant, new("SELECT * FROM c WHERE c.type = 'webhook'"), cancellationToken))
        {
            all.Add(one);
        }

        return all;
    }

    /// <summary>Nothing to do when it is there already.</summary>
    internal Task AddAsync(DeliveryDocument delivery, CancellationToken cancellationToken) =>
        documents.CreateAsync(delivery.Tenant, delivery, cancellationToken);

    internal async Task<DeliveryDocument?> FindDeliveryAsync(
        string tenant, string id, CancellationToken cancellationToken) => Ids.IsValid(id, DeliveryDocument.Prefix)
            ? await documents.FindAsync<DeliveryDocument>(tenant, id, cancellationToken)
            : null;

    /// <summary>Writes a try down, and with it that the receiver took it, if it did.</summary>
    internal Task NoteAsync(DeliveryDocument delivery, DeliveryAttempt attempt, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            delivery.Tenant, delivery.Id, Pending(delivery.Run), cancellationToken,
            PatchOperation.Add("/attempts/-", attempt),
            PatchOperation.Set("/state", attempt.IsTaken ? "delivered" : "pending"));

    internal Task GiveUpAsync(DeliveryRun run, CancellationToken cancellationToken) => documents.PatchAsync(
        run.Tenant, run.Id, Pending(run.Run), cancellationToken, PatchOperation.Set("/state", "dead"));

    /// <summary>Has a delivery that has ended sent again; false when it has not.</summary>
    internal Task<bool> SendAgainAsync(DeliveryDocument delivery, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            delivery.Tenant, delivery.Id, $"FROM c WHERE c.state != 'pending' AND c.run = {delivery.Run}",
            cancellationToken, PatchOperation.Set("/state", "pending"), PatchOperation.Increment("/run", 1));

    internal async Task<Page<Delivery>> DeliveriesAsync(
        string tenant, string webhook, DeliveryState? state, PageRequest page, CancellationToken cancellationToken)
    {
        string only = state is null ? "" : " AND c.state = @state";
        Page<DeliveryDocument> rows = await documents.PageAsync<DeliveryDocument>(
            tenant, $"deliveries:{tenant}:{webhook}:{state}",
            $"c.type = 'delivery' AND c.webhook = @webhook{only}", page, row => row.Id, cancellationToken,
            ("@webhook", webhook), ("@state", state?.ToString().ToLowerInvariant() ?? ""));
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    private static string Pending(int run) => $"FROM c WHERE c.state = 'pending' AND c.run = {run}";
}
