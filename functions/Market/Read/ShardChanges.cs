namespace FinVault.Market.Read;

/// <summary>
/// Counts each shard's changes here and knows which shards rest, so that a change is missed by none who began to read
/// before it. Safe for concurrent use.
/// </summary>
internal sealed class ShardChanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Changes, bool AtRest)> _shards = new(StringComparer.Ordinal);

    /// <summary>How often a shard has changed; asked before it is read.</summary>
    public long Of(string shardId)
    {
        lock (_gate)
        {
            return _shards.GetValueOrDefault(shardId).Changes;
        }
    }

    /// <summary>A shard has changed. True when it was at rest, and what is kept of it must go.</summary>
    public bool Note(string shardId)
    {
        lock (_gate)
        {
            (long changes, bool wasAtRest) = _shards.GetValueOrDefault(shardId);
            _shards[shardId] = (changes + 1, false);
            return wasAtRest;
        }
    }

    /// <summary>Lets a shard rest as it was read, unless it has changed since <paramref name="changes"/>.</summary>
    public bool TryRest(string shardId, long changes)
    {
        lock (_gate)
        {
            bool isUnchanged = _shards.GetValueOrDefault(shardId).Changes == changes;
            if (isUnchanged)
            {
                _shards[shardId] = (changes, true);
            }

            return isUnchanged;
        }
    }
}
