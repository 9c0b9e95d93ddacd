using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Outbox;

namespace FinVault.Notifications;

/// <summary>
/// Tells users what the outbox says: messages that name their user (<see cref="Notices.Message"/>), and what other slices
/// tell of tenants.
/// </summary>
public sealed class NoticeMessages(Notices notices, MembershipStore members) : IOutboxHandler
{
    private const int MostMembers = 100;

    /// <summary>Which notice a tenant's message is, and which roles are told.</summary>
    private static readonly Dictionary<string, (Func<JsonElement, string?> Kind, string[] Roles)> OfTenants = new()
    {
        ["wallet.toppedUp"] = (_ => NoticeKinds.WalletToppedUp, [Roles.Host, Roles.Merchant]),
        ["wallet.low"] = (_ => NoticeKinds.WalletLow, [Roles.Host, Roles.Merchant]),
        ["withdrawal.awaitingApproval"] = (_ => NoticeKinds.WithdrawalAwaiting, [Roles.Host, Roles.Merchant]),
        ["withdrawal.completed"] = (_ => NoticeKinds.WithdrawalCompleted, [Roles.Host, Roles.Merchant]),
        ["withdrawal.failed"] = (_ => NoticeKinds.WithdrawalFailed, [Roles.Host, Roles.Merchant]),
        ["withdrawal.rejected"] = (_ => NoticeKinds.WithdrawalRejected, [Roles.Host, Roles.Merchant]),
        ["redemption.completed"] = (_ => NoticeKinds.MerchantPaid, [Roles.Merchant]),
        [FinVault.Escrow.Merchants.KycDecidedKind] = (_ => NoticeKinds.KycDecided, [Roles.Merchant]),
        ["escrow.settled"] = (escrow => IsAirtime(escrow) ? NoticeKinds.AirtimePaid : null, [Roles.Host]),
        ["escrow.released"] = (escrow => IsAirtime(escrow) ? NoticeKinds.AirtimeFailed : null, [Roles.Host]),
        ["giveaway.ended"] = (
            ended => Text(ended, "state") == "cancelled" ? NoticeKinds.GiveawayCancelled : NoticeKinds.GiveawayEnded,
            [Roles.Host]),
    };

    public bool Takes(string kind) => OfTenants.ContainsKey(kind) || NoticeKinds.Find(kind) is not null;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (NoticeKinds.Find(message.Kind) is not null && IsOrder(message.Payload))
        {
            NoticeOrder order = message.Payload.Deserialize<NoticeOrder>(Json.Options)!;
            await notices.TellAsync(
                order.User, message.Kind, order.Values, message.Id, message.At, cancellationToken);
        }
        else if (message.Kind.StartsWith("subscription.", StringComparison.Ordinal))
        {
            // Whose it is stands in the payload: a subscription is one person's.
            await notices.TellAsync(
                message.Payload.GetProperty("user").GetString()!, message.Kind, message.Payload,
                $"{message.Partition}/{message.Id}", message.At, cancellationToken);
        }
        else if (OfTenants.TryGetValue(message.Kind, out (Func<JsonElement, string?> Kind, string[] Roles) rule)
            && rule.Kind(message.Payload) is { } kind && (message.Owner ?? message.Tenant) is { } tenant)
        {
            await TellMembersAsync(tenant, rule.Roles, kind, message, cancellationToken);
        }
    }

    private async Task TellMembersAsync(
        string tenant, string[] roles, string kind, OutboxMessage message, CancellationToken cancellationToken)
    {
        IEnumerable<Membership> told = (await members.OfTenantAsync(tenant, cancellationToken))
            .Where(member => member.Roles.Intersect(roles).Any()).Take(MostMembers);
        foreach (Membership member in told)
        {
            // Ids of messages that follow from what happened are unique in their partition only.
            await notices.TellAsync(
                member.User, kind, message.Payload, $"{message.Partition}/{message.Id}", message.At, cancellationToken);
        }
    }

    private static bool IsOrder(JsonElement payload) =>
        payload.TryGetProperty("user", out _) && payload.TryGetProperty("values", out _);

    // Of an escrow that its winner has asked for; one that is only given back was nobody's airtime yet.
    private static bool IsAirtime(JsonElement escrow) =>
        escrow.TryGetProperty("backing", out JsonElement backing) && Text(backing, "kind") == "airtime"
        && Text(escrow, "claimedAt") is not null;

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
