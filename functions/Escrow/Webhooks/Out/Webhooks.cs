using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>
/// Tells tenants' own systems what happened: a message of the outbox becomes a delivery for each webhook that asks for
/// it, and each delivery is sent until it is taken or given up.
/// </summary>
public sealed partial class Webhooks(
    WebhookStore store, WebhookSending sending, TimeProvider time, ILogger<Webhooks> logger) : IOutboxHandler
{
    private const int SecretBytes = 32;

    public bool Takes(string kind) => WebhookEvents.All.Contains(kind);

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if ((message.Tenant ?? message.Owner) is not { } tenant)
        {
            return;
        }

        // An id of a giveaway's message is its own only within the giveaway.
        string id = message.Giveaway is { } giveaway ? $"{giveaway}-{message.Id}" : message.Id;
        foreach (WebhookDocument webhook in await store.ListAsync(tenant, cancellationToken))
        {
            if (webhook.Wants(message.Kind))
            {
                await store.AddAsync(
                    Delivery(webhook, message.Kind, id, message.At, message.Payload), cancellationToken);
            }
        }
    }

    /// <exception cref="ProblemException">invalid_webhook_url, invalid_request, too_many_webhooks.</exception>
    public async Task<WebhookSecret> AddAsync(
        CurrentUser user, WebhookRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(request);
        if (sending.Refuses(request.Url) is { } refusal)
        {
            throw Problems.InvalidWebhookUrl.With(refusal);
        }

        string[] unknown = [.. request.Events.Except(WebhookEvents.All).Take(1)];
        if (unknown.Length > 0 || request.Events.Count > WebhookEvents.All.Count)
        {
            throw Problems.InvalidRequest.With($"events are of {string.Join(", ", WebhookEvents.All.Order())}.");
        }

        WebhookDocument webhook = new(
            Ids.New(WebhookDocument.Prefix, time), user.TenantId, request.Url, [.. request.Events.Distinct()],
            NewSecret(), time.GetUtcNow().ToUnixTimeMilliseconds(), user.UserId);
        await store.AddAsync(webhook, cancellationToken);
        return new(webhook.View(), webhook.Secret);
    }

    public async Task<IReadOnlyList<WebhookView>> ListAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return [.. (await store.ListAsync(user.TenantId, cancellationToken)).Select(webhook => webhook.View())];
    }

    /// <exception cref="ProblemException">unknown_webhook.</exception>
    public async Task RemoveAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        WebhookDocument webhook = await ReadAsync(user, id, cancellationToken);
        await store.RemoveAsync(webhook.Tenant, webhook.Id, cancellationToken);
    }

    /// <summary>A new secret; for a day bodies carry the signatures of both.</summary>
    /// <exception cref="ProblemException">unknown_webhook.</exception>
    public async Task<WebhookSecret> RotateAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        WebhookDocument webhook = await ReadAsync(user, id, cancellationToken);
        string secret = NewSecret();
        await store.RotateAsync(webhook, secret, cancellationToken);
        return new(webhook.View(), secret);
    }

    /// <summary>Sends a ping, to try the receiver out.</summary>
    /// <exception cref="ProblemException">unknown_webhook.</exception>
    public async Task<Delivery> PingAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        WebhookDocument webhook = await ReadAsync(user, id, cancellationToken);
        JsonElement nothing = JsonSerializer.SerializeToElement(new { }, Json.Options);
        DeliveryDocument ping = Delivery(
            webhook, WebhookEvents.Ping, Ids.New("MESSAGE", time), time.GetUtcNow(), nothing);
        sending.Allow(webhook);
        await store.AddAsync(ping, cancellationToken);
        return ping.View();
    }

    /// <exception cref="ProblemException">unknown_webhook, invalid_cursor.</exception>
    public async Task<Page<Delivery>> DeliveriesAsync(
        CurrentUser user, string id, DeliveryState? state, PageRequest page, CancellationToken cancellationToken)
    {
        WebhookDocument webhook = await ReadAsync(user, id, cancellationToken);
        return await store.DeliveriesAsync(webhook.Tenant, webhook.Id, state, page, cancellationToken);
    }

    /// <summary>Sends a delivery again that has ended. One that is under way is left to go on.</summary>
    /// <exception cref="ProblemException">unknown_webhook, not_found.</exception>
    public async Task<Delivery> SendAgainAsync(
        CurrentUser user, string id, string deliveryId, CancellationToken cancellationToken)
    {
        WebhookDocument webhook = await ReadAsync(user, id, cancellationToken);
        DeliveryDocument delivery = await FindAsync(webhook, deliveryId, cancellationToken);
        sending.Allow(webhook);
        await store.SendAgainAsync(delivery, cancellationToken);
        return (await FindAsync(webhook, deliveryId, cancellationToken)).View();
    }

    /// <summary>Tries once. True when nothing is left to do: it is taken, or it is for nobody any more.</summary>
    public async Task<bool> TryAsync(DeliveryRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        DeliveryDocument? delivery = await store.FindDeliveryAsync(run.Tenant, run.Id, cancellationToken);
        if (delivery is not { State: DeliveryState.Pending } || delivery.Run != run.Run)
        {
            return true;
        }

        if (await store.FindAsync(run.Tenant, delivery.Webhook, cancellationToken) is not { } webhook)
        {
            await store.GiveUpAsync(run, cancellationToken);
            return true;
        }

        DeliveryAttempt attempt = await sending.SendAsync(webhook, delivery, cancellationToken);
        await store.NoteAsync(delivery, attempt, cancellationToken);
        PaymentTelemetry.Delivered(attempt.IsTaken ? "taken" : "failed");
        return attempt.IsTaken;
    }

    /// <summary>Sets a delivery aside after its last try.</summary>
    public async Task GiveUpAsync(DeliveryRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        await store.GiveUpAsync(run, cancellationToken);
        PaymentTelemetry.Delivered("dead");
        LogGivenUp(run.Id, run.Tenant);
    }

    // The same delivery for the same message and webhook, and ids in the order of what happened.
    private static DeliveryDocument Delivery(
        WebhookDocument webhook, string kind, string messageId, DateTimeOffset at, JsonElement data)
    {
        string id = Ids.Derive(DeliveryDocument.Prefix, at, Encoding.UTF8.GetBytes($"{messageId}:{webhook.Id}"));
        string body = JsonSerializer.Serialize(new { Id = messageId, Type = kind, CreatedAt = at, Data = data }, Json.Options);
        return new(
            id, webhook.Tenant, webhook.Id, kind, body, DeliveryState.Pending, 0, [], at.ToUnixTimeMilliseconds());
    }

    private static string NewSecret() => $"whsec_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";

    private async Task<WebhookDocument> ReadAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return (Ids.IsValid(id, WebhookDocument.Prefix) ? await store.FindAsync(user.TenantId, id, cancellationToken) : null)
            ?? throw Problems.UnknownWebhook.With("You have no such webhook.");
    }

    private async Task<DeliveryDocument> FindAsync(
        WebhookDocument webhook, string deliveryId, CancellationToken cancellationToken) =>
        await store.FindDeliveryAsync(webhook.Tenant, deliveryId, cancellationToken) is { } found
            && found.Webhook == webhook.Id
            ? found
            : throw Problems.NotFound.With("The webhook has no such delivery.");

    [LoggerMessage(4140, LogLevel.Warning, "Delivery {Delivery} of {Tenant} was given up after its last try")]
    private partial void LogGivenUp(string delivery, string tenant);
}
