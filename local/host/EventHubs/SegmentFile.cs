using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace FinVault.Local.EventHubs;

/// <summary>
/// One file of a partition's log: frames one after the other, named by its first sequence number. Only the partition's
/// writer appends; any number of readers read what has been published.
/// </summary>
internal sealed class SegmentFile : IDisposable
{
    public const string Extension = ".log";
    private const int IndexEveryBytes = 64 * 1024;
    private const int ReadBlockBytes = 64 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly Lock _indexGate = new();
    private readonly Lock _scanGate = new();
    private readonly List<(long FirstSequence, long Position)> _index = [];
    private long _bytes;
    private volatile bool _unscanned;

    private SegmentFile(string path, long firstSequence, SafeFileHandle handle)
    {
        Path = path;
        FirstSequence = firstSequence;
        _handle = handle;
    }

    public string Path { get; }

    public long FirstSequence { get; }

    /// <summary>Length up to which frames are whole, in bytes.</summary>
    public long Bytes => _unscanned ? RandomAccess.GetLength(_handle) : Volatile.Read(ref _bytes);

    /// <summary>Whether a later segment follows, so that nothing is ever added here.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Last whole event; -1 while there is none or the file has not been looked through.</summary>
    public long LastSequence { get; private set; } = -1;

    /// <summary>Enqueued time of the first frame, in UTC ticks; -1 while there is none.</summary>
    public long FirstTicks { get; private set; } = -1;

    public static SegmentFile Create(string folder, long firstSequence)
    {
        string name = firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension;
        string path = System.IO.Path.Combine(folder, name);
        return new SegmentFile(
            path, firstSequence, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite));
    }

    /// <summary>Opens a file that an earlier run closed; it is not looked through before somebody reads it.</summary>
    public static SegmentFile Open(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        if (!long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long first))
        {
            throw new InvalidDataException($"'{path}' is not a segment of an event hub: its name is no sequence number.");
        }

        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var segment = new SegmentFile(path, first, handle) { _unscanned = true };
        Span<byte> start = stackalloc byte[EventFrame.HeaderBytes];
        int read = RandomAccess.Read(handle, start, 0);
        if (EventFrame.TryReadHeader(start[..read], out FrameHeader header))
        {
            segment.FirstTicks = header.EnqueuedTicks;
        }

        return segment;
    }

    /// <summary>Finds the end of whole frames; a torn end, of which nobody was told that it is stored, is cut off.</summary>
    public void Recover()
    {
        Scan();
        if (RandomAccess.GetLength(_handle) > Bytes)
        {
            RandomAccess.SetLength(_handle, Bytes);
        }
    }

    /// <summary>Writes whole frames at the end; on failure the end stays where it was.</summary>
    public void Append(IReadOnlyList<EventFrame> frames, List<ReadOnlyMemory<byte>> buffers)
    {
        buffers.Clear();
        foreach (EventFrame frame in frames)
        {
            buffers.Add(frame.Header);
            buffers.AddRange(frame.Payload);
        }

        RandomAccess.Write(_handle, buffers, _bytes);
        foreach (EventFrame frame in frames)
        {
            StoredEvent first = frame.Events[0];
            Advance(first.SequenceNumber, first.EnqueuedTime.UtcTicks, frame.Events.Length, frame.TotalBytes);
        }
    }

    public void FlushToDisk() => RandomAccess.FlushToDisk(_handle);

    /// <summary>Adds events after a sequence number to <paramref name="to"/> until it holds the wanted count.</summary>
    public void Read(long after, int maxCount, List<StoredEvent> to)
    {
        Scan();
        if (RandomAccess.GetLength(_handle) > Bytes && IsClosed)
        {
            throw Damaged(Bytes);
        }

        long position = PositionOf(after + 1);
        int blockBytes = ReadBlockBytes;
        while (to.Count < maxCount && position < Bytes)
        {
            // A block of its own each time: the events that are read keep it alive.
            byte[] block = GC.AllocateUninitializedArray<byte>((int)Math.Min(blockBytes, Bytes - position));
            int read = RandomAccess.Read(_handle, block, position);
            int used = ReadBlock(block.AsMemory(0, read), position, after, maxCount, to, out int needed);
            position += used;
            blockBytes = Math.Max(ReadBlockBytes, needed);
            if (used == 0 && needed <= read)
            {
                throw new InvalidDataException($"'{Path}' cannot be read at byte {position}.");
            }
        }
    }

    public void Delete()
    {
        File.Delete(Path);
        Dispose();
    }

    public void Dispose() => _handle.Dispose();

    private int ReadBlock(
        ReadOnlyMemory<byte> block, long position, long after, int maxCount, List<StoredEvent> to, out int needed)
    {
        int used = 0;
        needed = 0;
        while (to.Count < maxCount && block.Length - used >= EventFrame.HeaderBytes)
        {
            ReadOnlyMemory<byte> rest = block[used..];
            if (!EventFrame.TryReadHeader(rest.Span, out FrameHeader header))
            {
                throw Damaged(position + used);
            }

            if (header.TotalBytes > rest.Length)
            {
                needed = header.TotalBytes;
                break;
            }

            if (header.LastSequence > after)
            {
                if (!EventFrame.IsIntact(rest.Span, header))
                {
                    throw Damaged(position + used);
                }

                EventFrameReader.Read(rest, header, after, maxCount, to);
            }

            used += header.TotalBytes;
        }

        return used;
    }

    private InvalidDataException Damaged(long position) => new($"'{Path}' is damaged at byte {position}.");

    private void Scan()
    {
        if (_unscanned)
        {
            lock (_scanGate)
            {
                if (_unscanned)
                {
                    ScanFrames();
                    _unscanned = false;
                }
            }
        }
    }

    // Stops at the first frame that is not whole, which is where a killed writer stopped.
    private void ScanFrames()
    {
        long length = RandomAccess.GetLength(_handle);
        byte[] block = new byte[Math.Min(length, 1024 * 1024)];
        while (_bytes < length)
        {
            int read = RandomAccess.Read(_handle, block, _bytes);
            int used = 0;
            FrameHeader header = default;
            while (EventFrame.TryReadHeader(block.AsSpan(used, read - used), out header)
                && header.TotalBytes <= read - used
                && EventFrame.IsIntact(block.AsSpan(used), header))
            {
                Advance(header.FirstSequence, header.EnqueuedTicks, header.Count, header.TotalBytes);
                used += header.TotalBytes;
            }

            if (used == 0)
            {
                bool larger = header.TotalBytes > read && _bytes + header.TotalBytes <= length;
                if (!larger)
                {
                    return;
                }

                block = new byte[header.TotalBytes];
            }
        }
    }

    private void Advance(long firstSequence, long enqueuedTicks, int count, int bytes)
    {
        lock (_indexGate)
        {
            if (_index.Count == 0 || _bytes - _index[^1].Position >= IndexEveryBytes)
            {
                _index.Add((firstSequence, _bytes));
            }
        }

        if (FirstTicks < 0)
        {
            FirstTicks = enqueuedTicks;
        }

        LastSequence = firstSequence + count - 1;
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    private long PositionOf(long sequence)
    {
        lock (_indexGate)
        {
            int low = 0;
            int high = _index.Count - 1;
            long position = 0;
            while (low <= high)
            {
                int middle = (low + high) / 2;
                if (_index[middle].FirstSequence <= sequence)
                {
                    position = _index[middle].Position;
                    low = middle + 1;
                }
                else
                {
                    high = middle - 1;
                }
            }

            return position;
        }
    }
}
