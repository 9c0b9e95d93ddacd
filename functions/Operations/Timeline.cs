using System.Text.Json.Nodes;
using DurableTask.Core.History;

namespace FinVault.Operations;

/// <summary>
/// Turns an orchestration's history into its steps. Pure.
/// <para>
/// History does not say which calls are attempts of one step: a retry is a call of its own. A call counts as a further
/// attempt of the newest step before it that is of the same kind, name and input and whose last attempt has failed by
/// then. So a step that the orchestrator makes again by itself after a failure is shown as an attempt, too.
/// </para>
/// <para>
/// Convention: an activity or sub-orchestration whose name begins with <c>Undo</c> takes back what another one did; it
/// is marked as a compensation.
/// </para>
/// </summary>
internal static class Timeline
{
    private const string CompensationPrefix = "Undo";

    /// <param name="history">Oldest first.</param>
    public static List<TimelineStep> Of(IEnumerable<HistoryEvent> history)
    {
        List<OpenStep> steps = [];
        Dictionary<int, OpenStep> calls = [];
        foreach (HistoryEvent happened in history)
        {
            switch (happened)
            {
                case TaskScheduledEvent or SubOrchestrationInstanceCreatedEvent or TimerCreatedEvent:
                    calls[happened.EventId] = Begin(steps, happened);
                    break;
                case TimerFiredEvent fired when calls.TryGetValue(fired.TimerId, out OpenStep? timer):
                    timer.End(fired.TimerId, fired.Timestamp, null, null);
                    break;
                case TaskCompletedEvent done when calls.TryGetValue(done.TaskScheduledId, out OpenStep? call):
                    call.End(done.TaskScheduledId, done.Timestamp, done.Result, null);
                    break;
                case SubOrchestrationInstanceCompletedEvent done
                    when calls.TryGetValue(done.TaskScheduledId, out OpenStep? call):
                    call.End(done.TaskScheduledId, done.Timestamp, done.Result, null);
                    break;
                case TaskFailedEvent failed when calls.TryGetValue(failed.TaskScheduledId, out OpenStep? call):
                    call.End(failed.TaskScheduledId, failed.Timestamp, null, Failure(failed));
                    break;
                case SubOrchestrationInstanceFailedEvent failed
                    when calls.TryGetValue(failed.TaskScheduledId, out OpenStep? call):
                    call.End(failed.TaskScheduledId, failed.Timestamp, null, Failure(failed));
                    break;
                default:
                    steps.AddRange(At(happened));
                    break;
            }
        }

        return [.. steps.Select(step => step.ToStep())];
    }

    private static OpenStep Begin(List<OpenStep> steps, HistoryEvent call)
    {
        OpenStep begun = call switch
        {
            TaskScheduledEvent task => new(StepKind.Activity, task.Name, task.Input),
            SubOrchestrationInstanceCreatedEvent child => new(StepKind.SubOrchestration, child.Name, child.Input),
            TimerCreatedEvent timer => new(StepKind.Timer, null, null) { FireAt = timer.FireAt },
            _ => throw new ArgumentOutOfRangeException(nameof(call), call.EventType, null),
        };
        OpenStep? retried = begun.Kind == StepKind.Timer ? null : steps.FindLast(step => step.IsRetriedBy(begun));
        if (retried is null)
        {
            steps.Add(begun);
        }

        begun = retried ?? begun;
        begun.Begin(call.EventId, call.Timestamp, (call as SubOrchestrationInstanceCreatedEvent)?.InstanceId);
        return begun;
    }

    /// <summary>Steps that begin and end at once; nothing for those that only say that the engine worked.</summary>
    private static IEnumerable<OpenStep> At(HistoryEvent happened)
    {
        OpenStep? step = happened switch
        {
            ExecutionStartedEvent started => new(StepKind.Started, started.Name, started.Input),
            EventRaisedEvent raised => new(StepKind.EventReceived, raised.Name, raised.Input),
            EventSentEvent sent => new(StepKind.EventSent, sent.Name, sent.Input),
            ExecutionSuspendedEvent suspended => new(StepKind.Suspended, null, null) { Reason = suspended.Reason },
            ExecutionResumedEvent resumed => new(StepKind.Resumed, null, null) { Reason = resumed.Reason },
            ExecutionRewoundEvent rewound => new(StepKind.Retried, null, null) { Reason = rewound.Reason },
            ExecutionTerminatedEvent end => new(StepKind.Terminated, null, end.Input),
            ExecutionCompletedEvent => new(StepKind.Ended, null, null),
            _ => null,
        };
        if (step is null)
        {
            yield break;
        }

        ExecutionCompletedEvent? ended = happened as ExecutionCompletedEvent;
        step.Begin(happened.EventId, happened.Timestamp, (happened as EventSentEvent)?.InstanceId);
        step.End(happened.EventId, happened.Timestamp, ended?.Result, StepFailure.Of(ended?.FailureDetails));
        yield return step;
    }

    // A backend that keeps no details keeps a reason.
    private static StepFailure Failure(TaskFailedEvent failed) =>
        StepFailure.Of(failed.FailureDetails) ?? new("", failed.Reason ?? "", failed.Details, null);

    private static StepFailure Failure(SubOrchestrationInstanceFailedEvent failed) =>
        StepFailure.Of(failed.FailureDetails) ?? new("", failed.Reason ?? "", failed.Details, null);

    /// <summary>A step while its history is read.</summary>
    private sealed class OpenStep(StepKind kind, string? name, string? input)
    {
        private readonly List<(int Id, StepAttempt Attempt)> _attempts = [];
        private string? _output;

        public StepKind Kind => kind;

        public DateTime? FireAt { get; init; }

        public string? Reason { get; init; }

        private string? Name => name;

        private string? Input => input;

        public bool IsRetriedBy(OpenStep call) => (call.Kind, call.Name, call.Input) == (Kind, Name, Input)
            && _attempts[^1].Attempt.Status == StepStatus.Failed;

        public void Begin(int id, DateTime at, string? instanceId) => _attempts.Add((id, new(
            _attempts.Count + 1, StepStatus.Open, Instant(at), null, instanceId, null)));

        public void End(int id, DateTime at, string? output, StepFailure? failure)
        {
            int index = _attempts.FindIndex(attempt => attempt.Id == id);
            StepStatus status = failure is null ? StepStatus.Completed : StepStatus.Failed;
            StepAttempt ended = _attempts[index].Attempt with
            {
                Status = status, EndedAt = Instant(at), Failure = failure,
            };
            _attempts[index] = (id, ended);
            _output = output;
        }

        public TimelineStep ToStep()
        {
            bool compensates = Kind is StepKind.Activity or StepKind.SubOrchestration
                && Name?.StartsWith(CompensationPrefix, StringComparison.Ordinal) == true;
            StepAttempt last = _attempts[^1].Attempt;
            JsonNode? given = Payload.Read(Input);
            return new(
                Kind, Name, last.Status, compensates, _attempts[0].Attempt.StartedAt, last.EndedAt,
                FireAt is { } at ? Instant(at) : null, Reason, given, Payload.Read(_output),
                [.. _attempts.Select(attempt => attempt.Attempt)], []);
        }

        private static DateTimeOffset Instant(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));
    }
}
