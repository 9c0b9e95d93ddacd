namespace FinVault.Local.EventHubs;

/// <summary>Limits of an <see cref="EmbeddedEventHub"/>; sizes in bytes, per partition unless they say otherwise.</summary>
public sealed record EventHubOptions
{
    /// <summary>Size of an append call in its stored form, as the Standard tier of Event Hubs limits it.</summary>
    public int MaximumBatchBytes { get; init; } = 1024 * 1024;

    /// <summary>A segment file that has grown past this is closed and the next one begun.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Older events go, a whole segment at a time, once every consumer group has passed them.</summary>
    public TimeSpan RetentionTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>What goes past this size goes too, oldest segment first, once every consumer group has passed it.</summary>
    public long RetentionBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>With so much kept for a consumer group that lags, appends are refused: nothing unread is ever deleted.</summary>
    public long MaximumBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>The same without a folder, where everything is in memory.</summary>
    public long MaximumMemoryBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Memory for recent events of all partitions together, so that a reader that keeps up never reads files.</summary>
    public long CachedBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>
    /// Whether an append waits for the disk (<c>fdatasync</c>) and not just for the operating system. A killed process
    /// loses nothing either way; a power cut can lose the last seconds when this is off.
    /// </summary>
    public bool SyncToDisk { get; init; }
}
