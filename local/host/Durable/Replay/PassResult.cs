using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>What a pass came to.</summary>
/// <param name="Actions">New calls, as the events that record them, in order.</param>
/// <param name="Completion">How the execution ended; null while it goes on.</param>
/// <param name="CustomStatus">As JSON; null for none.</param>
/// <param name="IsSuspended">The instance only collects events.</param>
/// <param name="CancelledTimers">Numbers of timers that need not fire.</param>
sealed record PassResult(
    IReadOnlyList<HistoryEvent> Actions,
    Completion? Completion,
    string? CustomStatus,
    bool IsSuspended,
    IReadOnlyList<int>? CancelledTimers);

/// <summary>How an execution ended.</summary>
sealed record Completion(
    OrchestrationStatus Status, string? Output, FailureDetails? Failure, ContinueAsNewRequest? Next, bool DropActions)
{
    public static Completion Succeeded(string? output) => new(OrchestrationStatus.Completed, output, null, null, false);

    public static Completion Terminated(string? output) =>
        new(OrchestrationStatus.Terminated, output, null, null, true);

    public static Completion StartOver(ContinueAsNewRequest next) =>
        new(OrchestrationStatus.ContinuedAsNew, null, null, next, false);

    public static Completion Failed(Exception e, bool dropActions = false) =>
        Failed(Failures.Of(e), dropActions);

    public static Completion Failed(FailureDetails failure, bool dropActions = false) =>
        new(OrchestrationStatus.Failed, null, failure, null, dropActions);
}
