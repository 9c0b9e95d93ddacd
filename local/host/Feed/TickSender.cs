using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;
using FinVault.Local.Hosting;

namespace FinVault.Local.Feed;

/// <summary>
/// Sends ticks to the hub in windows: a symbol's ticks in their order, different symbols at the same time. Never runs further
/// ahead of the slowest consumer than <see cref="MaximumLead"/> events.
/// </summary>
internal sealed class TickSender(EmbeddedEventHub hub, IReadOnlyList<FunctionModel> functions)
{
    public const int Window = 2_000;
    public const long MaximumLead = 50_000;

    // A sender that waits for consumers waits in real time, whatever clock the app runs on.
    private static readonly TimeSpan LeadCheck = TimeSpan.FromMilliseconds(5);

    private readonly string[] _consumerGroups =
        [.. functions.Select(f => f.Plan).OfType<EventHubTriggerKind.Subscription>().Select(s => s.ConsumerGroup).Distinct()];

    private readonly Dictionary<string, List<EventData>> _pending = new(StringComparer.Ordinal);

    public int Pending { get; private set; }

    public long Sent { get; private set; }

    /// <summary>Events that the slowest consumer group has not checkpointed yet; 0 without consumers.</summary>
    public long Lead => _consumerGroups.Length == 0 ? 0 : _consumerGroups.Max(group => hub.PartitionIds.Sum(
        partition => hub.LastSequenceNumber(partition) - hub.GetCheckpoint(group, partition)));

    public void Add(string symbol, EventData data)
    {
        if (!_pending.TryGetValue(symbol, out List<EventData>? events))
        {
            _pending[symbol] = events = [];
        }

        events.Add(data);
        Pending++;
    }

    /// <summary>Returns when everything added is durable.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (Pending == 0)
        {
            return;
        }

        await WaitForLeadAsync(MaximumLead, cancellation);
        await Task.WhenAll(_pending.Where(symbol => symbol.Value.Count > 0).Select(
            symbol => hub.AppendAsync(null, symbol.Key, symbol.Value, cancellation).AsTask()));
        foreach (List<EventData> events in _pending.Values)
        {
            events.Clear();
        }

        Sent += Pending;
        Pending = 0;
    }

    public async Task WaitForLeadAsync(long lead, CancellationToken cancellation)
    {
        while (Lead > lead)
        {
            await Task.Delay(LeadCheck, cancellation);
        }
    }
}
