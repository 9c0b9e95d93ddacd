using System.Text.Json.Serialization;
using FinVault.Audit;
using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>
/// A giveaway, as it is stored in its own partition. Prizes, counters and people are documents beside it.
/// </summary>
/// <param name="Id"><c>EVENT_&lt;ULID&gt;</c>.</param>
/// <param name="Tenant">The host's; for everybody else's hosts it does not exist.</param>
/// <param name="Owner">The user that made it.</param>
/// <param name="Plan">What the host plans.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was made.</param>
[Audited("giveaway", Containers.Giveaways, Subject = "tenant")]
public sealed record Giveaway(
    string Id, string Tenant, string Owner, GiveawayPlan Plan, GiveawayState State,
    [property: JsonPropertyName("at")] DateTimeOffset CreatedAt)
{
    public const string Prefix = "EVENT";
    public const string DocumentType = "giveaway";

    public string Type { get; init; } = DocumentType;

    /// <summary>The partition.</summary>
    [JsonPropertyName("giveaway")]
    public string Partition => Id;

    /// <summary>Counts the changes, from 1; what an edit must name.</summary>
    public int Revision { get; init; } = 1;

    public DateTimeOffset ChangedAt { get; init; } = CreatedAt;

    /// <summary>The last try to put every prize into escrow.</summary>
    public Funding? Funding { get; init; }

    /// <summary>Since when the host holds it.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When it became past or cancelled.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When every prize was allocated or given back.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Until when winners may claim.</summary>
    public DateTimeOffset? ClaimBy { get; init; }

    /// <summary>How often prizes that nobody claimed went to runners-up.</summary>
    public int ClaimRounds { get; init; }

    /// <summary>When no prize was left to be claimed.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    public string? CancelReason { get; init; }

    /// <summary>What participants type or scan; from scheduling on.</summary>
    public string? JoinCode { get; init; }

    /// <summary>Rules and commitment, public from scheduling on.</summary>
    public DrawNotice? Draw { get; init; }

    /// <summary>Seconds of a bar of the dashboard's time series.</summary>
    public int BucketSeconds { get; init; } = 60;

    /// <summary>Its lifecycle has yet to look at the last change.</summary>
    [NotAudited("It is a mark for its own lifecycle.")]
    public bool Nudge { get; init; }

    /// <summary>Set by the store; what must match when it is written again.</summary>
    [JsonPropertyName("_etag"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ETag { get; init; }

    [JsonIgnore]
    public bool IsPaused => PausedAt is not null;

    [JsonIgnore]
    public bool IsFunding => Funding is { State: FundingState.Running };

    /// <summary>Whether everybody may see it.</summary>
    [JsonIgnore]
    public bool IsPublic => Draw is not null;

    /// <summary>Whether people may register.</summary>
    public bool TakesEntries(DateTimeOffset now) =>
        State is GiveawayState.Scheduled or GiveawayState.Active && !IsPaused && now < Plan.EndsAt;

    /// <summary>Whether an attempt counts.</summary>
    public bool TakesAttempts(DateTimeOffset now) =>
        Plan.Mode == DrawMode.SlotMachine && State == GiveawayState.Active && !IsPaused && now < Plan.EndsAt;

    /// <summary>Whole seconds to the end, rounded up; the clock that clients count by (GIV-18).</summary>
    public long RemainingTimeSeconds(DateTimeOffset now) =>
        State is GiveawayState.Draft or GiveawayState.Scheduled or GiveawayState.Active
            ? (long)Math.Ceiling(Math.Max(0, (Plan.EndsAt - now).TotalSeconds))
            : 0;

    /// <summary>Whole seconds to the start, rounded up; 0 once it has started.</summary>
    public long StartsInSeconds(DateTimeOffset now) => State is GiveawayState.Draft or GiveawayState.Scheduled
        ? (long)Math.Ceiling(Math.Max(0, (Plan.StartsAt - now).TotalSeconds))
        : 0;

    /// <summary>The bar of the time series that an instant falls into.</summary>
    public DateTimeOffset BucketOf(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(
        at.ToUnixTimeSeconds() / BucketSeconds * BucketSeconds);
}

/// <summary>How far a try to put every prize into escrow has come.</summary>
public enum FundingState
{
    Running,
    Done,

    /// <summary>Nothing of it is left: every escrow that it made was given back.</summary>
    Failed,
}

/// <summary>A try to put every prize into escrow.</summary>
/// <param name="Run">Counts the tries, from 1.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Failure">Why it failed: a code, then a sentence.</param>
/// <param name="Unreleased">Escrows that could not be given back and need an operator.</param>
public sealed record Funding(
    int Run, FundingState State, string? Failure = null, IReadOnlyList<string>? Unreleased = null);
