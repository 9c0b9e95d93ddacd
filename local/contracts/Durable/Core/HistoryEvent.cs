// The package is not annotated for nullability here.
#nullable disable

namespace DurableTask.Core
{
    public enum OrchestrationStatus
    {
        Running,
        Completed,
        ContinuedAsNew,
        Failed,
        Canceled,
        Terminated,
        Pending,
        Suspended,
    }

    public class OrchestrationInstance
    {
        public string InstanceId { get; set; }

        public string ExecutionId { get; set; }
    }

    public class ParentInstance
    {
        public string Name { get; set; }

        public OrchestrationInstance OrchestrationInstance { get; set; }

        public int TaskScheduleId { get; set; }

        public string Version { get; set; }
    }
}

namespace DurableTask.Core.History
{
    public enum EventType
    {
        ExecutionStarted,
        ExecutionCompleted,
        ExecutionFailed,
        ExecutionTerminated,
        TaskScheduled,
        TaskCompleted,
        TaskFailed,
        SubOrchestrationInstanceCreated,
        SubOrchestrationInstanceCompleted,
        SubOrchestrationInstanceFailed,
        TimerCreated,
        TimerFired,
        OrchestratorStarted,
        OrchestratorCompleted,
        EventSent,
        EventRaised,
        ContinueAsNew,
        GenericEvent,
        HistoryState,
        ExecutionSuspended,
        ExecutionResumed,
        ExecutionRewound,
    }

    /// <summary>One step of an instance's history.</summary>
    public abstract class HistoryEvent
    {
        protected HistoryEvent(int eventId) => EventId = eventId;

        /// <summary>The number of the call that the event records; -1 where it records none.</summary>
        public int EventId { get; internal set; }

        public bool IsPlayed { get; set; }

        public DateTime Timestamp { get; set; }

        public virtual EventType EventType { get; }
    }
}
