using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// History events as bytes: type, number of the call, time, then the type's own fields. Fields are only ever added at
/// the end of a type under a new type byte, so that an older file stays readable.
/// </summary>
static class HistoryCodec
{
    public static void Write(ByteWriter to, HistoryEvent e)
    {
        to.Byte((byte)e.EventType);
        to.Int(e.EventId);
        to.Time(e.Timestamp);
        switch (e)
        {
            case TaskCompletedEvent done:
                to.Int(done.TaskScheduledId);
                to.Text(done.Result);
                break;
            case SubOrchestrationInstanceCompletedEvent done:
                to.Int(done.TaskScheduledId);
                to.Text(done.Result);
                break;
            case TaskFailedEvent failed:
                to.Int(failed.TaskScheduledId);
                WriteFailure(to, failed.FailureDetails);
                break;
            case SubOrchestrationInstanceFailedEvent failed:
                to.Int(failed.TaskScheduledId);
                WriteFailure(to, failed.FailureDetails);
                break;
            case TimerCreatedEvent timer:
                to.Time(timer.FireAt);
                break;
            case TimerFiredEvent timer:
                to.Int(timer.TimerId);
                to.Time(timer.FireAt);
                break;
            default:
                WriteRest(to, e);
                break;
        }
    }

    static void WriteRest(ByteWriter to, HistoryEvent e)
    {
        switch (e)
        {
            case TaskScheduledEvent task:
                WriteCall(to, task.Name, task.Version, task.Input, task.Tags);
                break;
            case SubOrchestrationInstanceCreatedEvent created:
                WriteCall(to, created.Name, created.Version, created.Input, created.Tags);
                to.Text(created.InstanceId);
                break;
            case ExecutionStartedEvent started:
                WriteStarted(to, started);
                break;
            case ExecutionCompletedEvent completed:
                to.Int((int)completed.OrchestrationStatus);
                to.Text(completed.Result);
                WriteFailure(to, completed.FailureDetails);
                break;
            case EventSentEvent sent:
                to.Text(sent.InstanceId);
                to.Text(sent.Name);
                to.Text(sent.Input);
                break;
            case EventRaisedEvent raised:
                to.Text(raised.Name);
                to.Text(raised.Input);
                break;
            default:
                WriteReason(to, e);
                break;
        }
    }

    static void WriteReason(ByteWriter to, HistoryEvent e)
    {
        switch (e)
        {
            case ExecutionTerminatedEvent terminated:
                to.Text(terminated.Input);
                break;
            case ExecutionSuspendedEvent suspended:
                to.Text(suspended.Reason);
                break;
            case ExecutionResumedEvent resumed:
                to.Text(resumed.Reason);
                break;
            case ExecutionRewoundEvent rewound:
                to.Text(rewound.Reason);
                break;
            case OrchestratorStartedEvent or OrchestratorCompletedEvent:
                break;
            default:
                throw new NotSupportedException($"{e.GetType().Name} has no place in a history.");
        }
    }

    static void WriteCall(
        ByteWriter to, string? name, string? version, string? input, IDictionary<string, string>? tags)
    {
        to.Text(name);
        to.Text(version);
        to.Text(input);
        to.Texts(tags);
    }

    static void WriteStarted(ByteWriter to, ExecutionStartedEvent e)
    {
        WriteCall(to, e.Name, e.Version, e.Input, e.Tags);
        to.Text(e.OrchestrationInstance!.InstanceId);
        to.Text(e.OrchestrationInstance.ExecutionId);
        to.Time(e.ScheduledStartTime ?? default);
        to.Bool(e.ParentInstance is not null);
        if (e.ParentInstance is { } parent)
        {
            to.Text(parent.Name);
            to.Text(parent.Version);
            to.Int(parent.TaskScheduleId);
            to.Text(parent.OrchestrationInstance.InstanceId);
            to.Text(parent.OrchestrationInstance.ExecutionId);
        }
    }

    static void WriteFailure(ByteWriter to, FailureDetails? failure)
    {
        to.Bool(failure is not null);
        if (failure is not null)
        {
            to.Text(failure.ErrorType);
            to.Text(failure.ErrorMessage);
            to.Text(failure.StackTrace);
            to.Bool(failure.IsNonRetriable);
            WriteFailure(to, failure.InnerFailure);
        }
    }
}
