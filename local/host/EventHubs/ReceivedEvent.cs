using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Azure.Core;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.EventHubs;

/// <summary>A stored event in the shape that the Event Hubs client hands to a function.</summary>
internal sealed class ReceivedEvent : EventData
{
    public ReceivedEvent(StoredEvent from)
        : base(
            BinaryData.FromBytes(from.Body),
            from.Properties.Count == 0 ? null! : new Dictionary<string, object>(from.Properties),
            new BrokerProperties(from),
            from.SequenceNumber,
            from.Offset,
            from.EnqueuedTime,
            from.PartitionKey!)
    {
        MessageId = from.Names.MessageId!;
        CorrelationId = from.Names.CorrelationId!;
        ContentType = from.Names.ContentType is { } type ? new ContentType(type) : null;
    }

    /// <summary>What the service adds, read from the event on demand: a dictionary a tick would cost more than the tick.</summary>
    private sealed class BrokerProperties(StoredEvent from) : IReadOnlyDictionary<string, object>
    {
        private static readonly string[] Names =
            ["x-opt-sequence-number", "x-opt-offset", "x-opt-enqueued-time", "x-opt-partition-key"];

        public IEnumerable<string> Keys => from.PartitionKey is null ? Names[..3] : Names;

        public IEnumerable<object> Values => Keys.Select(key => this[key]);

        public int Count => from.PartitionKey is null ? 3 : 4;

        public object this[string key] => TryGetValue(key, out object? value)
            ? value
            : throw new KeyNotFoundException($"The event has no system property '{key}'.");

        public bool ContainsKey(string key) => TryGetValue(key, out _);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value)
        {
            value = key switch
            {
                "x-opt-sequence-number" => from.SequenceNumber,
                "x-opt-offset" => from.Offset,
                "x-opt-enqueued-time" => from.EnqueuedTime,
                "x-opt-partition-key" => from.PartitionKey,
                _ => null,
            };
            return value is not null;
        }

        public IEnumerator<KeyValuePair<string, object>> GetEnumerator() =>
            Keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
