using System.Collections.Concurrent;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Store;
using FinVault.Platform;

namespace FinVault.Market.Read;

/// <summary>
/// The boards as readers see them: one read a shard, cached for a second while anything moves and for an hour when
/// nothing does (MKT-09), though not beyond the next opening.
/// </summary>
public sealed class BoardReader(ShardStore store, TicksHub hub, MarketOptions options, TimeProvider time)
{
    private const int MaxShards = 2_000;

    // How old a read is, by the machine's clock: the app's may stand still.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly ReadThroughCache<(Shard Shard, long Changes)> _cache = new("boards", new CacheLimits(MaxShards), time);
    private readonly ConcurrentDictionary<string, long> _readAt = new();
    private readonly ConcurrentDictionary<string, Shard> _last = new();
    private readonly ShardChanges _changes = new();

    /// <summary>Every shard, from the cache.</summary>
    public async Task<BoardSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        string[] ids = await hub.PartitionIdsAsync(cancellationToken);
        (Shard Shard, long)[] read = await Task.WhenAll(
            ids.Select(id => _cache.GetAsync(id, LifeOf, token => LoadAsync(id, token), cancellationToken).AsTask()));
        return new BoardSnapshot([.. read.Select(one => one.Shard)], options, time.Now());
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
        if (_changes.Note(shardId))
        {
            _cache.Invalidate(shardId);
        }
    }

    private async Task<(Shard Shard, long Changes)> LoadAsync(string shardId, CancellationToken cancellationToken)
    {
        _readAt[shardId] = Clock.GetTimestamp();
        long changes = _changes.Of(shardId);
        // Of thousands of symbols a few have ticked since the last look: the others are not made again.
        Shard read = await store.ReadBoardsAsync(shardId, cancellationToken, _last.GetValueOrDefault(shardId));
        _last[shardId] = read;
        return (read, changes);
    }

    // A shard that changed while it was read is not kept at all: what was read may be from before the change, and where
    // nothing trades no later one would take it away.
    private TimeSpan LifeOf((Shard Shard, long Changes) read)
    {
        TimeSpan moving = TimeSpan.FromSeconds(options.CacheSecondsInSession);
        long now = time.Now();
        TimeSpan rest = BoardRest.Of(read.Shard, now);
        if (rest <= TimeSpan.Zero)
        {
            return moving;
        }

        TimeSpan longest = TimeSpan.FromSeconds(options.CacheSecondsOutOfSession);
        return !_changes.TryRest(read.Shard.Id, read.Changes) ? TimeSpan.Zero : rest < longest ? rest : longest;
    }
}
