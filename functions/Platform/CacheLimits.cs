namespace FinVault.Platform;

/// <summary>What a cache may hold, and how long a load may take.</summary>
/// <param name="MaxEntries">Entries; the least recently used goes first.</param>
/// <param name="MaxBytes">Sum of the sizes that the cache's size function reports; null is no limit.</param>
public sealed record CacheLimits(int MaxEntries, long? MaxBytes = null)
{
    /// <summary>How long an absent value (null) is remembered at most.</summary>
    public TimeSpan NegativeTimeToLive { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long after its life a value is still given when it cannot be loaded because something does not answer.
    /// </summary>
    public TimeSpan StaleOnFailure { get; init; }

    /// <summary>A load is cancelled after this, so that one that hangs does not take all its waiters along.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
