namespace DurableTask.Core.History;

public class ExecutionStartedEvent : HistoryEvent
{
    public ExecutionStartedEvent(int eventId, string? input)
        : base(eventId) => Input = input;

    public override EventType EventType => EventType.ExecutionStarted;

    public OrchestrationInstance? OrchestrationInstance { get; set; }

    public ParentInstance? ParentInstance { get; set; }

    public string? Name { get; set; }

    public string? Version { get; set; }

    public string? Input { get; set; }

    public IDictionary<string, string>? Tags { get; set; }

    public DateTime? ScheduledStartTime { get; set; }
}

public class ExecutionCompletedEvent : HistoryEvent
{
    public ExecutionCompletedEvent(
        int eventId, string? result, OrchestrationStatus orchestrationStatus, FailureDetails? failureDetails = null)
        : base(eventId)
    {
        Result = result;
        OrchestrationStatus = orchestrationStatus;
        FailureDetails = failureDetails;
    }

    public override EventType EventType => EventType.ExecutionCompleted;

    public OrchestrationStatus OrchestrationStatus { get; private set; }

    public string? Result { get; private set; }

    public FailureDetails? FailureDetails { get; private set; }
}

public class ExecutionTerminatedEvent : HistoryEvent
{
    public ExecutionTerminatedEvent(int eventId, string? input)
        : base(eventId) => Input = input;

    public override EventType EventType => EventType.ExecutionTerminated;

    public string? Input { get; set; }
}

public class ExecutionSuspendedEvent : HistoryEvent
{
    public ExecutionSuspendedEvent(int eventId, string? reason)
        : base(eventId) => Reason = reason;

    public override EventType EventType => EventType.ExecutionSuspended;

    public string? Reason { get; set; }
}

public class ExecutionResumedEvent : HistoryEvent
{
    public ExecutionResumedEvent(int eventId, string? reason)
        : base(eventId) => Reason = reason;

    public override EventType EventType => EventType.ExecutionResumed;

    public string? Reason { get; set; }
}

public class ExecutionRewoundEvent : HistoryEvent
{
    public ExecutionRewoundEvent(int eventId, string? reason)
        : base(eventId) => Reason = reason;

    public override EventType EventType => EventType.ExecutionRewound;

    public string? Reason { get; set; }
}

/// <summary>A pass of the orchestrator begins; its time is the orchestrator's clock during that pass.</summary>
public class OrchestratorStartedEvent : HistoryEvent
{
    public OrchestratorStartedEvent(int eventId)
        : base(eventId)
    {
    }

    public override EventType EventType => EventType.OrchestratorStarted;
}

public class OrchestratorCompletedEvent : HistoryEvent
{
    public OrchestratorCompletedEvent(int eventId)
        : base(eventId)
    {
    }

    public override EventType EventType => EventType.OrchestratorCompleted;
}
