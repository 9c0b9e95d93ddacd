namespace FinVault.Platform;

/// <summary>What a cache may hold, and how long a load may take.</summary>
/// <param name="MaxEntries">Entries; the least recently used goes first.</param>
/// <param name="MaxBytes">Sum of the sizes that the cache's size function reports; null is no limit.</param>
public sealed record CacheLimits(int MaxEntries, long? MaxBytes = null)
{
    /// <summary>How long an absent value (null) is remembered at most.</summary>
    public TimeSpan NegativeTimeToLive { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A load is cancelled after this, so that one that hangs does not take all its waiters along.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// A read-through cache in the process. However many ask for an absent key at once, it is loaded once; an entry lives
/// for the time given with it; a null is remembered for a short time; a failed load is remembered not at all and thrown
/// to those who waited for it. A load that began before an invalidation never fills the cache after it.
/// </summary>
/// <param name="name">The <c>cache</c> tag of its metrics.</param>
/// <param name="sizeOf">Bytes of a value, where <see cref="CacheLimits.MaxBytes"/> counts.</param>
public sealed class ReadThroughCache<T>(
    string name, CacheLimits limits, TimeProvider time, Func<T, long>? sizeOf = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> byUse = new();
    private readonly Dictionary<string, Task<T>> loads = new(StringComparer.Ordinal);
    private long bytes;

    /// <summary>Look-ups so far that were answered without a load of their own, and those that were not.</summary>
    public long Hits => Interlocked.Read(ref hits);

    public long Misses => Interlocked.Read(ref misses);

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    private long hits;
    private long misses;

    /// <summary>The value of <paramref name="key"/>: from the cache, from a load in flight, or from a load begun now.</summary>
    /// <param name="load">Is cancelled by its own timeout, not by <paramref name="cancellation"/>: others may wait for it.</param>
    public ValueTask<T> GetAsync(
        string key, TimeSpan timeToLive, Func<CancellationToken, Task<T>> load, CancellationToken cancellation) =>
        GetAsync(key, _ => timeToLive, load, cancellation);

    /// <summary>The same, where the value decides how long it lives.</summary>
    public ValueTask<T> GetAsync(
        string key, Func<T, TimeSpan> timeToLive, Func<CancellationToken, Task<T>> load, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(timeToLive);
        ArgumentNullException.ThrowIfNull(load);
        TaskCompletionSource<T>? mine = null;
        Task<T>? pending;
        lock (gate)
        {
            if (TryTake(key, out T value))
            {
                Note("hit");
                return ValueTask.FromResult(value);
            }

            if (!loads.TryGetValue(key, out pending))
            {
                mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
                pending = loads[key] = mine.Task;
            }
        }

        Note(mine is null ? "shared" : "miss");
        if (mine is not null)
        {
            _ = LoadAsync(key, timeToLive, load, mine);
        }

        return new(pending.WaitAsync(cancellation));
    }

    /// <summary>Drops one key.</summary>
    public void Invalidate(string key)
    {
        lock (gate)
        {
            loads.Remove(key);
            Remove(key);
        }
    }

    /// <summary>Drops every key under <c>prefix:</c>, and never the bare key <paramref name="prefix"/> itself.</summary>
    public void InvalidatePrefix(string prefix)
    {
        string start = prefix + ":";
        lock (gate)
        {
            List<string> dropped = [.. entries.Keys.Concat(loads.Keys).Where(Matches)];
            foreach (string key in dropped)
            {
                loads.Remove(key);
                Remove(key);
            }
        }

        bool Matches(string key) => key.StartsWith(start, StringComparison.Ordinal);
    }

    private async Task LoadAsync(
        string key, Func<T, TimeSpan> timeToLive, Func<CancellationToken, Task<T>> load, TaskCompletionSource<T> mine)
    {
        using CancellationTokenSource timeout = new(limits.LoadTimeout, time);
        try
        {
            // WaitAsync, since a load may ignore its token.
            T value = await load(timeout.Token).WaitAsync(timeout.Token);
            TimeSpan life = value is null ? limits.NegativeTimeToLive : timeToLive(value);
            Finish(key, mine, () => Store(key, value, life));
            mine.SetResult(value);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            Finish(key, mine, null);
            Fail(mine, new TimeoutException($"Loading '{key}' into the cache '{name}' took longer than {limits.LoadTimeout}."));
        }
        catch (Exception failure)
        {
            Finish(key, mine, null);
            Fail(mine, failure);
        }
    }

    private static void Fail(TaskCompletionSource<T> mine, Exception failure)
    {
        mine.SetException(failure);
        // Every waiter may have left: then nobody else looks at the exception.
        _ = mine.Task.Exception;
    }

    private void Finish(string key, TaskCompletionSource<T> mine, Action? store)
    {
        lock (gate)
        {
            // No longer registered: invalidated meanwhile, so what was read may be old.
            if (loads.TryGetValue(key, out Task<T>? current) && current == mine.Task)
            {
                loads.Remove(key);
                store?.Invoke();
            }
        }
    }

    private bool TryTake(string key, out T value)
    {
        if (entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            if (time.GetUtcNow() < node.Value.Expires)
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
                value = node.Value.Value;
                return true;
            }

            Remove(key);
        }

        value = default!;
        return false;
    }

    private void Store(string key, T value, TimeSpan life)
    {
        long size = value is null || sizeOf is null ? 0 : sizeOf(value);
        if (life <= TimeSpan.Zero || size > limits.MaxBytes)
        {
            return;
        }

        Remove(key);
        entries[key] = byUse.AddFirst(new Entry(key, value, size, time.GetUtcNow() + life));
        bytes += size;
        while (entries.Count > limits.MaxEntries || bytes > limits.MaxBytes)
        {
            Remove(byUse.Last!.Value.Key);
            Telemetry.CacheEvictionCount.Add(1, new KeyValuePair<string, object?>("cache", name));
        }
    }

    private void Remove(string key)
    {
        if (entries.Remove(key, out LinkedListNode<Entry>? node))
        {
            byUse.Remove(node);
            bytes -= node.Value.Size;
        }
    }

    private void Note(string result)
    {
        Interlocked.Increment(ref result == "miss" ? ref misses : ref hits);
        Telemetry.CacheRequestCount.Add(1, new("cache", name), new("result", result));
    }

    private sealed record Entry(string Key, T Value, long Size, DateTimeOffset Expires);
}

/// <summary>Cache keys: segments joined by <c>:</c>, each escaped, so that no two lists of segments make one key.</summary>
public static class CacheKey
{
    public static string Of(params ReadOnlySpan<string> segments)
    {
        string[] escaped = new string[segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            escaped[i] = Uri.EscapeDataString(segments[i]);
        }

        return string.Join(':', escaped);
    }
}
