using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>Which calls of a history have no outcome yet: what a restart must take up again.</summary>
static class OpenCalls
{
    public static IEnumerable<TaskScheduledEvent> Activities(IReadOnlyCollection<HistoryEvent> history)
    {
        HashSet<int> done = [.. history.Select(Outcome).OfType<int>()];
        return history.OfType<TaskScheduledEvent>().Where(call => !done.Contains(call.EventId));
    }

    public static IEnumerable<TimerCreatedEvent> Timers(IReadOnlyCollection<HistoryEvent> history)
    {
        HashSet<int> done = [.. history.Select(Outcome).OfType<int>()];
        return history.OfType<TimerCreatedEvent>().Where(call => !done.Contains(call.EventId));
    }

    public static IEnumerable<SubOrchestrationInstanceCreatedEvent> Children(IReadOnlyCollection<HistoryEvent> history)
    {
        HashSet<int> done = [.. history.Select(Outcome).OfType<int>()];
        return history.OfType<SubOrchestrationInstanceCreatedEvent>().Where(call => !done.Contains(call.EventId));
    }

    /// <summary>The number of the call whose outcome the event tells; null for any other event.</summary>
    public static int? Outcome(HistoryEvent e) => e switch
    {
        TaskCompletedEvent done => done.TaskScheduledId,
        TaskFailedEvent failed => failed.TaskScheduledId,
        SubOrchestrationInstanceCompletedEvent done => done.TaskScheduledId,
        SubOrchestrationInstanceFailedEvent failed => failed.TaskScheduledId,
        TimerFiredEvent fired => fired.TimerId,
        _ => null,
    };
}
