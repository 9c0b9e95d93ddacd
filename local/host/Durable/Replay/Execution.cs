using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>
/// Runs one execution of an orchestrator: first over its history, then over what is new. Kept between passes it goes
/// on where it stood (an extended session); made anew it rebuilds the orchestrator's state by replay.
/// </summary>
sealed partial class Execution
{
    readonly ExecutionStartedEvent started;
    readonly OrchestrationContext context;
    readonly OrchestratorThread thread;
    readonly DataConverter converter;
    readonly Func<TaskOrchestrationContext, Task<object?>> orchestrator;
    readonly Queue<HistoryEvent> whileSuspended = new();
    readonly List<HistoryEvent> heldActions = [];
    Task<string?>? result;
    ExecutionTerminatedEvent? terminated;
    bool rewound;

    public Execution(
        ExecutionStartedEvent started,
        Func<TaskOrchestrationContext, Task<object?>> orchestrator,
        OrchestrationSettings settings,
        Action<Execution>? onViolation = null)
    {
        this.started = started;
        this.orchestrator = orchestrator;
        converter = settings.Converter;
        thread = new() { OnViolation = onViolation is null ? null : () => onViolation(this) };
        context = new(started, thread, settings);
    }

    public bool IsSuspended { get; private set; }

    /// <summary>An await that is not durable came back after the last pass.</summary>
    public bool IsViolated => thread.Violated;

    /// <summary>The exception with which the orchestrator ended, if it did.</summary>
    public Exception? Thrown => result is { IsFaulted: true } ? result.Exception!.InnerException : null;

    /// <summary>Only the rebuilding of state: throws where history and code disagree.</summary>
    public void Replay(IReadOnlyCollection<HistoryEvent> past) => thread.Run(() =>
    {
        rewound = past.Any(IsRewind);
        context.Replaying = true;
        Process(past, recorded: true);
    });

    /// <summary>One pass over new events, after a replay or a previous pass.</summary>
    public PassResult Pass(IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> news)
    {
        Completion? completion = null;
        string? customStatus = null;
        thread.Run(() =>
        {
            try
            {
                rewound |= past.Any(IsRewind) || news.Any(IsRewind);
                context.Replaying = true;
                Process(past, recorded: true);
                context.Replaying = false;
                Process(news, recorded: false);
                completion = Completed();
                customStatus = context.SerializeCustomStatus();
            }
#pragma warning disable CA1031 // What the orchestrator cannot catch fails its instance: divergence, unreadable events.
            catch (Exception e)
#pragma warning restore CA1031
            {
                completion = Completion.Failed(e, dropActions: true);
            }
        });
        List<HistoryEvent> actions = completion is { DropActions: true } ? [] : context.Pending.TakeAll();
        return new(actions, completion, customStatus, IsSuspended, context.TakeCancelledTimers());
    }

    /// <summary>The execution will not be passed again.</summary>
    public void Discard()
    {
        context.OnDiscarded?.Invoke();
        context.OnDiscarded = null;
    }

    static bool IsRewind(HistoryEvent e) => e is ExecutionRewoundEvent;

    Completion? Completed()
    {
        if (terminated is not null)
        {
            return Completion.Terminated(terminated.Input);
        }

        if (thread.Violated || IsStuck)
        {
            throw new InvalidOperationException(OrchestratorThread.IllegalAwait);
        }

        if (!result!.IsCompleted || context.HasOpenCalls)
        {
            return null;
        }

        return !result.IsCompletedSuccessfully ? Completion.Failed(Thrown ?? new TaskCanceledException(result))
            : context.Next is { } next ? Completion.StartOver(next)
            : Completion.Succeeded(result.Result);
    }

    /// <summary>Nothing durable can wake the orchestrator any more: it awaits something that is not.</summary>
    bool IsStuck =>
        !result!.IsCompleted && !context.HasOpenCalls && !context.WaitsForEvents && whileSuspended.Count == 0;

    async Task<string?> Start()
    {
        object? output = await orchestrator(context);
        return converter.Serialize(output);
    }

    void Process(IEnumerable<HistoryEvent> events, bool recorded)
    {
        foreach (HistoryEvent e in events)
        {
            if (e is OrchestratorStartedEvent pass)
            {
                context.Now = pass.Timestamp;
            }
            else if (e is OrchestratorCompletedEvent)
            {
                RefuseExtraCalls();
            }
            else
            {
                Process(e);
            }

            e.IsPlayed = recorded;
        }
    }

    /// <summary>History has all calls of a finished pass; after a rewind, calls that failed are made again.</summary>
    void RefuseExtraCalls()
    {
        if (context.Pending.Count > 0 && !rewound)
        {
            throw Divergence.Extra(started, context.Pending.First);
        }
    }
}
