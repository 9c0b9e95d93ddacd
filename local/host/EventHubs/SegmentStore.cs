namespace FinVault.Local.EventHubs;

/// <summary>The segment files of one partition: rolling, retention, and reading across them.</summary>
internal sealed class SegmentStore : IDisposable
{
    private static readonly TimeSpan RetentionPause = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly EventHubOptions _options;
    private readonly List<ReadOnlyMemory<byte>> _buffers = [];

    // Replaced, never changed: readers walk one state of it.
    private volatile SegmentFile[] _segments;
    private long _bytes;
    private long _nextRetentionTicks;

    public SegmentStore(string folder, EventHubOptions options)
    {
        _folder = folder;
        _options = options;
        Directory.CreateDirectory(folder);
        _segments = [.. Directory.GetFiles(folder, "*" + SegmentFile.Extension)
            .Order(StringComparer.Ordinal)
            .Select(SegmentFile.Open)];
        foreach (SegmentFile earlier in _segments.SkipLast(1))
        {
            earlier.IsClosed = true;
        }

        if (_segments is [.., SegmentFile newest])
        {
            newest.Recover();
            LastSequence = newest.LastSequence >= 0 ? newest.LastSequence : newest.FirstSequence - 1;
        }

        _bytes = _segments.Sum(segment => segment.Bytes);
    }

    public long LastSequence { get; private set; } = -1;

    public long FirstSequence => _segments is [SegmentFile oldest, ..] ? oldest.FirstSequence : LastSequence + 1;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Writes stamped frames behind one another; on failure nothing of them is there.</summary>
    public void Append(IReadOnlyList<EventFrame> frames)
    {
        long first = frames[0].Events[0].SequenceNumber;
        if (_segments is not [.., SegmentFile newest] || newest.Bytes >= _options.SegmentBytes)
        {
            newest = Roll(first);
        }

        long before = newest.Bytes;
        newest.Append(frames, _buffers);
        _buffers.Clear();
        if (_options.SyncToDisk)
        {
            newest.FlushToDisk();
        }

        Volatile.Write(ref _bytes, _bytes + newest.Bytes - before);
        LastSequence = frames[^1].Events[^1].SequenceNumber;
    }

    public List<StoredEvent> Read(long after, int maxCount)
    {
        while (true)
        {
            var events = new List<StoredEvent>(Math.Min(maxCount, 1024));
            try
            {
                SegmentFile[] segments = _segments;
                int at = Array.FindLastIndex(segments, segment => segment.FirstSequence <= after + 1);
                for (at = Math.Max(at, 0); at < segments.Length && events.Count < maxCount; at++)
                {
                    segments[at].Read(after, maxCount, events);
                }

                return events;
            }
            catch (ObjectDisposedException) when (_segments.Length > 0)
            {
                // Retention took the segment away while it was being read; what is left is read instead.
            }
        }
    }

    /// <summary>
    /// Deletes whole segments that are too old or too many, but none that holds an event after
    /// <paramref name="processed"/>: unlike in Azure, a consumer that was stopped overnight must find its events.
    /// </summary>
    public void ApplyRetention(long nowTicks, long processed)
    {
        if (nowTicks < _nextRetentionTicks)
        {
            return;
        }

        _nextRetentionTicks = nowTicks + RetentionPause.Ticks;
        while (_segments is [SegmentFile oldest, SegmentFile next, ..])
        {
            bool tooOld = next.FirstTicks >= 0 && next.FirstTicks <= nowTicks - _options.RetentionTime.Ticks;
            if (!(tooOld || Bytes > _options.RetentionBytes) || next.FirstSequence - 1 > processed)
            {
                return;
            }

            long bytes = oldest.Bytes;
            _segments = _segments[1..];
            oldest.Delete();
            Volatile.Write(ref _bytes, _bytes - bytes);
        }
    }

    public void Dispose()
    {
        SegmentFile[] segments = _segments;
        _segments = [];
        if (segments is [.., SegmentFile newest])
        {
            newest.FlushToDisk();
        }

        foreach (SegmentFile segment in segments)
        {
            segment.Dispose();
        }
    }

    private SegmentFile Roll(long firstSequence)
    {
        if (_segments is [.., SegmentFile full])
        {
            full.FlushToDisk();
            full.IsClosed = true;
        }

        SegmentFile segment = SegmentFile.Create(_folder, firstSequence);
        _segments = [.. _segments, segment];
        _nextRetentionTicks = 0;
        return segment;
    }
}
