using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;

namespace FinVault.Market.Ingest;

/// <summary>The ticks hub as its producers see it. A shard of the market is a partition of the hub.</summary>
public sealed class TicksHub(EventHubProducerClient producer)
{
    // The service takes 1 MB a send, with framing that grows with the number of events.
    private const int MaxSendBytes = 700_000;
    private const int MaxSendEvents = 2_000;

    private string[]? _partitionIds;

    /// <summary>The ids of the hub's partitions; they never change.</summary>
    public async ValueTask<string[]> PartitionIdsAsync(CancellationToken cancellationToken) =>
        _partitionIds ??= await producer.GetPartitionIdsAsync(cancellationToken);

    /// <summary>Where the events of a symbol belong.</summary>
    public async ValueTask<string> PartitionOfAsync(string symbol, CancellationToken cancellationToken)
    {
        string[] ids = await PartitionIdsAsync(cancellationToken);
        return ids[PartitionHash.PartitionFor(symbol, ids.Length)];
    }

    /// <summary>Sends events, each to the partition of its symbol, and returns when the hub has them durably.</summary>
    public async Task SendAsync(
        IEnumerable<(string Symbol, EventData Event)> events, CancellationToken cancellationToken)
    {
        string[] ids = await PartitionIdsAsync(cancellationToken);
        await Task.WhenAll(events
            .GroupBy(e => ids[PartitionHash.PartitionFor(e.Symbol, ids.Length)], e => e.Event)
            .Select(partition => SendAsync(partition.Key, partition, cancellationToken)));
    }

    /// <summary>Sends events to one partition, in order.</summary>
    public async Task SendAsync(
        string partitionId, IEnumerable<EventData> events, CancellationToken cancellationToken)
    {
        SendEventOptions options = new() { PartitionId = partitionId };
        List<EventData> send = [];
        int bytes = 0;
        foreach (EventData data in events)
        {
            if (send.Count > 0 && (bytes + data.Body.Length > MaxSendBytes || send.Count == MaxSendEvents))
            {
                await producer.SendAsync(send, options, cancellationToken);
                (send, bytes) = ([], 0);
            }

            send.Add(data);
            bytes += data.Body.Length;
        }

        if (send.Count > 0)
        {
            await producer.SendAsync(send, options, cancellationToken);
        }
    }
}
