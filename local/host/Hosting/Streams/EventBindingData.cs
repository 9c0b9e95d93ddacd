using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.Hosting;

/// <summary>
/// Binding data of an Event Hubs invocation, with the names of EventHubTriggerBindingStrategy: <c>PartitionContext</c> as
/// JSON, and per event <c>SequenceNumber</c>, <c>Offset</c>, ... or, for a batch, the same with <c>Array</c> behind. Made
/// when asked for: a batch has thousands of events and few functions look.
/// </summary>
internal sealed class EventBindingData(EventData[] events, string partitionContext, bool batched)
    : IReadOnlyDictionary<string, object?>
{
    private static readonly string[] Names =
        ["PartitionKey", "Offset", "SequenceNumber", "EnqueuedTimeUtc", "Properties", "SystemProperties"];

    public IEnumerable<string> Keys => ["PartitionContext", .. Names.Select(name => batched ? name + "Array" : name)];

    public IEnumerable<object?> Values => Keys.Select(key => this[key]);

    public int Count => Names.Length + 1;

    public object? this[string key] => TryGetValue(key, out object? value)
        ? value
        : throw new KeyNotFoundException($"The invocation has no binding data '{key}'.");

    public bool ContainsKey(string key) => Keys.Contains(key, StringComparer.OrdinalIgnoreCase);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        value = ContainsKey(key) ? Get(key) : null;
        return value is not null || ContainsKey(key);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        Keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static string PartitionContext(string hub, string consumerGroup, string partitionId) =>
        JsonSerializer.Serialize(new
        {
            FullyQualifiedNamespace = "localhost",
            EventHubName = hub,
            ConsumerGroup = consumerGroup,
            PartitionId = partitionId,
        });

    private object? Get(string key)
    {
        string name = batched && key.EndsWith("Array", StringComparison.OrdinalIgnoreCase) ? key[..^5] : key;
        return name.ToUpperInvariant() switch
        {
            "PARTITIONCONTEXT" => partitionContext,
            "PARTITIONKEY" => Each(e => e.PartitionKey),
            "OFFSET" => Each(e => e.OffsetString),
            "SEQUENCENUMBER" => Each(e => e.SequenceNumber),
            "ENQUEUEDTIMEUTC" => JsonSerializer.Serialize(Each(e => e.EnqueuedTime.UtcDateTime)),
            "PROPERTIES" => JsonSerializer.Serialize(Each(e => e.Properties)),
            _ => JsonSerializer.Serialize(Each(System)),
        };
    }

    private object? Each<T>(Func<EventData, T> value) => batched ? Array.ConvertAll(events, e => value(e)) : value(events[0]);

    private static Dictionary<string, object?> System(EventData data) => new(
        data.SystemProperties.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)))
    {
        ["SequenceNumber"] = data.SequenceNumber.ToString(CultureInfo.InvariantCulture),
        ["Offset"] = data.OffsetString,
        ["PartitionKey"] = data.PartitionKey,
        ["EnqueuedTimeUtc"] = data.EnqueuedTime.UtcDateTime,
    };
}
