using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>An activity to run for an execution of an instance.</summary>
sealed record ActivityWork(Instance Instance, string ExecutionId, TaskScheduledEvent Call);

/// <summary>
/// Runs activities and hands their outcomes to their instances. An outcome counts once the pass that took it is on
/// disk; a process that dies before runs the activity again.
/// </summary>
sealed class ActivityRunner(EngineParts engine)
{
    readonly ILogger logger = engine.Loggers.CreateLogger("Microsoft.DurableTask.Worker.Activities");

    public async ValueTask Run(ActivityWork work)
    {
        HistoryEvent? outcome = await Attempt(work, engine.Stopping);
        if (outcome is not null)
        {
            outcome.Timestamp = engine.Now;
            engine.Post(work.Instance, new(0, outcome, work.ExecutionId));
        }
    }

    /// <summary>Null where the engine stopped it: it has no outcome and will be run again.</summary>
    async Task<HistoryEvent?> Attempt(ActivityWork work, CancellationToken stopping)
    {
        TaskScheduledEvent call = work.Call;
        if (engine.FindActivity(call.Name!) is not { } activity)
        {
            return Failed(call, Failures.NotFound(Failures.ActivityNotFound, "activity", call.Name!));
        }

        try
        {
            DurableActivityInvocation invocation = new(
                activity.Name, work.Instance.Id, call.EventId, call.Version ?? "", call.Input,
                engine.Options.Converter);
            object? output = await activity.Run(invocation, stopping);
            return new TaskCompletedEvent(-1, call.EventId, engine.Options.Converter.Serialize(output));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever the application throws is the call's outcome.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogDebug(e, "Activity {Activity} of instance {InstanceId} failed", call.Name, work.Instance.Id);
            return Failed(call, Failures.Of(e));
        }
    }

    static TaskFailedEvent Failed(TaskScheduledEvent call, FailureDetails failure) =>
        new(-1, call.EventId, failure.ErrorMessage, null, failure);
}
