using System.Globalization;
using Azure.Messaging.EventHubs;
using FinVault.Market;

namespace FinVault.Local.EventHubs;

/// <summary>
/// An event hub in a folder: partitioned append-only logs, consumer groups and their checkpoints, with the rules of
/// Azure Event Hubs (order within a partition, at-least-once, 1 MB a send, partition by key as the gateway hashes it).
/// What an append has acknowledged survives <c>kill -9</c>. Thread-safe.
/// </summary>
public sealed class EmbeddedEventHub : IAsyncDisposable
{
    private readonly EventHubOptions _options;
    private readonly PartitionLog[] _partitions;
    private readonly CheckpointFile _checkpoints;
    private readonly DiskSync? _sync;
    private readonly FileStream? _ownership;
    private int _roundRobin = -1;

    private EmbeddedEventHub(
        string? folder, string name, int partitionCount, TimeProvider time, EventHubOptions options)
    {
        Name = name;
        _options = options;
        PartitionIds = [.. Enumerable.Range(0, partitionCount).Select(Text)];
        _ownership = folder is null ? null : Own(folder, name, partitionCount);
        _checkpoints = new CheckpointFile(folder is null ? null : Path.Combine(folder, "checkpoints"));
        _sync = folder is not null && options.SyncToDisk ? new DiskSync(name) : null;
        _partitions = [.. Enumerable.Range(0, partitionCount).Select(index => new PartitionLog(
            name,
            options,
            time,
            folder is null ? null : new SegmentStore(Path.Combine(folder, Text(index)), options),
            _sync,
            options.CachedBytes / partitionCount,
            _checkpoints.Furthest(index) + 1,
            () => _checkpoints.ProcessedByAll(index)))];
    }

    public string Name { get; }

    /// <summary>"0" to "n-1".</summary>
    public IReadOnlyList<string> PartitionIds { get; }

    /// <summary>Opens the hub in <paramref name="folder"/>, creating it if need be; null keeps everything in memory.</summary>
    /// <exception cref="IOException">Another process has the folder open.</exception>
    /// <exception cref="InvalidOperationException">The folder was made with another number of partitions.</exception>
    /// <exception cref="InvalidDataException">A file in the folder is not a segment.</exception>
    public static EmbeddedEventHub Open(
        string? folder, string name, int partitionCount, TimeProvider time, EventHubOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitionCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitionCount, 1024);
        ArgumentNullException.ThrowIfNull(time);
        return new EmbeddedEventHub(folder, name, partitionCount, time, options ?? new EventHubOptions());
    }

    /// <summary>
    /// Stores the events one after the other in one partition, all or none, and returns when they are durable. The
    /// partition is the one named, else the key's, else the next in turn. Bodies are copied.
    /// </summary>
    /// <exception cref="EventHubsException">
    /// <c>MessageSizeExceeded</c>: more than 1 MB; <c>ResourceNotFound</c>: no such partition; <c>QuotaExceeded</c>: a
    /// consumer group lags so far behind that nothing more can be kept.
    /// </exception>
    public ValueTask AppendAsync(
        string? partitionId, string? partitionKey, IReadOnlyList<EventData> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        cancellation.ThrowIfCancellationRequested();
        PartitionLog partition = Choose(partitionId, partitionKey);
        return events.Count == 0
            ? ValueTask.CompletedTask
            : new ValueTask(partition.AppendAsync(
                EventFrameWriter.Write(Name, events, partitionKey, _options.MaximumBatchBytes)));
    }

    /// <summary>
    /// At most <paramref name="maxCount"/> events after a sequence number, in order, as far as they are there now.
    /// Events that retention took away are skipped.
    /// </summary>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(
        string partitionId, long afterSequenceNumber, int maxCount, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(partitionId, afterSequenceNumber, maxCount));
    }

    /// <summary>Completes once there is an event after <paramref name="afterSequenceNumber"/>.</summary>
    public ValueTask WaitAsync(string partitionId, long afterSequenceNumber, CancellationToken cancellation) =>
        new(Partition(partitionId).WaitAsync(afterSequenceNumber, cancellation));

    /// <summary>The last sequence number a consumer group has processed, -1 at the start.</summary>
    public long GetCheckpoint(string consumerGroup, string partitionId) =>
        _checkpoints.Get(Checked(consumerGroup), Index(partitionId));

    /// <summary>Keeps how far a consumer group has come; going back is allowed, and means reading again.</summary>
    public ValueTask SetCheckpointAsync(
        string consumerGroup, string partitionId, long sequenceNumber, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceNumber, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequenceNumber, LastSequenceNumber(partitionId));
        cancellation.ThrowIfCancellationRequested();
        _checkpoints.Set(Checked(consumerGroup), Index(partitionId), sequenceNumber);
        return ValueTask.CompletedTask;
    }

    /// <summary>-1 while the partition is empty.</summary>
    public long LastSequenceNumber(string partitionId) => Partition(partitionId).LastSequence;

    /// <summary>Finishes what was appended and closes the files. Waiting readers end with ObjectDisposedException.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (PartitionLog partition in _partitions)
        {
            await partition.DisposeAsync();
        }

        _sync?.Dispose();
        _checkpoints.Dispose();
        if (_ownership is not null)
        {
            await _ownership.DisposeAsync();
        }
    }

    internal IReadOnlyList<StoredEvent> Read(string partitionId, long afterSequenceNumber, int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        return Partition(partitionId).Read(Math.Max(afterSequenceNumber, -1), maxCount);
    }

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);

    // The system lets go of the lock when its process dies, however it dies.
    private static FileStream Own(string folder, string name, int partitionCount)
    {
        Directory.CreateDirectory(folder);
        FileStream ownership;
        try
        {
            ownership = new FileStream(
                Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"Event hub '{name}' in '{folder}' is in use by another process.", exception);
        }

        try
        {
            RefuseOtherPartitionCount(folder, name, partitionCount);
            return ownership;
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    private static void RefuseOtherPartitionCount(string folder, string name, int partitionCount)
    {
        string path = Path.Combine(folder, "partitions");
        if (!File.Exists(path))
        {
            File.WriteAllText(path + ".new", Text(partitionCount));
            File.Move(path + ".new", path);
        }

        string existing = File.ReadAllText(path);
        if (existing != Text(partitionCount))
        {
            throw new InvalidOperationException(
                $"Event hub '{name}' in '{folder}' has {existing} partitions and was opened with {partitionCount}. "
                + "Keys would change their partition: use the same number, or another folder.");
        }
    }

    private static string Checked(string consumerGroup) =>
        consumerGroup.Length is > 0 and <= 50 && !consumerGroup.AsSpan().ContainsAny(' ', '\n', '\r')
            ? consumerGroup
            : throw new ArgumentException($"'{consumerGroup}' is no name of a consumer group.", nameof(consumerGroup));

    private PartitionLog Choose(string? partitionId, string? partitionKey)
    {
        if (partitionId is not null)
        {
            return partitionKey is null
                ? Partition(partitionId)
                : throw new InvalidOperationException("An event goes to a partition id or to a partition key, not both.");
        }

        return partitionKey is not null
            ? _partitions[PartitionHash.PartitionFor(partitionKey, _partitions.Length)]
            : _partitions[(uint)Interlocked.Increment(ref _roundRobin) % (uint)_partitions.Length];
    }

    private PartitionLog Partition(string partitionId) => _partitions[Index(partitionId)];

    private int Index(string partitionId) =>
        int.TryParse(partitionId, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        && index < _partitions.Length && Text(index) == partitionId
            ? index
            : throw new EventHubsException(
                false,
                Name,
                $"Event hub '{Name}' has no partition '{partitionId}'; it has 0 to {_partitions.Length - 1}.",
                EventHubsException.FailureReason.ResourceNotFound);
}
