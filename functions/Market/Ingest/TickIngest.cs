using System.Collections.Concurrent;
using Azure.Messaging.EventHubs;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Store;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Ingest;

/// <summary>The shards that this instance ingests. An instance has those whose partitions the hub has given it.</summary>
public sealed class TickIngest(
    ShardStore store,
    HistoryStore history,
    BoardReader boards,
    MarketOptions options,
    IEnumerable<ITickObserver> observers,
    TimeProvider time,
    ILogger<ShardIngest> logger) : IDisposable
{
    private readonly ITickObserver[] _observers = [.. observers];
    private readonly ConcurrentDictionary<string, (ShardIngest Shard, PublishWindow Window)> _shards = new();

    /// <summary>
    /// Applies a batch of one partition, in order, and returns the changed quotes, at most once a window: a batch that
    /// comes sooner is committed at once and waits with its quotes, while the hub gathers the next one.
    /// </summary>
    public async Task<IReadOnlyList<Quote>> ApplyAsync(
        string shardId, IReadOnlyList<EventData> events, CancellationToken cancellationToken)
    {
        (ShardIngest shard, PublishWindow window) = _shards.GetOrAdd(shardId, id => (
            new ShardIngest(id, store, history, _observers, time, logger),
            new PublishWindow(TimeSpan.FromMilliseconds(options.WindowMilliseconds))));
        IReadOnlyList<Quote> changed = await shard.ApplyAsync(events, cancellationToken);
        boards.Changed(shardId);
        if (changed.Count > 0)
        {
            await window.WaitAsync(cancellationToken);
        }

        return changed;
    }

    public void Dispose()
    {
        foreach ((ShardIngest shard, _) in _shards.Values)
        {
            shard.Dispose();
        }
    }
}
