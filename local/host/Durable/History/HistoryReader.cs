using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>Reads what <see cref="HistoryCodec"/> wrote.</summary>
static class HistoryReader
{
    public static List<HistoryEvent> ReadAll(ReadOnlySpan<byte> bytes, List<HistoryEvent>? into = null)
    {
        into ??= [];
        ByteReader from = new(bytes);
        while (!from.AtEnd)
        {
            into.Add(Read(ref from));
        }

        return into;
    }

    public static HistoryEvent Read(ref ByteReader from)
    {
        EventType type = (EventType)from.Byte();
        int id = from.Int32();
        DateTime time = from.Time();
        HistoryEvent read = type switch
        {
            EventType.OrchestratorStarted => new OrchestratorStartedEvent(id),
            EventType.OrchestratorCompleted => new OrchestratorCompletedEvent(id),
            EventType.TaskCompleted => new TaskCompletedEvent(id, from.Int32(), from.Text()),
            EventType.SubOrchestrationInstanceCompleted =>
                new SubOrchestrationInstanceCompletedEvent(id, from.Int32(), from.Text()),
            EventType.TaskFailed => ReadFailed(id, from.Int32(), ReadFailure(ref from)),
            EventType.SubOrchestrationInstanceFailed => ReadChildFailed(id, from.Int32(), ReadFailure(ref from)),
            EventType.TimerCreated => new TimerCreatedEvent(id, from.Time()),
            EventType.TimerFired => ReadTimerFired(id, from.Int32(), from.Time()),
            EventType.ExecutionTerminated => new ExecutionTerminatedEvent(id, from.Text()),
            EventType.ExecutionSuspended => new ExecutionSuspendedEvent(id, from.Text()),
            EventType.ExecutionResumed => new ExecutionResumedEvent(id, from.Text()),
            EventType.ExecutionRewound => new ExecutionRewoundEvent(id, from.Text()),
            _ => ReadRest(type, id, ref from),
        };
        read.Timestamp = time;
        return read;
    }

    static HistoryEvent ReadRest(EventType type, int id, ref ByteReader from)
    {
        switch (type)
        {
            case EventType.TaskScheduled:
                return new TaskScheduledEvent(id, from.Text()!, from.Text(), from.Text()) { Tags = from.Texts() };
            case EventType.SubOrchestrationInstanceCreated:
                return new SubOrchestrationInstanceCreatedEvent(id)
                {
                    Name = from.Text(),
                    Version = from.Text(),
                    Input = from.Text(),
                    Tags = from.Texts(),
                    InstanceId = from.Text(),
                };
            case EventType.ExecutionStarted:
                return ReadStarted(id, ref from);
            case EventType.ExecutionCompleted:
                OrchestrationStatus status = (OrchestrationStatus)from.Int32();
                return new ExecutionCompletedEvent(id, from.Text(), status, ReadFailure(ref from));
            case EventType.EventSent:
                return new EventSentEvent(id) { InstanceId = from.Text(), Name = from.Text(), Input = from.Text() };
            case EventType.EventRaised:
                string? name = from.Text();
                return new EventRaisedEvent(id, from.Text()) { Name = name };
            default:
                throw new InvalidDataException($"The store holds a history event of an unknown type ({(int)type}).");
        }
    }

    static TaskFailedEvent ReadFailed(int id, int task, FailureDetails? failure) =>
        new(id, task, failure?.ErrorMessage, null, failure);

    static SubOrchestrationInstanceFailedEvent ReadChildFailed(int id, int task, FailureDetails? failure) =>
        new(id, task, failure?.ErrorMessage, null, failure);

    static TimerFiredEvent ReadTimerFired(int id, int timer, DateTime fireAt) => new(id, fireAt) { TimerId = timer };

    static ExecutionStartedEvent ReadStarted(int id, ref ByteReader from)
    {
        string? name = from.Text(), version = from.Text(), input = from.Text();
        ExecutionStartedEvent started = new(id, input) { Name = name, Version = version, Tags = from.Texts() };
        started.OrchestrationInstance = new() { InstanceId = from.Text(), ExecutionId = from.Text() };
        DateTime startAt = from.Time();
        started.ScheduledStartTime = startAt == default ? null : startAt;
        if (from.Bool())
        {
            ParentInstance parent = new() { Name = from.Text(), Version = from.Text(), TaskScheduleId = from.Int32() };
            parent.OrchestrationInstance = new() { InstanceId = from.Text(), ExecutionId = from.Text() };
            started.ParentInstance = parent;
        }

        return started;
    }

    static FailureDetails? ReadFailure(ref ByteReader from)
    {
        if (!from.Bool())
        {
            return null;
        }

        string? type = from.Text(), message = from.Text(), stack = from.Text();
        bool final = from.Bool();
        return new(type!, message!, stack, ReadFailure(ref from), final);
    }
}
