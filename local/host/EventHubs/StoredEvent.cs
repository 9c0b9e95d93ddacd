using System.Collections.ObjectModel;
using System.Globalization;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.EventHubs;

/// <summary>One event as it is kept in a partition. Sequence numbers count from 0 in each partition.</summary>
public sealed class StoredEvent
{
    private long _enqueuedTicks;

    internal StoredEvent(
        string? partitionKey, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, object>? properties, EventNames names)
    {
        PartitionKey = partitionKey;
        Body = body;
        Properties = properties ?? ReadOnlyDictionary<string, object>.Empty;
        Names = names;
    }

    public long SequenceNumber { get; private set; }

    /// <summary>Position in the partition, opaque as in Azure; made on demand because hardly anything asks for it.</summary>
    public string Offset => SequenceNumber.ToString(CultureInfo.InvariantCulture);

    public DateTimeOffset EnqueuedTime => new(_enqueuedTicks, TimeSpan.Zero);

    public string? PartitionKey { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public IReadOnlyDictionary<string, object> Properties { get; }

    internal EventNames Names { get; }

    /// <summary>About what this event costs in memory, in bytes.</summary>
    internal int Footprint => Body.Length + 96 + (Properties.Count * 64);

    /// <summary>The event as a function receives it.</summary>
    public EventData ToEventData() => new ReceivedEvent(this);

    internal void Stamp(long sequenceNumber, long enqueuedTicks)
    {
        SequenceNumber = sequenceNumber;
        _enqueuedTicks = enqueuedTicks;
    }
}

/// <summary>The well-known AMQP message properties of an event; all absent for nearly every event.</summary>
internal readonly record struct EventNames(string? MessageId, string? CorrelationId, string? ContentType)
{
    public bool Any => MessageId is not null || CorrelationId is not null || ContentType is not null;
}
