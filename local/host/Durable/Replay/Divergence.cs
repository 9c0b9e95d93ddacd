using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>The words for a replay that differs from history: which orchestrator, which step, and both sides.</summary>
static class Divergence
{
    /// <summary>History has a call under this number that the replay made differently, or not at all.</summary>
    public static NonDeterministicOrchestrationException At(
        ExecutionStartedEvent of, HistoryEvent recorded, HistoryEvent? replayed) => new(
        recorded.EventId,
        $"{Who(of)} diverged at step {recorded.EventId}. A previous execution scheduled {Tell(recorded)} with sequence "
            + $"number {recorded.EventId}, but the current replay "
            + (replayed is null
                ? "hasn't (yet?) scheduled it."
                : $"instead scheduled {Tell(replayed)} with this number.")
            + Question);

    /// <summary>The replay made a call that history does not have, in a pass that history has whole.</summary>
    public static NonDeterministicOrchestrationException Extra(ExecutionStartedEvent of, HistoryEvent replayed) => new(
        replayed.EventId,
        $"{Who(of)} diverged at step {replayed.EventId}. The current replay scheduled {Tell(replayed)} with sequence "
            + $"number {replayed.EventId}, but a previous execution scheduled nothing at this point." + Question);

    /// <summary>Null where both are the same call. Inputs are not compared: they may hold times and the like.</summary>
    public static bool Same(HistoryEvent recorded, HistoryEvent replayed) => (recorded, replayed) switch
    {
        (TaskScheduledEvent a, TaskScheduledEvent b) => SameName(a.Name, b.Name),
        (SubOrchestrationInstanceCreatedEvent a, SubOrchestrationInstanceCreatedEvent b) => SameName(a.Name, b.Name),
        (EventSentEvent a, EventSentEvent b) => SameName(a.Name, b.Name),
        (TimerCreatedEvent, TimerCreatedEvent) => true,
        _ => false,
    };

    const string Question =
        " Was a change made to the orchestrator code after this instance had already started running?";

    static bool SameName(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    static string Who(ExecutionStartedEvent of) =>
        $"Orchestrator '{of.Name}' (instance '{of.OrchestrationInstance!.InstanceId}')";

    static string Tell(HistoryEvent call) => call switch
    {
        TaskScheduledEvent task => $"an activity task named '{task.Name}'",
        SubOrchestrationInstanceCreatedEvent child =>
            $"a sub-orchestration task named '{child.Name}' (instance '{child.InstanceId}')",
        EventSentEvent sent => $"an event '{sent.Name}' to instance '{sent.InstanceId}'",
        TimerCreatedEvent timer => $"a timer until {timer.FireAt:O}",
        _ => call.EventType.ToString(),
    };
}
