using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>Activities, sub-orchestrations, timers and events: what gets a number and a place in history.</summary>
sealed partial class OrchestrationContext
{
    public override Task<TResult> CallActivityAsync<TResult>(
        TaskName name, object? input = null, TaskOptions? options = null)
    {
        thread.EnsureCurrent();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} value was provided for the activity input but no value was provided for"
                + $" {nameof(options)}. Did you actually mean to provide it for the {nameof(options)} parameter?",
                nameof(input));
        }

        string version = options?.Version is { } wanted ? wanted.Version : Version;
        return options?.Retry is { } retry ? WithRetry(retry, Call) : Call();

        Task<TResult> Call() => Schedule<TResult>(
            new TaskScheduledEvent(calls++, name.Name, version, settings.Converter.Serialize(input))
            {
                Tags = options?.Tags,
            },
            name.Name);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        thread.EnsureCurrent();
        string instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        string version = options?.Version is { } wanted ? wanted.Version : settings.DefaultVersion;
        return options?.Retry is { } retry ? WithRetry(retry, Call) : Call();

        Task<TResult> Call() => Schedule<TResult>(
            new SubOrchestrationInstanceCreatedEvent(calls++)
            {
                Name = orchestratorName.Name,
                Version = version,
                InstanceId = instanceId,
                Input = settings.Converter.Serialize(input),
                Tags = options?.Tags,
            },
            orchestratorName.Name);
    }

    /// <summary>Longer timers are a chain of timers of the longest interval, as in the Durable Task worker.</summary>
    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        thread.EnsureCurrent();
        DateTime due = fireAt.ToUniversalTime();
        return due - Now > settings.MaximumTimerInterval
            ? LongTimer(due, cancellationToken)
            : Timer(due, cancellationToken);
    }

    public override Task<T?> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
        where T : default
    {
        thread.EnsureCurrent();
        return events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        thread.EnsureCurrent();
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        Pending.Add(new EventSentEvent(calls++)
        {
            InstanceId = instanceId,
            Name = eventName,
            Input = settings.Converter.Serialize(payload),
        });
    }

    Task<T> Schedule<T>(HistoryEvent action, string name)
    {
        OpenCall<T> call = new(name);
        Pending.Add(action);
        open.Add(action.EventId, call);
        return call.Task;
    }

    async Task LongTimer(DateTime due, CancellationToken cancellation)
    {
        while (due - Now > settings.MaximumTimerInterval && !cancellation.IsCancellationRequested)
        {
            await Timer(Now + settings.MaximumTimerInterval, cancellation);
        }

        await Timer(due, cancellation);
    }

    Task Timer(DateTime due, CancellationToken cancellation)
    {
        int id = calls++;
        OpenTimer timer = new();
        Pending.Add(new TimerCreatedEvent(id, due));
        open.Add(id, timer);
        if (cancellation.CanBeCanceled)
        {
            cancellation.Register(() =>
            {
                if (timer.Cancel(cancellation))
                {
                    open.Remove(id);
                    (cancelledTimers ??= []).Add(id);
                }
            });
        }

        return timer.Task;
    }
}
