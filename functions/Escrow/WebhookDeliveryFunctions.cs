using System.Text.Json;
using FinVault.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Escrow;

/// <summary>Sends webhooks: an orchestration a delivery, begun by the delivery's own document.</summary>
public sealed class WebhookDeliveryFunctions(Webhooks webhooks)
{
    private const int PollMilliseconds = 200;

    // A receiver that does not answer is an outcome; what is tried again here is our own store.
    private static readonly TaskOptions Persistent =
        TaskOptions.FromRetryPolicy(new RetryPolicy(10, TimeSpan.FromSeconds(5), 2));

    /// <summary>Begins what is new, or is to be sent again.</summary>
    [Function(nameof(StartDeliveries))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public static async Task StartDeliveries(
        [CosmosDBTrigger(
            Containers.Database, Containers.Escrow, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "webhooks",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(client);
        foreach (JsonElement change in changes.Where(IsDelivery))
        {
            DeliveryDocument delivery = change.Deserialize<DeliveryDocument>(Json.Options)!;
            DeliveryRun run = new(delivery.Tenant, delivery.Id, delivery.Run);
            if (delivery.State == DeliveryState.Pending
                && await client.GetInstanceAsync(run.Instance, cancellationToken) is null)
            {
                await client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(DeliverWebhook), run, new StartOrchestrationOptions(run.Instance), cancellationToken);
            }
        }
    }

    /// <summary>Tries until the receiver takes it, with longer and longer waits; then gives it up.</summary>
    [Function(nameof(DeliverWebhook))]
    public static async Task<bool> DeliverWebhook(
        [OrchestrationTrigger] TaskOrchestrationContext context, DeliveryRun run)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (TimeSpan wait in WebhookLimits.Waits)
        {
            if (await context.CallActivityAsync<bool>(nameof(SendWebhook), run, Persistent))
            {
                return true;
            }

            await context.CreateTimer(wait, CancellationToken.None);
        }

        bool taken = await context.CallActivityAsync<bool>(nameof(SendWebhook), run, Persistent);
        if (!taken)
        {
            await context.CallActivityAsync(nameof(GiveUpWebhook), run, Persistent);
        }

        return taken;
    }

    /// <summary>One try.</summary>
    [Function(nameof(SendWebhook))]
    public Task<bool> SendWebhook([ActivityTrigger] DeliveryRun run, CancellationToken cancellationToken) =>
        webhooks.TryAsync(run, cancellationToken);

    [Function(nameof(GiveUpWebhook))]
    public Task GiveUpWebhook([ActivityTrigger] DeliveryRun run, CancellationToken cancellationToken) =>
        webhooks.GiveUpAsync(run, cancellationToken);

    private static bool IsDelivery(JsonElement document) =>
        document.TryGetProperty("type", out JsonElement type) && type.ValueEquals(DeliveryDocument.DocumentType);
}
