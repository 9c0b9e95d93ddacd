using System.Text.Json;
using System.Text.Json.Serialization;
using FinVault.Audit;

namespace FinVault.Platform.Outbox;

/// <summary>
/// What must be told after a change is committed. It is created in the transactional batch of the change, so it stands
/// in the writer's own container and partition: nothing is announced that did not happen, and nothing that happened
/// stays unannounced.
/// </summary>
/// <param name="Id"><c>MESSAGE_&lt;ULID&gt;</c>, or an id of the writer's, so that a repeated change makes no second message.</param>
/// <param name="Kind">What happened, e.g. <c>giveaway.winner</c>.</param>
/// <param name="Payload">What there is to know about it; a JSON object.</param>
/// <param name="CorrelationId">Of the request that began it all.</param>
/// <param name="At">When it happened.</param>
/// <param name="Giveaway">The partition, in the container <c>giveaways</c>.</param>
/// <param name="Tenant">The partition, in the container <c>escrow</c>.</param>
/// <param name="User">The partition, in the container <c>identity</c>.</param>
/// <param name="DeliveredAt">When every handler had taken it.</param>
/// <param name="Failure">Why it was given up, for operators; null while it is not.</param>
/// <param name="Ttl">Seconds that it is kept.</param>
[NotAudited("It tells of a change, and is none.")]
public sealed record OutboxMessage(
    string Id,
    string Kind,
    JsonElement Payload,
    string CorrelationId,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Giveaway = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tenant = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? User = null,
    DateTimeOffset? DeliveredAt = null,
    string? Failure = null,
    int Ttl = OutboxMessage.TimeToLiveSeconds)
{
    public const string DocumentType = "outbox";

    /// <summary>The tenant that it is about, where the partition does not say so; null where nobody need know.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    /// <summary>Who began it, as <see cref="Acting.By"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    private const int TimeToLiveSeconds = 7 * 24 * 3600;

    public string Type { get; init; } = DocumentType;

    /// <summary>The partition that it stands in.</summary>
    [JsonIgnore]
    public string Partition => Giveaway ?? Tenant ?? User
        ?? throw new InvalidOperationException($"Message {Id} stands in no partition.");

    /// <summary>A message of a giveaway's partition.</summary>
    /// <param name="id">The writer's own, where a repeated change must not make a second one; else a new one.</param>
    public static OutboxMessage OfGiveaway(
        string giveaway, string kind, object payload, TimeProvider time, string? id = null) =>
        New(kind, payload, time, id) with { Giveaway = giveaway };

    /// <summary>A message of a tenant's partition of the container <c>escrow</c>.</summary>
    /// <inheritdoc cref="OfGiveaway"/>
    public static OutboxMessage OfTenant(
        string tenant, string kind, object payload, TimeProvider time, string? id = null) =>
        New(kind, payload, time, id) with { Tenant = tenant };

    /// <summary>A message of a user's partition of the container <c>identity</c>.</summary>
    /// <inheritdoc cref="OfGiveaway"/>
    public static OutboxMessage OfUser(string user, string kind, object payload, TimeProvider time, string? id = null) =>
        New(kind, payload, time, id) with { User = user };

    private static OutboxMessage New(string kind, object payload, TimeProvider time, string? id)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new(
            id ?? Ids.New("MESSAGE", time), kind, JsonSerializer.SerializeToElement(payload, Json.Options),
            Correlation.Current, time.GetUtcNow())
        {
            By = Acting.Current.By,
        };
    }
}
