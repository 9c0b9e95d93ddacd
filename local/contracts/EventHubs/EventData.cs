using System.Collections.ObjectModel;

// The real assembly is not annotated for nullability.
#nullable disable

namespace Azure.Messaging.EventHubs;

public class EventData : MessageContent
{
    private readonly string _partitionKey;

    public EventData()
        : this(BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty))
    {
    }

    public EventData(BinaryData eventBody)
        : this(eventBody, null, null, long.MinValue, null, default, null)
    {
    }

    public EventData(ReadOnlyMemory<byte> eventBody)
        : this(BinaryData.FromBytes(eventBody))
    {
    }

    public EventData(string eventBody)
        : this(BinaryData.FromString(eventBody))
    {
    }

    protected EventData(
        BinaryData eventBody,
        IDictionary<string, object> properties = null,
        IReadOnlyDictionary<string, object> systemProperties = null,
        long sequenceNumber = long.MinValue,
        string offsetString = null,
        DateTimeOffset enqueuedTime = default,
        string partitionKey = null)
    {
        Data = eventBody;
        Properties = properties ?? new Dictionary<string, object>();
        SystemProperties = systemProperties ?? ReadOnlyDictionary<string, object>.Empty;
        SequenceNumber = sequenceNumber;
        OffsetString = offsetString;
        EnqueuedTime = enqueuedTime;
        _partitionKey = partitionKey;
    }

    public BinaryData EventBody
    {
        get => Data;
        set => Data = value;
    }

    public ReadOnlyMemory<byte> Body => EventBody.ToMemory();

    public string MessageId { get; set; }

    public string CorrelationId { get; set; }

    public IDictionary<string, object> Properties { get; }

    public IReadOnlyDictionary<string, object> SystemProperties { get; }

    public long SequenceNumber { get; }

    public string OffsetString { get; }

    public DateTimeOffset EnqueuedTime { get; }

    public string PartitionKey => _partitionKey;
}
