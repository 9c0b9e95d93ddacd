using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>What never changes while an orchestrator runs.</summary>
sealed record OrchestrationSettings(
    DataConverter Converter, ILoggerFactory Loggers, string DefaultVersion, TimeSpan MaximumTimerInterval);

/// <summary>
/// One execution of an orchestrator as its code sees it. Calls get numbers in the order in which they are made;
/// history must tell the same calls under the same numbers. Events are fed by <see cref="Execution"/>.
/// </summary>
sealed partial class OrchestrationContext(
    ExecutionStartedEvent started, OrchestratorThread thread, OrchestrationSettings settings) : TaskOrchestrationContext
{
    readonly Dictionary<int, OpenCall> open = [];
    readonly EventWaits events = new(settings.Converter);
    ParentOrchestrationInstance? parent;
    List<int>? cancelledTimers;
    object? customStatus;
    int calls;
    int guids;

    public PendingActions Pending { get; } = new();

    /// <summary>Called when this execution is dropped, ended or not.</summary>
    public Action? OnDiscarded { get; set; }

    public ContinueAsNewRequest? Next { get; private set; }

    public bool HasOpenCalls => open.Count > 0;

    public bool WaitsForEvents => events.AnyOpen;

    public DateTime Now { get; set; }

    public bool Replaying { get; set; }

    public override TaskName Name => started.Name!;

    public override string InstanceId => started.OrchestrationInstance!.InstanceId;

    public override ParentOrchestrationInstance? Parent => started.ParentInstance is { } p
        ? parent ??= new(p.Name, p.OrchestrationInstance.InstanceId)
        : null;

    public override DateTime CurrentUtcDateTime => Now;

    public override bool IsReplaying => Replaying;

    public override string Version => started.Version ?? string.Empty;

    protected override ILoggerFactory LoggerFactory => settings.Loggers;

    public override T? GetInput<T>()
        where T : default
    {
        thread.EnsureCurrent();
        return settings.Converter.Deserialize<T>(started.Input);
    }

    public object? GetInput(Type type)
    {
        thread.EnsureCurrent();
        return settings.Converter.Deserialize(started.Input, type);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        thread.EnsureCurrent();
        this.customStatus = customStatus;
    }

    public string? SerializeCustomStatus() => settings.Converter.Serialize(customStatus);

    public override Guid NewGuid()
    {
        thread.EnsureCurrent();
        return ReplayGuid.Of(InstanceId, Now, guids++);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => ContinueAsNew(
        new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        thread.EnsureCurrent();
        string? version = string.IsNullOrWhiteSpace(options.NewVersion) ? Version : options.NewVersion;
        Next = new(settings.Converter.Serialize(options.NewInput), version, options.PreserveUnprocessedEvents);
        if (options.PreserveUnprocessedEvents)
        {
            Next.Carried.AddRange(events.TakeEarly());
        }
    }

    /// <summary>
    /// An external event has come: to the latest wait, to the next execution, or kept for a wait to come.
    /// </summary>
    public void Raise(EventRaisedEvent raised)
    {
        if (events.TryTake(raised.Name!, raised.Input))
        {
            return;
        }

        if (Next is { Preserve: true })
        {
            Next.Carried.Add((raised.Name!, raised.Input));
        }
        else
        {
            events.Keep(raised.Name!, raised.Input);
        }
    }

    /// <summary>The timers that the orchestrator has cancelled since this was last asked.</summary>
    public List<int>? TakeCancelledTimers()
    {
        List<int>? taken = cancelledTimers;
        cancelledTimers = null;
        return taken;
    }

    /// <summary>Takes the call whose outcome has come; null if it is not open any more.</summary>
    public OpenCall? Close(int id) => open.Remove(id, out OpenCall? call) ? call : null;
}

/// <summary>The wish to start over: input and version of the next execution, and the events that it inherits.</summary>
sealed record ContinueAsNewRequest(string? Input, string? Version, bool Preserve)
{
    public List<(string Name, string? Payload)> Carried { get; } = [];
}
