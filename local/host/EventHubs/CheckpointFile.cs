using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FinVault.Local.EventHubs;

/// <summary>
/// Where each consumer group is in each partition. On disk a text of lines <c>crc group partition sequence</c>, of
/// which the last one counts; a torn last line is ignored. It is rewritten when it is opened and when it has grown.
/// Thread-safe.
/// </summary>
internal sealed class CheckpointFile : IDisposable
{
    private const int CompactAtBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Group, int Partition), long> _checkpoints = [];
    private readonly HashSet<string> _groups = [];
    private readonly string? _path;
    private SafeFileHandle? _handle;
    private long _bytes;

    public CheckpointFile(string? path)
    {
        _path = path;
        if (path is null)
        {
            return;
        }

        if (File.Exists(path))
        {
            foreach (string line in File.ReadLines(path))
            {
                Apply(line);
            }
        }

        Compact();
    }

    /// <summary>The last processed sequence number, -1 at the start. A group that asks holds back retention from now on.</summary>
    public long Get(string group, int partition)
    {
        lock (_gate)
        {
            _groups.Add(group);
            return _checkpoints.GetValueOrDefault((group, partition), -1);
        }
    }

    public void Set(string group, int partition, long sequenceNumber)
    {
        lock (_gate)
        {
            _groups.Add(group);
            _checkpoints[(group, partition)] = sequenceNumber;
            if (_handle is null)
            {
                return;
            }

            byte[] line = Line(group, partition, sequenceNumber);
            RandomAccess.Write(_handle, line, _bytes);
            _bytes += line.Length;
            if (_bytes > CompactAtBytes)
            {
                Compact();
            }
        }
    }

    /// <summary>The last event that every known group has processed; with no group, there is nothing to wait for.</summary>
    public long ProcessedByAll(int partition)
    {
        lock (_gate)
        {
            long least = long.MaxValue;
            foreach (string group in _groups)
            {
                least = Math.Min(least, _checkpoints.GetValueOrDefault((group, partition), -1));
            }

            return least;
        }
    }

    /// <summary>The furthest any group has come, -1 if none.</summary>
    public long Furthest(int partition)
    {
        lock (_gate)
        {
            return _checkpoints.Where(entry => entry.Key.Partition == partition)
                .Select(entry => entry.Value).DefaultIfEmpty(-1).Max();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _handle?.Dispose();
            _handle = null;
        }
    }

    private static byte[] Line(string group, int partition, long sequenceNumber)
    {
        string entry = string.Create(CultureInfo.InvariantCulture, $"{group} {partition} {sequenceNumber}");
        return Encoding.UTF8.GetBytes($"{Checksum(entry)} {entry}\n");
    }

    private static string Checksum(string entry) =>
        EventFrame.Crc(uint.MaxValue, Encoding.UTF8.GetBytes(entry)).ToString("x8", CultureInfo.InvariantCulture);

    private void Apply(string line)
    {
        string[] parts = line.Split(' ');
        if (parts.Length == 4
            && parts[0] == Checksum(line[(parts[0].Length + 1)..])
            && int.TryParse(parts[2], CultureInfo.InvariantCulture, out int partition)
            && long.TryParse(parts[3], CultureInfo.InvariantCulture, out long sequenceNumber))
        {
            _groups.Add(parts[1]);
            _checkpoints[(parts[1], partition)] = sequenceNumber;
        }
    }

    // A new file in the old one's place: whoever is killed in the middle leaves either of them whole.
    private void Compact()
    {
        string fresh = _path + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create))
        {
            foreach (((string group, int partition), long sequenceNumber) in _checkpoints)
            {
                stream.Write(Line(group, partition, sequenceNumber));
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, _path!, overwrite: true);
        _handle?.Dispose();
        _handle = File.OpenHandle(_path!, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        _bytes = RandomAccess.GetLength(_handle);
    }
}
