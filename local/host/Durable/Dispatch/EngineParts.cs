using System.Collections.Concurrent;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>What the parts of the engine share.</summary>
sealed class EngineParts : IDisposable
{
    readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    readonly Dictionary<string, Activity> activities = new(StringComparer.OrdinalIgnoreCase);
    readonly CancellationTokenSource stopping = new();
    long lastMessageId;

    public EngineParts(DurableStore store, TimeProvider time, DurableOptions options, ILoggerFactory loggers)
    {
        Store = store;
        Time = time;
        Options = options;
        Loggers = loggers;
        lastMessageId = store.LastMessageId;
        ILogger logger = loggers.CreateLogger("FinVault.Local.Durable");
        Settings = new(options.Converter, loggers, options.DefaultVersion, options.MaximumTimerInterval);
        Commits = new(store, logger);
        Timers = new(time, OnDue);
        Runner = new(this);
        ActivityRunner runner = new(this);
        Orchestrators = new(options.MaxConcurrentOrchestratorFunctions, Runner.Run, OnError);
        Activities = new(options.MaxConcurrentActivityFunctions, runner.Run, OnError);

        void OnError(Exception e) => logger.LogError(e, "The durable engine failed to handle an instance's step");
    }

    public DurableStore Store { get; }

    public TimeProvider Time { get; }

    public DurableOptions Options { get; }

    public ILoggerFactory Loggers { get; }

    public OrchestrationSettings Settings { get; }

    public CommitQueue Commits { get; }

    public TimerQueue Timers { get; }

    public PassRunner Runner { get; }

    public WorkPump<Instance> Orchestrators { get; }

    public WorkPump<ActivityWork> Activities { get; }

    public InstanceWatch Watch { get; } = new();

    /// <summary>
    /// Runs that have not ended, by instance id. Registered before they are on disk: an id is taken once.
    /// </summary>
    public ConcurrentDictionary<string, Instance> Live { get; } = new(StringComparer.Ordinal);

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    /// <summary>Asks running activities to stop.</summary>
    public CancellationToken Stopping => stopping.Token;

    public void StopActivities() => stopping.Cancel();

    public void Dispose() => stopping.Dispose();

    public long NextMessageId() => Interlocked.Increment(ref lastMessageId);

    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) =>
        orchestrators.Add(name, run);

    public void AddActivity(string name, Func<DurableActivityInvocation, CancellationToken, Task<object?>> run) =>
        activities.Add(name, new(name, run));

    public Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) =>
        orchestrators.GetValueOrDefault(name);

    public Activity? FindActivity(string name) => activities.GetValueOrDefault(name);

    /// <summary>Hands a message to an instance that has not ended; anything else drops it.</summary>
    public void Post(string instanceId, StoredMessage message)
    {
        if (Live.TryGetValue(instanceId, out Instance? instance))
        {
            Post(instance, message);
        }
    }

    public void Post(Instance instance, StoredMessage message)
    {
        if (instance.Post(message))
        {
            Orchestrators.Add(instance);
        }
    }

    /// <summary>The run that has not ended; null if there is none on disk.</summary>
    public Instance? FindLive(string id) =>
        Live.TryGetValue(id, out Instance? instance) && instance.IsStored ? instance : null;

    /// <summary>What is on disk of an instance; null if there is none.</summary>
    public InstanceState? FindState(string id) => FindLive(id) is { } live
        ? live.Committed
        : Store.Read(rows => rows.Find(id)) is { } row ? InstanceState.Of(row) : null;

    /// <summary>Lets an instance run, now or when its start is due.</summary>
    public void Activate(Instance instance)
    {
        if (instance.Started.ScheduledStartTime is { } at && instance.History.Count == 0 && at > Now)
        {
            Timers.Add(new(instance, StartTimer, at));
        }
        else if (instance.Activate())
        {
            Orchestrators.Add(instance);
        }
    }

    /// <summary>Goes on with a run where its history stands: open timers, open activities, waiting messages.</summary>
    public void TakeUp(Instance instance)
    {
        instance.IsStored = true;
        foreach (TimerCreatedEvent timer in OpenCalls.Timers(instance.History))
        {
            DueTimer due = new(instance, timer.EventId, timer.FireAt);
            instance.Timers.Add(timer.EventId, due);
            Timers.Add(due);
        }

        foreach (TaskScheduledEvent call in OpenCalls.Activities(instance.History))
        {
            Activities.Add(new(instance, instance.ExecutionId, call));
        }

        Activate(instance);
    }

    const int StartTimer = -1;

    void OnDue(DueTimer timer)
    {
        if (timer.Id == StartTimer)
        {
            Activate(timer.Instance);
        }
        else
        {
            TimerFiredEvent fired = new(-1, timer.FireAt)
            {
                TimerId = timer.Id,
                Timestamp = Now,
            };
            Post(timer.Instance, new(0, fired, timer.Instance.ExecutionId));
        }
    }

    internal sealed record Activity(
        string Name, Func<DurableActivityInvocation, CancellationToken, Task<object?>> Run);
}
