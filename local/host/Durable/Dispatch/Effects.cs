using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>What a pass does beyond its own instance: collected while it is encoded, done once it is on disk.</summary>
sealed class Effects(EngineParts engine, Instance instance, DateTime now)
{
    readonly List<ActivityWork> activities = [];
    readonly List<DueTimer> timers = [];
    readonly List<Instance> children = [];
    readonly List<MessageChange> messages = [];

    /// <summary>What must be stored with the pass.</summary>
    public IEnumerable<StoreChange> Changes => messages;

    public void Of(HistoryEvent action)
    {
        switch (action)
        {
            case TaskScheduledEvent call:
                activities.Add(new(instance, instance.ExecutionId, call));
                break;
            case TimerCreatedEvent timer:
                DueTimer due = new(instance, timer.EventId, timer.FireAt);
                instance.Timers.Add(timer.EventId, due);
                timers.Add(due);
                break;
            case SubOrchestrationInstanceCreatedEvent child:
                Start(child);
                break;
            case EventSentEvent sent:
                Send(sent.InstanceId!, new EventRaisedEvent(-1, sent.Input) { Name = sent.Name });
                break;
            default:
                throw new NotSupportedException($"An orchestrator cannot ask for {action.GetType().Name}.");
        }
    }

    /// <summary>Timers that fired are done with; a recursive termination goes on to open sub-orchestrations.</summary>
    public void Follow(List<StoredMessage> taken)
    {
        foreach (StoredMessage message in taken)
        {
            if (message.Event is TimerFiredEvent fired)
            {
                instance.Timers.Remove(fired.TimerId);
            }
            else if (message is { Recursive: true, Event: ExecutionTerminatedEvent end })
            {
                foreach (SubOrchestrationInstanceCreatedEvent child in OpenCalls.Children(instance.History))
                {
                    Send(child.InstanceId!, new ExecutionTerminatedEvent(-1, end.Input), recursive: true);
                }
            }
        }
    }

    public void CancelTimers(IReadOnlyList<int>? ids)
    {
        foreach (int id in ids ?? [])
        {
            if (instance.Timers.Remove(id, out DueTimer? timer))
            {
                engine.Timers.Cancel(timer);
            }
        }
    }

    /// <summary>Tells the parent how its sub-orchestration ended.</summary>
    public void Answer(Completion end)
    {
        CancelTimers([.. instance.Timers.Keys]);
        if (instance.Started.ParentInstance is not { } parent)
        {
            return;
        }

        HistoryEvent answer = end.Status == OrchestrationStatus.Completed
            ? new SubOrchestrationInstanceCompletedEvent(-1, parent.TaskScheduleId, end.Output)
            : new SubOrchestrationInstanceFailedEvent(
                -1, parent.TaskScheduleId, end.Output, null, end.Failure ?? Terminated(end.Output));
        Send(parent.OrchestrationInstance.InstanceId, answer, parent.OrchestrationInstance.ExecutionId);
    }

    /// <summary>On the committing thread, once the pass is on disk.</summary>
    public void Happen(InstanceState state)
    {
        bool hasStarted = instance.Committed.Status == OrchestrationStatus.Pending;
        instance.Committed = state;
        if (state.HasEnded)
        {
            engine.Live.TryRemove(new(instance.Id, instance));
        }

        activities.ForEach(engine.Activities.Add);
        foreach (DueTimer timer in timers)
        {
            if (!timer.IsCancelled)
            {
                engine.Timers.Add(timer);
            }
        }

        foreach (Instance child in children)
        {
            child.IsStored = true;
            engine.Activate(child);
        }

        foreach (MessageChange message in messages)
        {
            if (message.Message.Event is not ExecutionStartedEvent)
            {
                engine.Post(message.InstanceId, message.Message);
            }
        }

        if (hasStarted)
        {
            engine.Watch.Reached(state, Milestone.Started);
        }

        if (state.HasEnded)
        {
            engine.Watch.Reached(state, Milestone.Ended);
        }
    }

    void Start(SubOrchestrationInstanceCreatedEvent child)
    {
        StoredMessage start = new(engine.NextMessageId(), new ExecutionStartedEvent(-1, child.Input)
        {
            Name = child.Name,
            Version = child.Version,
            Tags = child.Tags,
            Timestamp = now,
            OrchestrationInstance = new()
            {
                InstanceId = child.InstanceId, ExecutionId = PassCommit.NewExecutionId(),
            },
            ParentInstance = new()
            {
                Name = instance.Started.Name,
                Version = instance.Started.Version,
                TaskScheduleId = child.EventId,
                OrchestrationInstance = new() { InstanceId = instance.Id, ExecutionId = instance.ExecutionId },
            },
        });
        Instance run = new(start);
        if (engine.Live.TryAdd(child.InstanceId!, run))
        {
            children.Add(run);
            messages.Add(new(child.InstanceId!, start));
        }
        else
        {
            FailureDetails taken = new(
                "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
                $"An orchestration with id '{child.InstanceId}' already exists. It has not ended.", null, null, true);
            Send(
                instance.Id,
                new SubOrchestrationInstanceFailedEvent(-1, child.EventId, taken.ErrorMessage, null, taken),
                instance.ExecutionId);
        }
    }

    void Send(string target, HistoryEvent e, string? executionId = null, bool recursive = false)
    {
        e.Timestamp = now;
        messages.Add(new(target, new(engine.NextMessageId(), e, executionId, recursive)));
    }

    static FailureDetails Terminated(string? output) =>
        new("SubOrchestrationTerminated", "The sub-orchestration was terminated: " + output, null, null, false);
}
