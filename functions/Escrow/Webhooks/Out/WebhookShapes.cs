using System.Text.Json;
using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>What a tenant can be told of: messages of the outbox whose payload is for the tenant's own systems.</summary>
public static class WebhookEvents
{
    /// <summary>Sent by a test, whatever a webhook asks for.</summary>
    public const string Ping = "ping";

    /// <summary>Every kind. A message of a giveaway's partition names the tenant as its owner.</summary>
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        WalletMessages.ToppedUp,
        WalletMessages.Low,
        WithdrawalMessages.AwaitingApproval,
        WithdrawalMessages.Completed,
        WithdrawalMessages.Failed,
        WithdrawalMessages.Rejected,
        "escrow.settled",
        "escrow.released",
        "redemption.completed",
        "giveaway.ended",
    };
}

/// <summary>A webhook that is asked for.</summary>
/// <param name="Url">Where it is sent to: <c>https</c>, to an address that everybody can reach.</param>
/// <param name="Events">Of the kinds there are; empty is all of them.</param>
public sealed record WebhookRequest(string Url, IReadOnlyList<string> Events);

/// <summary>A webhook of a tenant. At most ten.</summary>
/// <param name="Id"><c>WEBHOOK_&lt;ULID&gt;</c>.</param>
/// <param name="Url">Where it is sent to.</param>
/// <param name="Events">What is sent; empty is everything.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record WebhookView(string Id, string Url, IReadOnlyList<string> Events, DateTimeOffset CreatedAt);

/// <summary>A webhook with the secret that its bodies are signed with, which is shown this once.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Secret">Check <c>Webhook-Signature</c> with it.</param>
public sealed record WebhookSecret(WebhookView Webhook, string Secret);

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>Not taken yet; it is sent again.</summary>
    Pending,

    /// <summary>The receiver has answered with 2xx.</summary>
    Delivered,

    /// <summary>Given up after the last try; it can be sent again by hand.</summary>
    Dead,
}

/// <summary>One try.</summary>
/// <param name="At">When.</param>
/// <param name="Status">What the receiver answered; null for no answer.</param>
/// <param name="Failure">Why there was none.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, string? Failure, long Milliseconds)
{
    public bool IsTaken => Status is >= 200 and < 300;
}

/// <summary>One message to one webhook.</summary>
/// <param name="Id">The receiver gets it as <c>Webhook-Id</c>, the same at every try.</param>
/// <param name="WebhookId">The webhook.</param>
/// <param name="Event">What happened.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">Every try, oldest first.</param>
/// <param name="Body">What is sent.</param>
/// <param name="CreatedAt">When it happened.</param>
public sealed record Delivery(
    string Id, string WebhookId, string Event, DeliveryState State, IReadOnlyList<DeliveryAttempt> Attempts,
    JsonElement Body, DateTimeOffset CreatedAt);

/// <summary>What a delivery's orchestration goes by.</summary>
/// <param name="Tenant">The partition.</param>
/// <param name="Id">The delivery.</param>
/// <param name="Run">0, and one more each time that it is sent again by hand.</param>
public sealed record DeliveryRun(string Tenant, string Id, int Run)
{
    /// <summary>The instance that carries it out.</summary>
    public string Instance => Run == 0 ? Id : $"{Id}-{Run}";
}

/// <summary>The numbers of webhooks.</summary>
public static class WebhookLimits
{
    public const int MaxPerTenant = 10;

    public const int MaxUrlLength = 500;

    /// <summary>How long a receiver may take to answer.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    /// <summary>For how long bodies are signed with the old secret too, once there is a new one.</summary>
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(1);

    /// <summary>What is waited between tries; after the last try it is given up, 21 hours after the first.</summary>
    public static IReadOnlyList<TimeSpan> Waits { get; } =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
    ];
}

/// <summary>A webhook as it is kept, in its tenant's partition.</summary>
[Audited("webhook", Containers.Escrow, Subject = "tenant")]
internal sealed record WebhookDocument(
    string Id, string Tenant, string Url, IReadOnlyList<string> Events, [property: Sensitive] string Secret, long At,
    string CreatedBy, [property: Sensitive] string? PreviousSecret = null, long RotatedAt = 0)
{
    public const string Prefix = "WEBHOOK";

    public string Type { get; init; } = "webhook";

    public WebhookView View() => new(Id, Url, Events, At.ToInstant());

    public bool Wants(string kind) => Events.Count == 0 || Events.Contains(kind);

    /// <summary>What bodies are signed with now.</summary>
    public string[] SecretsAt(DateTimeOffset now) =>
        PreviousSecret is { } previous && now < RotatedAt.ToInstant() + WebhookLimits.Rotation
            ? [Secret, previous]
            : [Secret];
}

/// <summary>How many webhooks a tenant has.</summary>
[NotAudited("It is a counter.")]
internal sealed record WebhookCount(string Tenant, int Total)
{
    public const string DocumentId = "WEBHOOKS";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "webhookCount";
}

/// <summary>A delivery as it is kept, in its tenant's partition.</summary>
[NotAudited("It keeps its own attempts, and lives for a month.")]
internal sealed record DeliveryDocument(
    string Id, string Tenant, string Webhook, string Kind, string Body, DeliveryState State, int Run,
    IReadOnlyList<DeliveryAttempt> Attempts, long At, int Ttl = DeliveryDocument.KeptSeconds)
{
    public const string DocumentType = "delivery";
    public const string Prefix = "DELIVERY";

    private const int KeptSeconds = 30 * 24 * 3600;

    public string Type { get; init; } = DocumentType;

    public Delivery View() => new(
        Id, Webhook, Kind, State, Attempts, JsonSerializer.Deserialize<JsonElement>(Body, Json.Options), At.ToInstant());
}
