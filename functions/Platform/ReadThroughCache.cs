namespace FinVault.Platform;

/// <summary>
/// A read-through cache in the process. However many ask for an absent key at once, it is loaded once; an entry lives
/// for the time given with it; a null is remembered for a short time; a failed load is remembered not at all and thrown
/// to those who waited for it, unless an old value may stand in. What fails in the cache itself is nobody's failure. A
/// load that began before an invalidation never fills the cache after it.
/// </summary>
/// <param name="name">The <c>cache</c> tag of its metrics.</param>
/// <param name="sizeOf">Bytes of a value, where <see cref="CacheLimits.MaxBytes"/> counts.</param>
public sealed class ReadThroughCache<T>(
    string name, CacheLimits limits, TimeProvider time, Func<T, long>? sizeOf = null)
{
    private readonly Lock _gate = new();
    private readonly LruEntries<T> _entries = new(limits, time, sizeOf);
    private readonly Dictionary<string, Task<T>> _loads = new(StringComparer.Ordinal);
    private long _hits;
    private long _misses;

    /// <summary>Look-ups so far that were answered without a load of their own, and those that were not.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    public long Misses => Interlocked.Read(ref _misses);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>
    /// The value of <paramref name="key"/>: from the cache, from a load in flight, or from a load begun now.
    /// </summary>
    /// <param name="load">Is cancelled by its own timeout, not by <paramref name="cancellation"/>: others may wait for
    /// it.</param>
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
        lock (_gate)
        {
            if (_entries.TryTake(key, out T value))
            {
                Note("hit");
                return ValueTask.FromResult(value);
            }

            if (!_loads.TryGetValue(key, out pending))
            {
                mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
                pending = _loads[key] = mine.Task;
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
        lock (_gate)
        {
            _loads.Remove(key);
            _entries.Remove(key);
        }
    }

    /// <summary>
    /// Drops every key under <c>prefix:</c>, and never the bare key <paramref name="prefix"/> itself.
    /// </summary>
    public void InvalidatePrefix(string prefix)
    {
        string start = prefix + ":";
        lock (_gate)
        {
            List<string> dropped = [.. _entries.Keys.Concat(_loads.Keys).Where(Matches)];
            foreach (string key in dropped)
            {
                _loads.Remove(key);
                _entries.Remove(key);
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
            Finish(key, mine, () => Store(key, value, timeToLive));
            mine.SetResult(value);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            Finish(key, mine, null);
            Fail(mine, new TimeoutException(
                $"Loading '{key}' into the cache '{name}' took longer than {limits.LoadTimeout}."));
        }
        catch (Exception failure) when (Failures.IsTransient(failure) && TryTakeStale(key, mine, out T old))
        {
            Finish(key, mine, null);
            Note("stale");
            mine.SetResult(old);
        }
        catch (Exception failure)
        {
            Finish(key, mine, null);
            Fail(mine, failure);
        }
    }

    // Not after an invalidation: then it is known to be wrong.
    private bool TryTakeStale(string key, TaskCompletionSource<T> mine, out T old)
    {
        lock (_gate)
        {
            old = default!;
            return _loads.GetValueOrDefault(key) == mine.Task && _entries.TryTakeStale(key, out old);
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
        lock (_gate)
        {
            // No longer registered: invalidated meanwhile, so what was read may be old.
            if (_loads.TryGetValue(key, out Task<T>? current) && current == mine.Task)
            {
                _loads.Remove(key);
                store?.Invoke();
            }
        }
    }

    // What was loaded is good even where it cannot be kept (CACHE-01).
    private void Store(string key, T value, Func<T, TimeSpan> timeToLive)
    {
        KeyValuePair<string, object?> cache = new("cache", name);
        try
        {
            TimeSpan life = value is null ? limits.NegativeTimeToLive : timeToLive(value);
            int evicted = _entries.Store(key, value, life);
            if (evicted > 0)
            {
                Telemetry.CacheEvictionCount.Add(evicted, cache);
            }
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            Telemetry.CacheFailureCount.Add(1, cache);
        }
    }

    private void Note(string result)
    {
        // A stale value was counted as the miss it is.
        if (result != "stale")
        {
            Interlocked.Increment(ref result == "miss" ? ref _misses : ref _hits);
            CacheRates.Note(name, result != "miss");
        }

        Telemetry.CacheRequestCount.Add(1, new("cache", name), new("result", result));
    }
}
