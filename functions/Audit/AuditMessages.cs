using System.Collections.Frozen;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Platform;
using FinVault.Platform.Outbox;

namespace FinVault.Audit;

/// <summary>
/// Business events by the outbox: a slice puts the message into the batch of its change, so that what
/// happened is recorded, and nothing else.
/// </summary>
public sealed class AuditMessages(AuditTrail trail) : IOutboxHandler
{
    internal const string EventKind = "audit.event";

    // What is told to others anyway: the kind of what it is about, and the payload's field with its id.
    private static readonly FrozenDictionary<string, (string Kind, string Field)> Told =
        new Dictionary<string, (string, string)>
        {
            [WithdrawalMessages.AwaitingApproval] = ("withdrawal", "withdrawalId"),
            [WithdrawalMessages.Completed] = ("withdrawal", "withdrawalId"),
            [WithdrawalMessages.Failed] = ("withdrawal", "withdrawalId"),
            [WithdrawalMessages.Rejected] = ("withdrawal", "withdrawalId"),
            [WalletMessages.ToppedUp] = ("topUp", "topUpId"),
            ["escrow.settled"] = ("escrow", "id"),
            ["escrow.released"] = ("escrow", "id"),
            ["redemption.completed"] = ("redemption", "id"),
            [GiveawayMessages.EndedKind] = ("giveaway", "giveaway"),
        }.ToFrozenDictionary();

    public bool Takes(string kind) => kind is EventKind || Told.ContainsKey(kind);

    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Kind switch
        {
            EventKind => trail.RecordAsync(
                message.Payload.Deserialize<AuditEvent>(Json.Options)! with { Id = message.Id }, cancellationToken),
            _ => RecordToldAsync(message, cancellationToken),
        };
    }

    // Money is linked, not copied: the journal has it, by the same id.
    private Task RecordToldAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        (string kind, string field) = Told[message.Kind];
        string? tenant = message.Tenant ?? message.Owner;
        string? id = message.Payload.TryGetProperty(field, out JsonElement found) ? found.GetString() : null;
        ChangeStamp by = new("", message.By ?? Acting.System, "", message.CorrelationId, message.At);
        return id is null
            ? Task.CompletedTask
            : trail.RecordAsync(
                new(kind, kind == "withdrawal" ? $"{tenant}:{id}" : id, message.Kind, tenant, By: by, Id: $"{kind}-{message.Id}"),
                cancellationToken);
    }

    /// <summary>The message that records an event, for a user's partition of <c>identity</c>.</summary>
    public static OutboxMessage OfUser(string partition, AuditEvent told, TimeProvider time) =>
        OutboxMessage.OfUser(partition, EventKind, Stamped(told, time), time);

    /// <summary>The message that records an event, for a tenant's partition of <c>escrow</c>.</summary>
    public static OutboxMessage OfTenant(string tenant, AuditEvent told, TimeProvider time) =>
        OutboxMessage.OfTenant(tenant, EventKind, Stamped(told, time), time);

    private static AuditEvent Stamped(AuditEvent told, TimeProvider time) =>
        told with { By = told.By ?? ChangeStamp.Now() with { At = time.GetUtcNow() } };
}
