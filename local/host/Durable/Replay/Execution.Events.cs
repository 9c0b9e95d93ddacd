using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>What each history event does to a running orchestrator.</summary>
sealed partial class Execution
{
    void Process(HistoryEvent e)
    {
        if (IsSuspended && e is not (ExecutionResumedEvent or ExecutionTerminatedEvent))
        {
            if (e is not ExecutionSuspendedEvent)
            {
                whileSuspended.Enqueue(e);
            }

            return;
        }

        switch (e)
        {
            case ExecutionStartedEvent:
                result = Start();
                break;
            case TaskScheduledEvent or TimerCreatedEvent or SubOrchestrationInstanceCreatedEvent or EventSentEvent:
                Match(e);
                break;
            case TaskCompletedEvent done:
                context.Close(done.TaskScheduledId)?.Complete(done.Result, converter);
                break;
            case SubOrchestrationInstanceCompletedEvent done:
                context.Close(done.TaskScheduledId)?.Complete(done.Result, converter);
                break;
            case TaskFailedEvent failed:
                Fail(failed.TaskScheduledId, failed.FailureDetails);
                break;
            case SubOrchestrationInstanceFailedEvent failed:
                Fail(failed.TaskScheduledId, failed.FailureDetails);
                break;
            case TimerFiredEvent fired:
                context.Close(fired.TimerId)?.Complete(null, converter);
                break;
            case EventRaisedEvent raised:
                context.Raise(raised);
                break;
            default:
                Control(e);
                break;
        }

        thread.Drain();
    }

    void Control(HistoryEvent e)
    {
        switch (e)
        {
            case ExecutionTerminatedEvent end:
                terminated ??= end;
                break;
            case ExecutionSuspendedEvent:
                // Calls that were made in this pass wait for the resume; history has them after it.
                IsSuspended = true;
                heldActions.AddRange(context.Pending.TakeAll());
                break;
            case ExecutionResumedEvent:
                Resume();
                break;
            default:
                break;
        }
    }

    void Resume()
    {
        IsSuspended = false;
        heldActions.ForEach(context.Pending.Add);
        heldActions.Clear();
        while (!IsSuspended && whileSuspended.TryDequeue(out HistoryEvent? held))
        {
            Process(held);
        }
    }

    void Fail(int id, FailureDetails? failure)
    {
        context.NoteFinal(id, failure);
        context.Close(id)?.Fail(id, failure);
    }

    void Match(HistoryEvent recorded)
    {
        HistoryEvent? replayed = context.Pending.Take(recorded.EventId);
        if (replayed is null || !Divergence.Same(recorded, replayed))
        {
            throw Divergence.At(started, recorded, replayed);
        }
    }
}
