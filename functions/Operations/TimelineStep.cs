using System.Text.Json.Nodes;
using FinVault.Escrow;

namespace FinVault.Operations;

/// <summary>What a step of an orchestration is.</summary>
public enum StepKind
{
    /// <summary>The orchestration began.</summary>
    Started,
    Activity,
    SubOrchestration,
    Timer,
    EventReceived,
    EventSent,

    /// <summary>An operator held it.</summary>
    Suspended,

    /// <summary>An operator let it go on.</summary>
    Resumed,

    /// <summary>An operator had it go on from a failed step.</summary>
    Retried,
    Terminated,

    /// <summary>The orchestration ended, well or not.</summary>
    Ended,
}

/// <summary>Where a step stands.</summary>
public enum StepStatus
{
    /// <summary>Begun, and no outcome known; of an orchestration that has ended, given up.</summary>
    Open,
    Completed,
    Failed,
}

/// <summary>One step of an orchestration. What ends at once has one attempt, of no length.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The activity, orchestrator or event.</param>
/// <param name="Status">That of its last attempt.</param>
/// <param name="Compensation">True if it takes back what another step did: its name begins with Undo.</param>
/// <param name="StartedAt">When it was first called.</param>
/// <param name="EndedAt">When its last attempt ended.</param>
/// <param name="FireAt">When a timer is due.</param>
/// <param name="Reason">An operator's.</param>
/// <param name="Input">What it was given; of an event, what the event carries.</param>
/// <param name="Output">What it gave.</param>
/// <param name="Attempts">Oldest first.</param>
/// <param name="Transfers">Ledger transfers that its input or output names.</param>
public sealed record TimelineStep(
    StepKind Kind, string? Name, StepStatus Status, bool Compensation, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, DateTimeOffset? FireAt, string? Reason, JsonNode? Input, JsonNode? Output,
    IReadOnlyList<StepAttempt> Attempts, IReadOnlyList<LinkedTransfer> Transfers);

/// <summary>One try at a step.</summary>
/// <param name="Number">1, 2, 3, …</param>
/// <param name="Status">What became of it.</param>
/// <param name="StartedAt">When it was called; it runs when a worker is free.</param>
/// <param name="EndedAt">When its outcome was known.</param>
/// <param name="InstanceId">The sub-orchestration; of a sent event, who it went to.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record StepAttempt(
    int Number, StepStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? InstanceId,
    StepFailure? Failure);

/// <summary>A ledger transfer that a step names, as it stands now.</summary>
/// <param name="Id">As the step names it.</param>
/// <param name="Transfer">Null where the ledger has none by that id: the step did not get so far.</param>
public sealed record LinkedTransfer(string Id, Transfer? Transfer);
