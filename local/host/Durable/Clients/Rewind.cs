using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>A failed instance and the history from which it goes on.</summary>
sealed record Rewound(RewindChange Change, InstanceImage Image);

/// <summary>
/// Plans a rewind: forgets the calls that failed the instance, and what the orchestrator did only because they failed
/// (the wait after a last attempt, say). What it did in any case keeps its results; a replay tells which is which.
/// </summary>
sealed class Rewind(EngineParts engine, string reason)
{
    readonly List<Rewound> planned = [];

    public List<Rewound> Plan(string instanceId)
    {
        InstanceRow row = engine.FindLive(instanceId) is null
            ? engine.Store.Read(rows => rows.Find(instanceId)) ?? throw new ArgumentException(
                $"An orchestration with the instanceId {instanceId} was not found.")
            : throw NotFailed(instanceId);
        if (row.Status != OrchestrationStatus.Failed)
        {
            throw NotFailed(instanceId);
        }

        Add(row);
        return planned;
    }

    void Add(InstanceRow row)
    {
        List<HistoryEvent> history =
            [.. HistoryReader.ReadAll(row.History).Where(e => e is not ExecutionCompletedEvent)];
        HashSet<int> forgotten = Causes(history);
        List<HistoryEvent> kept = Without(history, forgotten, out int unasked);
        foreach (int other in FailedCalls(history).Except(forgotten).ToArray())
        {
            List<HistoryEvent> less = Without(history, [.. forgotten, other], out int dropped);
            if (dropped <= unasked)
            {
                forgotten.Add(other);
                kept = less;
            }
        }

        foreach (SubOrchestrationInstanceCreatedEvent child in
            kept.OfType<SubOrchestrationInstanceCreatedEvent>().Where(c => forgotten.Contains(c.EventId)))
        {
            Add(engine.Store.Read(rows => rows.Find(child.InstanceId!))!);
        }

        StoredMessage trigger = new(
            engine.NextMessageId(), new ExecutionRewoundEvent(-1, reason) { Timestamp = engine.Now });
        ByteWriter bytes = new();
        kept.ForEach(e => HistoryCodec.Write(bytes, e));
        RewindChange change = new(row.Id, bytes.ToArray(), trigger);
        planned.Add(new(change, InstanceImage.Rewound(change)));
    }

    /// <summary>
    /// The calls whose failure the orchestrator ended with; where it threw something else, the last to fail.
    /// </summary>
    HashSet<int> Causes(List<HistoryEvent> history)
    {
        int[] failed = [.. FailedCalls(history)];
        HashSet<int> causes = [];
        for (Exception? e = Replayed(history, out _); e is not null; e = e.InnerException)
        {
            if (e is TaskFailedException task && failed.Contains(task.TaskId))
            {
                causes.Add(task.TaskId);
            }
        }

        return causes.Count > 0 || failed.Length == 0 ? causes : [failed[^1]];
    }

    static IEnumerable<int> FailedCalls(IEnumerable<HistoryEvent> history) => history
        .Where(e => e is TaskFailedEvent or SubOrchestrationInstanceFailedEvent)
        .Select(e => OpenCalls.Outcome(e)!.Value);

    /// <summary>History without these calls, and without calls that the replay makes no more.</summary>
    List<HistoryEvent> Without(List<HistoryEvent> history, HashSet<int> forgotten, out int unasked)
    {
        List<HistoryEvent> kept = [.. history.Where(e => !IsForgotten(e, forgotten))];
        unasked = 0;
        while (true)
        {
            Replayed(kept, out NonDeterministicOrchestrationException? divergence);
            int before = kept.Count;
            if (divergence is not null)
            {
                kept.RemoveAll(e => IsCall(e, divergence.EventId) || OpenCalls.Outcome(e) == divergence.EventId);
            }

            if (kept.Count == before)
            {
                return kept;
            }

            unasked += before - kept.Count;
        }
    }

    bool IsForgotten(HistoryEvent e, HashSet<int> forgotten) => e switch
    {
        TaskScheduledEvent call => forgotten.Contains(call.EventId),
        TaskFailedEvent failed => forgotten.Contains(failed.TaskScheduledId),
        SubOrchestrationInstanceFailedEvent failed => forgotten.Contains(failed.TaskScheduledId),
        SubOrchestrationInstanceCreatedEvent child =>
            forgotten.Contains(child.EventId) && !CanRewind(child.InstanceId!),
        _ => false,
    };

    /// <summary>
    /// A sub-orchestration that failed goes on itself; one that is gone or ended otherwise is started again.
    /// </summary>
    bool CanRewind(string id) => engine.FindLive(id) is null
        && engine.Store.Read(rows => rows.Find(id)) is { Status: OrchestrationStatus.Failed };

    static bool IsCall(HistoryEvent e, int id) => e.EventId == id
        && e is (TaskScheduledEvent or TimerCreatedEvent or SubOrchestrationInstanceCreatedEvent or EventSentEvent);

    /// <summary>How the orchestrator ends over this history; null while it goes on, or where it diverges.</summary>
    Exception? Replayed(List<HistoryEvent> history, out NonDeterministicOrchestrationException? divergence)
    {
        ExecutionStartedEvent started = history.OfType<ExecutionStartedEvent>().First();
        divergence = null;
        if (engine.FindOrchestrator(started.Name!) is not { } orchestrator)
        {
            return null;
        }

        Execution replay = new(started, orchestrator, engine.Settings);
        try
        {
            replay.Replay([.. history, new ExecutionRewoundEvent(-1, reason)]);
        }
        catch (NonDeterministicOrchestrationException e)
        {
            divergence = e;
        }

        replay.Discard();
        return replay.Thrown;
    }

    static InvalidOperationException NotFailed(string id) =>
        new($"The orchestration '{id}' cannot be rewound: only failed orchestrations can.");
}
