using System.Text.Json;
using System.Text.Json.Serialization;
using FinVault.Audit;

namespace FinVault.Platform.Jobs;

/// <summary>Where a job stands (JOB-02).</summary>
public enum JobState
{
    /// <summary>Written, and not begun; or to be tried again by an operator.</summary>
    Waiting,

    /// <summary>Begun; also between two tries.</summary>
    Active,

    Completed,
    Failed,
}

/// <summary>
/// The kinds of jobs. Six are fixed (JOB-01); a slice adds one by registering an <see cref="IJobHandler"/> for it. Not each
/// kind is worked by a job of this folder: what has a better way keeps it, and is counted beside the others
/// (<see cref="IQueueSource"/>).
/// <list type="table">
/// <item><term>EMAIL</term><description>A job for each mail.</description></item>
/// <item><term>NOTIFICATIONS</term><description>A job for each message by Telegram or web push, and for reminders.
/// </description></item>
/// <item><term>SOCIAL_VERIFICATION</term><description>A completion of a task is its own job: it has the same states, and an
/// orchestration of its own that asks until the network has said (<c>functions/Giveaways/Tasks</c>).</description></item>
/// <item><term>EVENT_PROCESSING</term><description>The outbox: a message in the batch of what it tells, told at least once
/// by the change feed (<c>functions/Platform/Outbox</c>).</description></item>
/// <item><term>WEBSOCKET</term><description>Sent at once, from outbox and tick intake: what a live connection missed is
/// read again by its client, so that it is of no use to queue it.</description></item>
/// <item><term>ANALYTICS</term><description>Counts and durations leave as telemetry (OpenTelemetry), buffered by its
/// exporter and off every request's path; what must be computed is a job of the slice that needs it.</description></item>
/// </list>
/// </summary>
public static class JobKinds
{
    public const string Email = "EMAIL";
    public const string SocialVerification = "SOCIAL_VERIFICATION";
    public const string Notifications = "NOTIFICATIONS";
    public const string Analytics = "ANALYTICS";
    public const string EventProcessing = "EVENT_PROCESSING";
    public const string WebSocket = "WEBSOCKET";

    public static IReadOnlyList<string> Fixed { get; } =
        [Email, SocialVerification, Notifications, Analytics, EventProcessing, WebSocket];
}

/// <summary>A job as it is stored, alone in its partition.</summary>
/// <param name="Id"><c>JOB_&lt;ULID&gt;</c>.</param>
/// <param name="Kind">Of <see cref="JobKinds"/>, or a slice's own.</param>
/// <param name="Owner">The user that may ask for it; empty for nobody but operators.</param>
/// <param name="Input">What its handler gets; a JSON object.</param>
/// <param name="CorrelationId">Of the request that wanted it, however much later it is done (OBS-01).</param>
/// <param name="CreatedAt">When it was wanted.</param>
/// <param name="NotBefore">When it may begin; null for at once.</param>
/// <param name="Run">0, and one more each time that an operator has it tried again.</param>
[NotAudited("It keeps its own life, and what it does is audited where it does it.")]
public sealed record Job(
    string Id, string Kind, string Owner, JsonElement Input, string CorrelationId, DateTimeOffset CreatedAt,
    DateTimeOffset? NotBefore, int Run)
{
    public const string Prefix = "JOB";
    public const string DocumentType = "job";

    /// <summary>Seconds that a job is kept from its last change; one that failed longer, for an operator.</summary>
    internal const int KeptSeconds = 30 * 24 * 3600;

    internal const int KeptCompletedSeconds = 7 * 24 * 3600;

    public string Type { get; init; } = DocumentType;

    public JobState State { get; init; } = JobState.Waiting;

    /// <summary>Tries of this run that were begun.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How far it is, where its kind tells; as it was last told once it has ended.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>What it made; null until it is completed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed, as a problem's code; the details are in the log under its correlation id.</summary>
    public string? Error { get; init; }

    public int Ttl { get; init; } = KeptSeconds;

    /// <summary>The orchestration of this run.</summary>
    [JsonIgnore]
    public string Instance => Run == 0 ? Id : string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Id}-{Run}");

    [JsonIgnore]
    public bool HasEnded => State is JobState.Completed or JobState.Failed;

    public JobView View(int? estimatedSeconds) => new(
        Id, Kind, State, HasEnded ? null : estimatedSeconds, Attempts, CreatedAt, StartedAt, EndedAt, Result, Error,
        HasEnded ? null : Progress);

    public JobRow Row() => new(
        Id, Kind, State, Owner, Attempts, Run, CreatedAt, NotBefore, StartedAt, EndedAt, Error, CorrelationId);
}

/// <summary>How far a job is.</summary>
/// <param name="Part">Of 1.</param>
/// <param name="Step">What is done now, in a word.</param>
public sealed record JobProgress(double Part, string Step);

/// <summary>A job as its owner sees it.</summary>
/// <param name="JobId"><c>JOB_&lt;ULID&gt;</c>.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Status">Ask again while it is waiting or active.</param>
/// <param name="EstimatedTime">Seconds that such a job usually takes; null once it has ended.</param>
/// <param name="Attempts">Tries that were begun.</param>
/// <param name="CreatedAt">When it was wanted.</param>
/// <param name="StartedAt">When the first try began.</param>
/// <param name="EndedAt">When it was completed or failed.</param>
/// <param name="Result">What it made; null unless it is completed.</param>
/// <param name="Error">A problem's code; null unless it failed.</param>
/// <param name="Progress">How far it is, where its kind tells; null once it has ended.</param>
public sealed record JobView(
    string JobId, string Kind, JobState Status, int? EstimatedTime, int Attempts, DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, JsonElement? Result, string? Error,
    JobProgress? Progress);

/// <summary>A job in an operator's list, without what it was given and made, which is its owner's.</summary>
/// <param name="JobId"><c>JOB_&lt;ULID&gt;</c>.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Owner">A user; empty for nobody.</param>
/// <param name="Attempts">Tries of this run.</param>
/// <param name="Run">How often an operator has had it tried again.</param>
/// <param name="CreatedAt">When it was wanted.</param>
/// <param name="NotBefore">When it may begin.</param>
/// <param name="StartedAt">When the first try began.</param>
/// <param name="EndedAt">When it was completed or failed.</param>
/// <param name="Error">A problem's code.</param>
/// <param name="CorrelationId">For the log.</param>
public sealed record JobRow(
    string JobId, string Kind, JobState Status, string Owner, int Attempts, int Run, DateTimeOffset CreatedAt,
    DateTimeOffset? NotBefore, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Error, string CorrelationId);
