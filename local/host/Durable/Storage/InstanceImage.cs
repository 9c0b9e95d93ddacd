using DurableTask.Core;
using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// An instance as the journal tells it, and nothing newer: what a restart would find. Only the committing thread and
/// recovery touch it.
/// </summary>
sealed class InstanceImage(string id, long epoch)
{
    public string Id => id;

    /// <summary>Number of the message that started this run of the id; another start makes another image.</summary>
    public long Epoch => epoch;

    public required string Name { get; init; }

    public IDictionary<string, string>? Tags { get; init; }

    public DateTime Created { get; init; }

    public DateTime Updated { get; set; }

    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    public string? CustomStatus { get; set; }

    /// <summary>Encoded history, one block a pass.</summary>
    public List<byte[]> History { get; } = [];

    /// <summary>Messages that no pass has taken.</summary>
    public List<StoredMessage> Inbox { get; } = [];

    /// <summary>What the instance's row included when it was read: recovery leaves out what is older.</summary>
    public long SavedUpTo { get; init; }

    /// <summary>The journal's last row that this image includes.</summary>
    public long Applied { get; set; }

    /// <summary>The journal's first row that the instance's own row does not include; 0 if it includes all.</summary>
    public long FirstUnsaved { get; set; }

    public bool HasEnded => IsEnd(Status);

    public static bool IsEnd(OrchestrationStatus status) => status is OrchestrationStatus.Completed
        or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;

    public static InstanceImage Started(StoredMessage start)
    {
        ExecutionStartedEvent e = (ExecutionStartedEvent)start.Event;
        return new(e.OrchestrationInstance!.InstanceId, start.Id)
        {
            Name = e.Name!,
            Tags = e.Tags,
            Created = e.Timestamp,
            Updated = e.Timestamp,
            Inbox = { start },
        };
    }

    public static InstanceImage Rewound(RewindChange change)
    {
        ExecutionStartedEvent started =
            HistoryReader.ReadAll(change.History).OfType<ExecutionStartedEvent>().First();
        return new(change.InstanceId, change.Trigger.Id)
        {
            Name = started.Name!,
            Tags = started.Tags,
            Created = started.Timestamp,
            Updated = change.Trigger.Event.Timestamp,
            Status = OrchestrationStatus.Running,
            History = { change.History },
            Inbox = { change.Trigger },
        };
    }

    public byte[] HistoryBytes()
    {
        byte[] all = new byte[History.Sum(block => block.Length)];
        int at = 0;
        foreach (byte[] block in History)
        {
            block.CopyTo(all, at);
            at += block.Length;
        }

        return all;
    }
}
