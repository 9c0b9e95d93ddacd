using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// Makes a pass true: history and messages in one commit, and only when that is on disk activities, timers, other
/// instances and clients hear of it.
/// </summary>
sealed class PassCommit(EngineParts engine)
{
    [ThreadStatic]
    static ByteWriter? writer;

    public void Commit(
        Instance instance, List<StoredMessage> taken, List<HistoryEvent> news, PassResult result, DateTime now)
    {
        Effects effects = new(engine, instance, now);
        List<HistoryEvent> events = news;
        foreach (HistoryEvent action in result.Actions)
        {
            action.Timestamp = now;
            effects.Of(action);
            events.Add(action);
        }

        effects.Follow(taken);
        if (result.Completion is { Next: { } next })
        {
            StartOver(instance, taken, next, effects, now);
            return;
        }

        OrchestrationStatus status = result.Completion?.Status
            ?? (result.IsSuspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running);
        InstanceState state = instance.StateOf(status, now, result.CustomStatus);
        if (result.Completion is { } end)
        {
            state = state with { Output = end.Output, Failure = end.Failure };
            events.Add(new ExecutionCompletedEvent(-1, end.Output, status, end.Failure) { Timestamp = now });
            effects.Answer(end);
            instance.End();
        }

        events.Add(new OrchestratorCompletedEvent(-1) { Timestamp = now });
        instance.Record(events);
        effects.CancelTimers(result.CancelledTimers);
        Add(instance, taken, state, Encode(events), null, effects);
    }

    void StartOver(
        Instance instance, List<StoredMessage> taken, ContinueAsNewRequest next, Effects effects, DateTime now)
    {
        ExecutionStartedEvent old = instance.Started;
        List<StoredMessage> first =
        [
            new(engine.NextMessageId(), new ExecutionStartedEvent(-1, next.Input)
            {
                Name = old.Name,
                Version = next.Version,
                Tags = old.Tags,
                ParentInstance = old.ParentInstance,
                OrchestrationInstance = new() { InstanceId = instance.Id, ExecutionId = NewExecutionId() },
                Timestamp = now,
            }),
        ];
        first.AddRange(next.Carried.Select(carried => new StoredMessage(
            engine.NextMessageId(),
            new EventRaisedEvent(-1, carried.Payload) { Name = carried.Name, Timestamp = now })));
        effects.CancelTimers([.. instance.Timers.Keys]);
        instance.StartOver(first);
        InstanceState state = instance.StateOf(OrchestrationStatus.Running, now, null);
        Add(instance, taken, state, [], [.. first], effects);
    }

    public static string NewExecutionId() => Guid.NewGuid().ToString("N");

    void Add(
        Instance instance,
        List<StoredMessage> taken,
        InstanceState state,
        byte[] history,
        StoredMessage[]? startOver,
        Effects effects)
    {
        long[] consumed = [.. taken.Where(m => m.Id != 0).Select(m => m.Id)];
        PassChange pass = new(
            instance.Id, instance.Epoch, state.Status, state.Updated, state.CustomStatus, consumed, history)
        {
            StartOver = startOver,
        };
        engine.Commits.Add(new([pass, .. effects.Changes])
        {
            OnCommitted = () => effects.Happen(state),
        });
    }

    static byte[] Encode(List<HistoryEvent> events)
    {
        ByteWriter to = writer ??= new(4096);
        to.Clear();
        foreach (HistoryEvent e in events)
        {
            HistoryCodec.Write(to, e);
        }

        return to.ToArray();
    }
}
