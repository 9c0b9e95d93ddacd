using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// A step of an instance as the extension tells it: a call together with its outcome, at the time of the outcome.
/// </summary>
sealed record HistoryStep(
    string EventType,
    DateTime Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FunctionName = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? ScheduledTime = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Input = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Result = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? FireAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OrchestrationStatus = null)
{
    /// <param name="history">Oldest first.</param>
    /// <param name="withData">Inputs and results, too.</param>
    public static List<HistoryStep> Of(IList<HistoryEvent> history, bool withData)
    {
        Dictionary<int, HistoryEvent> calls = history.Where(IsCall).ToDictionary(e => e.EventId);
        HashSet<int> told = [.. history.Select(OpenCalls.Outcome).OfType<int>()];
        return
        [
            .. history.Where(e => e is not (OrchestratorStartedEvent or OrchestratorCompletedEvent)
                    && !(IsCall(e) && told.Contains(e.EventId)))
                .Select(e => Of(e, OpenCalls.Outcome(e) is { } id ? calls.GetValueOrDefault(id) : null, withData)),
        ];
    }

    static bool IsCall(HistoryEvent e) =>
        e is TaskScheduledEvent or TimerCreatedEvent or SubOrchestrationInstanceCreatedEvent;

    static HistoryStep Of(HistoryEvent e, HistoryEvent? call, bool withData)
    {
        HistoryStep step = new(e.EventType.ToString(), e.Timestamp, NameOf(call ?? e), call?.Timestamp);
        JsonNode? Data(string? json) => withData ? StatusPayload.Json(json) : null;
        return e switch
        {
            ExecutionStartedEvent started => step with { Input = Data(started.Input) },
            TaskScheduledEvent task => step with { Input = Data(task.Input) },
            TaskCompletedEvent done => step with { Result = Data(done.Result) },
            SubOrchestrationInstanceCompletedEvent done => step with { Result = Data(done.Result) },
            TaskFailedEvent failed => step with { Reason = failed.FailureDetails?.ToString() },
            SubOrchestrationInstanceFailedEvent failed => step with { Reason = failed.FailureDetails?.ToString() },
            TimerCreatedEvent timer => step with { FireAt = timer.FireAt },
            TimerFiredEvent timer => step with { FireAt = timer.FireAt },
            EventRaisedEvent raised => step with { Input = Data(raised.Input) },
            ExecutionTerminatedEvent end => step with { Reason = end.Input },
            ExecutionSuspendedEvent suspended => step with { Reason = suspended.Reason },
            ExecutionResumedEvent resumed => step with { Reason = resumed.Reason },
            ExecutionRewoundEvent rewound => step with { Reason = rewound.Reason },
            ExecutionCompletedEvent end => step with
            {
                OrchestrationStatus = end.OrchestrationStatus.ToString(),
                Result = Data(end.Result),
                Reason = end.FailureDetails?.ToString(),
            },
            _ => step,
        };
    }

    static string? NameOf(HistoryEvent e) => e switch
    {
        ExecutionStartedEvent started => started.Name,
        TaskScheduledEvent task => task.Name,
        SubOrchestrationInstanceCreatedEvent child => child.Name,
        EventRaisedEvent raised => raised.Name,
        EventSentEvent sent => sent.Name,
        _ => null,
    };
}
