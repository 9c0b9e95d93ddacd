namespace FinVault.Platform;

/// <summary>
/// A cache's entries in order of use, each with its end, within limits of number and size. Not safe for concurrent use:
/// <see cref="ReadThroughCache{T}"/> holds its lock around every call.
/// </summary>
internal sealed class LruEntries<T>(CacheLimits limits, TimeProvider time, Func<T, long>? sizeOf)
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The value, if it is there and its time is not over; it then is the most recently used one.</summary>
    public bool TryTake(string key, out T value)
    {
        if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            if (time.GetUtcNow() < node.Value.Expires)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                value = node.Value.Value;
                return true;
            }

            if (time.GetUtcNow() >= node.Value.Expires + limits.StaleOnFailure)
            {
                Remove(key);
            }
        }

        value = default!;
        return false;
    }

    /// <summary>The value, if it is there and its time is over for no longer than is bearable.</summary>
    public bool TryTakeStale(string key, out T value)
    {
        bool found = _entries.TryGetValue(key, out LinkedListNode<Entry>? node)
            && time.GetUtcNow() < node.Value.Expires + limits.StaleOnFailure;
        value = found ? node!.Value.Value : default!;
        return found;
    }

    /// <summary>Keeps a value, and returns how many others had to go for it.</summary>
    public int Store(string key, T value, TimeSpan life)
    {
        long size = value is null || sizeOf is null ? 0 : sizeOf(value);
        if (life <= TimeSpan.Zero || size > limits.MaxBytes)
        {
            return 0;
        }

        Remove(key);
        _entries[key] = _byUse.AddFirst(new Entry(key, value, size, time.GetUtcNow() + life));
        _bytes += size;
        int evicted = 0;
        for (; _entries.Count > limits.MaxEntries || _bytes > limits.MaxBytes; evicted++)
        {
            Remove(_byUse.Last!.Value.Key);
        }

        return evicted;
    }

    public void Remove(string key)
    {
        if (_entries.Remove(key, out LinkedListNode<Entry>? node))
        {
            _byUse.Remove(node);
            _bytes -= node.Value.Size;
        }
    }

    private sealed record Entry(string Key, T Value, long Size, DateTimeOffset Expires);
}
