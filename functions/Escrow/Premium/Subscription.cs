using System.Text.Json.Serialization;
using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>What a month of premium costs.</summary>
/// <param name="Name">The plan.</param>
/// <param name="Amount">Minor units a month.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Exponent">Decimal digits of the minor unit.</param>
/// <param name="TrialDays">Days before the first payment, for those who never had them.</param>
public sealed record PremiumPlan(string Name, long Amount, string Currency, int Exponent, int TrialDays);

/// <summary>What to pay with.</summary>
/// <param name="PaymentMethod">The payment provider's token of it, never a card's number.</param>
public sealed record SubscriptionRequest(string PaymentMethod);

/// <summary>What to pay with from now on.</summary>
/// <param name="PaymentMethod">The payment provider's token of it; null is as before.</param>
public sealed record SubscriptionRenewal(string? PaymentMethod = null);

/// <summary>A user's subscription. Its price is that of the day on which it was made.</summary>
/// <param name="Id"><c>SUBSCRIPTION_&lt;ULID&gt;</c>; also the orchestration that keeps it going.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Amount">Minor units a month.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="State">Where it stands.</param>
/// <param name="IsActive">Whether premium may be used now.</param>
/// <param name="IsTrial">Whether nothing had to be paid yet.</param>
/// <param name="PaidUntil">The end of what is paid, or of the trial.</param>
/// <param name="NextPaymentAt">When the next payment is tried; null for none.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Subscription(
    string Id, string Plan, long Amount, string Currency, SubscriptionState State, bool IsActive, bool IsTrial,
    DateTimeOffset PaidUntil, DateTimeOffset? NextPaymentAt, DateTimeOffset CreatedAt);

/// <summary>Where a payment stands.</summary>
public enum ChargeState
{
    /// <summary>Under way, or what became of it is not known yet.</summary>
    Open,

    /// <summary>Paid. Terminal.</summary>
    Paid,

    /// <summary>Declined; nothing was paid. Terminal.</summary>
    Declined,
}

/// <summary>One try to get one month paid.</summary>
/// <param name="Id">Also the provider's reference and the ledger's transfer.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="State">How it ended.</param>
/// <param name="From">The month that it is for.</param>
/// <param name="Until">Its end.</param>
/// <param name="At">When it was begun.</param>
public sealed record SubscriptionCharge(
    string Id, string SubscriptionId, long Amount, string Currency, ChargeState State, DateTimeOffset From,
    DateTimeOffset Until, DateTimeOffset At);

/// <summary>
/// A user's subscription as it is kept, one a user, in a partition of the user's own. Moments are Unix milliseconds.
/// </summary>
/// <param name="Tenant">The partition: the user.</param>
/// <param name="Subscription">Its id.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Amount">Minor units a month.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="PaymentMethod">The provider's token.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Anchor">Where months are counted from, so that the 31st stays the 31st.</param>
/// <param name="PaidUntil">The end of what is paid, or of the trial.</param>
/// <param name="DueAt">When something is to be done; null for nothing any more.</param>
/// <param name="At">When it was made.</param>
/// <param name="Period">Months that were paid.</param>
/// <param name="Tries">Payments of the next month that were declined.</param>
/// <param name="Charge">The payment that is under way. While there is one no other is begun.</param>
/// <param name="TrialUsed">Whether the user had a trial, with this one or one before.</param>
[NotAudited("Every charge of it posts to the journal, which is chained by itself.")]
internal sealed record SubscriptionDocument(
    string Tenant, string Subscription, string Plan, long Amount, string Currency, string PaymentMethod,
    SubscriptionState State, long Anchor, long PaidUntil, long? DueAt, long At, int Period = 0, int Tries = 0,
    string? Charge = null, bool TrialUsed = false)
{
    public const string DocumentId = "subscription";
    public const string Prefix = "SUBSCRIPTION";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "subscription";

    /// <summary>The end of the month that is paid next.</summary>
    [JsonIgnore]
    public long NextUntil => Anchor.ToInstant().AddMonths(Period + 1).ToUnixTimeMilliseconds();

    /// <summary>The next payment's: the same month tried again is another, once the one before is declined for good.</summary>
    [JsonIgnore]
    public string NextCharge => $"{ChargeDocument.Prefix}_{Subscription[(Prefix.Length + 1)..]}-{Period + 1}-{Tries + 1}";
}

/// <summary>A payment as it is kept, beside its subscription.</summary>
[NotAudited("It posts to the journal, which is chained by itself.")]
internal sealed record ChargeDocument(
    string Id, string Tenant, string Subscription, long Amount, string Currency, ChargeState State, long From, long Until,
    long At, string? Failure = null)
{
    public const string DocumentType = "charge";
    public const string Prefix = "CHARGE";

    public string Type { get; init; } = DocumentType;

    public SubscriptionCharge View() => new(
        Id, Subscription, Amount, Currency, State, From.ToInstant(), Until.ToInstant(), At.ToInstant());
}

/// <summary>Whose a payment is, in a partition of its own: events name its id alone.</summary>
[NotAudited("It follows from the charge.")]
internal sealed record ChargeOwner(string Tenant, string Owner)
{
    public string Id { get; init; } = "owner";

    public string Type { get; init; } = "chargeOwner";

    public static string PartitionOf(string charge) => $"charge:{charge}";
}

/// <summary>Kinds of messages about subscriptions; each payload has the <c>user</c>.</summary>
public static class SubscriptionMessages
{
    public const string Paid = "subscription.paid";
    public const string Declined = "subscription.declined";
    public const string Ended = "subscription.ended";
}
