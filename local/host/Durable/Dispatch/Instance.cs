using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// A run of an instance that has not ended. Messages come from anywhere; passes are one at a time and alone touch
/// history, timers and the session.
/// </summary>
sealed partial class Instance
{
    readonly Lock gate = new();
    List<StoredMessage> inbox = [];
    bool isReady;
    bool isQueued;
    bool hasEnded;
    volatile InstanceState committed;

    public Instance(StoredMessage start)
        : this(start.Id, (ExecutionStartedEvent)start.Event) => inbox.Add(start);

    Instance(long epoch, ExecutionStartedEvent started)
    {
        Epoch = epoch;
        Started = started;
        Id = started.OrchestrationInstance!.InstanceId;
        committed = StateOf(OrchestrationStatus.Pending, started.Timestamp, null, started.Timestamp);
    }

    public string Id { get; }

    public long Epoch { get; }

    public ExecutionStartedEvent Started { get; private set; }

    public string ExecutionId => Started.OrchestrationInstance!.ExecutionId;

    public List<HistoryEvent> History { get; } = [];

    /// <summary>The clock of the last pass: an orchestrator's time never runs backwards.</summary>
    public DateTime LastPass { get; set; }

    /// <summary>Timers that have not fired, by the number of the call.</summary>
    public Dictionary<int, DueTimer> Timers { get; } = [];

    /// <summary>The orchestrator as the last pass left it, where sessions are extended.</summary>
    public Execution? Session { get; set; }

    /// <summary>The last pass's execution: only its non-durable awaits count.</summary>
    public Execution? Latest { get; set; }

    /// <summary>When the session was last used.</summary>
    public DateTime LastUsed { get; set; }

    /// <summary>The start is on disk: before that, nobody knows the instance.</summary>
    public bool IsStored { get; set; }

    public InstanceState Committed
    {
        get => committed;
        set => committed = value;
    }

    /// <summary>The run that a restart found.</summary>
    public static Instance From(InstanceImage image)
    {
        List<HistoryEvent> history = HistoryReader.ReadAll(image.HistoryBytes());
        ExecutionStartedEvent started = history.Concat(image.Inbox.Select(m => m.Event))
            .OfType<ExecutionStartedEvent>().First();
        Instance found = new(image.Epoch, started) { LastPass = image.Updated, IsStored = true };
        found.History.AddRange(history);
        found.inbox.AddRange(image.Inbox);
        found.committed = found.StateOf(image.Status, image.Updated, image.CustomStatus, image.Created);
        return found;
    }

    /// <summary>Begins the next execution: these messages come before those that wait.</summary>
    public void StartOver(IReadOnlyList<StoredMessage> messages)
    {
        Session = null;
        Latest = null;
        Started = (ExecutionStartedEvent)messages[0].Event;
        lock (gate)
        {
            History.Clear();
            inbox.InsertRange(0, messages);
        }
    }

    public void Record(IReadOnlyList<HistoryEvent> events)
    {
        lock (gate)
        {
            History.AddRange(events);
        }
    }

    /// <summary>History as it is now, for readers outside the passes.</summary>
    public List<HistoryEvent> CopyHistory()
    {
        lock (gate)
        {
            return [.. History];
        }
    }

    public InstanceState StateOf(
        OrchestrationStatus status, DateTime updated, string? customStatus, DateTime? created = null) => new(
        Id, Started.Name!, status, created ?? committed.Created, updated, customStatus, Started.Tags)
    {
        Input = Started.Input,
        Version = Started.Version,
    };
}
