using System.Collections.Concurrent;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;

namespace FinVault.Market.Read;

/// <summary>
/// The boards as readers see them: one read a shard, cached for a second while anything moves and for an hour when
/// nothing does (MKT-09).
/// </summary>
public sealed class BoardReader(ShardStore store, TicksHub hub, MarketOptions options, TimeProvider time)
{
    private const int MaxShards = 2_000;

    // How old a read is, by the machine's clock: the app's may stand still.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly ReadThroughCache<Shard> _cache = new("boards", new CacheLimits(MaxShards), time);
    private readonly ConcurrentDictionary<string, bool> _atRest = new();
    private readonly ConcurrentDictionary<string, long> _readAt = new();

    /// <summary>Every shard, from the cache.</summary>
    public async Task<BoardSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        string[] ids = await hub.PartitionIdsAsync(cancellationToken);
        return Snapshot(await Task.WhenAll(
            ids.Select(id => _cache.GetAsync(id, LifeOf, token => LoadAsync(id, token), cancellationToken).AsTask())));
    }

    /// <summary>
    /// Every shard as it is stored now, or was at most <paramref name="maxAge"/> ago. It takes the place of what was
    /// cached, so that nobody reads anything older after it.
    /// </summary>
    public async Task<BoardSnapshot> ReadFreshAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        foreach (string id in await hub.PartitionIdsAsync(cancellationToken))
        {
            if (!_readAt.TryGetValue(id, out long at) || Clock.GetElapsedTime(at) >= maxAge)
            {
                _readAt[id] = Clock.GetTimestamp();
                _cache.Invalidate(id);
            }
        }

        return await ReadAsync(cancellationToken);
    }

    /// <summary>A shard has changed here: what was cached for an hour is no longer good.</summary>
    public void Changed(string shardId)
    {
        if (_atRest.TryRemove(shardId, out _))
        {
            _cache.Invalidate(shardId);
        }
    }

    private BoardSnapshot Snapshot(Shard[] shards) => new(shards, options, time.Now());

    private Task<Shard> LoadAsync(string shardId, CancellationToken cancellationToken)
    {
        _readAt[shardId] = Clock.GetTimestamp();
        return store.ReadBoardsAsync(shardId, cancellationToken);
    }

    private TimeSpan LifeOf(Shard shard)
    {
        long now = time.Now();
        bool moves = shard.Boards.Exists(b => b.Sources.Values.Any(s => now - s.HeardAt < 60 * Micros.PerSecond))
            || shard.Symbols.Any(s => s.State.Exchange.StateAt(now) != SessionState.Closed);
        if (!moves)
        {
            _atRest[shard.Id] = true;
        }

        return TimeSpan.FromSeconds(moves ? options.CacheSecondsInSession : options.CacheSecondsOutOfSession);
    }
}
