using Microsoft.Extensions.Logging;

namespace FinVault.Platform.RateLimits;

/// <summary>
/// Fixed-window limits that hold across all instances. The store counts; an instance takes several calls from the
/// counter at once and lets them through by itself, so a limit costs a write only every few calls, and once a window is
/// used up, a caller that does not stop costs no write at all. What an instance has taken and not used is lost to the
/// others for the rest of the window: a limit may be a little stricter than it says, never laxer.
/// <para>
/// When the store does not answer, each instance counts alone: a limit is no reason to fail.
/// </para>
/// </summary>
public sealed partial class RateLimiter(RateCounterStore counters, TimeProvider time, ILogger<RateLimiter> logger)
{
    private const int MaxWindows = 50_000;

    // A larger share would cost fewer writes, and be stricter with a caller who is spread over instances.
    private const int ShareOfLimit = 5;

    private readonly Lock _gate = new();
    private readonly LruEntries<Window> _windows = new(new CacheLimits(MaxWindows), time, null);

    /// <summary>Counts one call of a subject (a user, an address, a giveaway) against each limit.</summary>
    /// <returns>The first refusal, else the limit that is nearest to its end.</returns>
    public async ValueTask<RateVerdict> TakeAsync(
        string subject, IReadOnlyList<RateLimit> limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        // Before anything is taken: who has used up the minute would otherwise go on taking from each second.
        if (UsedUp(subject, limits) is { } refusal)
        {
            return refusal;
        }

        RateVerdict? tightest = null;
        foreach (RateLimit limit in limits)
        {
            RateVerdict verdict = await TakeAsync(subject, limit, cancellationToken);
            if (!verdict.Allowed)
            {
                return verdict;
            }

            tightest = tightest is null || Share(verdict) < Share(tightest) ? verdict : tightest;
        }

        return tightest ?? throw new ArgumentException("There is no limit to count against.", nameof(limits));
    }

    /// <summary>Counts one call of a subject against one limit.</summary>
    public async ValueTask<RateVerdict> TakeAsync(
        string subject, RateLimit limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limit);
        (Window window, long number, TimeSpan reset) = WindowOf(subject, limit);
        if (!window.TryUse(out int left))
        {
            await window.OneAtATime.WaitAsync(cancellationToken);
            try
            {
                // Whoever was here before may have taken enough for both.
                if (!window.TryUse(out left))
                {
                    await RefillAsync(window, subject, limit, number, cancellationToken);
                    return new(window.TryUse(out left), limit, left, reset);
                }
            }
            finally
            {
                window.OneAtATime.Release();
            }
        }

        return new(true, limit, left, reset);
    }

    /// <summary>The limit of which this instance knows that nothing is left; of several the one that lasts longest.</summary>
    private RateVerdict? UsedUp(string subject, IReadOnlyList<RateLimit> limits)
    {
        RateVerdict? longest = null;
        foreach (RateLimit limit in limits)
        {
            (Window window, _, TimeSpan reset) = WindowOf(subject, limit);
            if (window.UsedUp && (longest is null || reset > longest.Reset))
            {
                longest = new(false, limit, 0, reset);
            }
        }

        return longest;
    }

    private (Window Window, long Number, TimeSpan Reset) WindowOf(string subject, RateLimit limit)
    {
        DateTimeOffset now = time.GetUtcNow();
        long number = now.UtcTicks / limit.Window.Ticks;
        TimeSpan reset = TimeSpan.FromTicks(((number + 1) * limit.Window.Ticks) - now.UtcTicks);
        return (Find($"{limit.Name}:{subject}:{number}", reset), number, reset);
    }

    private static double Share(RateVerdict verdict) => (double)verdict.Remaining / verdict.Limit.Calls;

    private Window Find(string key, TimeSpan reset)
    {
        lock (_gate)
        {
            if (!_windows.TryTake(key, out Window window))
            {
                window = new Window();
                _windows.Store(key, window, reset);
            }

            return window;
        }
    }

    private async Task RefillAsync(
        Window window, string subject, RateLimit limit, long number, CancellationToken cancellationToken)
    {
        if (window.Exhausted)
        {
            return;
        }

        int share = Math.Max(1, limit.Calls / ShareOfLimit);
        try
        {
            Taken taken = await counters.TakeAsync(subject, limit, number, share, cancellationToken);
            window.Add(taken.Calls, limit.Calls - taken.Total, taken.Total >= limit.Calls);
        }
        catch (Exception failure) when (
            Failures.IsTransient(failure) && !cancellationToken.IsCancellationRequested)
        {
            LogCountedAlone(limit.Name, failure);
            int alone = Math.Min(share, limit.Calls - window.Added);
            window.Add(alone, 0, alone <= 0);
        }
    }

    [LoggerMessage(1202, LogLevel.Warning, "The limit {Limit} is counted by this instance alone: the store did not answer")]
    private partial void LogCountedAlone(string limit, Exception failure);

    /// <summary>What this instance may still let through in one window.</summary>
    private sealed class Window
    {
        private int _left;
        private int _elsewhere;

        public SemaphoreSlim OneAtATime { get; } = new(1, 1);

        /// <summary>Calls that this instance has taken so far.</summary>
        public int Added { get; private set; }

        /// <summary>True once the counter has none left, so that it need not be asked again.</summary>
        public bool Exhausted { get; private set; }

        /// <summary>True when neither the counter nor this instance has any left.</summary>
        public bool UsedUp => Exhausted && Volatile.Read(ref _left) <= 0;

        public bool TryUse(out int remaining)
        {
            int left = Interlocked.Decrement(ref _left);
            if (left < 0)
            {
                Interlocked.Increment(ref _left);
            }

            remaining = Math.Max(0, left) + Volatile.Read(ref _elsewhere);
            return left >= 0;
        }

        public void Add(int calls, int elsewhere, bool isLast)
        {
            Exhausted = isLast;
            Added += Math.Max(0, calls);
            Volatile.Write(ref _elsewhere, Math.Max(0, elsewhere));
            Interlocked.Add(ref _left, Math.Max(0, calls));
        }
    }
}
