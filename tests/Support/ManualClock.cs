namespace FinVault.Tests.Support;

/// <summary>
/// A clock that stands still until a test moves it. Timers due fire in order of their due time, on the thread that
/// advances, each at exactly its own instant. One that is set for now, or for what is over, waits for nobody to advance.
/// </summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private readonly List<(Func<bool> IsMet, TaskCompletionSource Reached)> waits = [];
    private DateTimeOffset now = start.ToUniversalTime();

    /// <summary>A Tuesday in session on the NSE: 2024-01-02, 10:00:00 IST.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2024, 1, 2, 4, 30, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are set and have not fired.</summary>
    public int PendingTimers
    {
        get
        {
            lock (gate)
            {
                return timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by) => AdvanceTo(GetUtcNow() + by);

    public void AdvanceTo(DateTimeOffset target)
    {
        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>
    /// Goes to a moment at once, as when a machine slept: what is due fires once, however many periods were slept through.
    /// For long times, of which <see cref="AdvanceTo"/> goes through every tick.
    /// </summary>
    public void Jump(TimeSpan by) => JumpTo(GetUtcNow() + by);

    /// <inheritdoc cref="Jump"/>
    public void JumpTo(DateTimeOffset target)
    {
        ManualTimer[] due;
        lock (gate)
        {
            now = target > now ? target : now;
            due = [.. timers.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due)];
            foreach (ManualTimer timer in due)
            {
                timer.Rearm();
                timer.Due = timer.Due > now ? timer.Due : now + (timer.Period ?? TimeSpan.Zero);
            }
        }

        foreach (ManualTimer timer in due)
        {
            timer.Fire();
        }
    }

    /// <summary>Completes once at least <paramref name="count"/> timers are set: the code under test now waits for time.</summary>
    public Task WhenTimersAsync(int count) => WhenAsync(() => timers.Count >= count);

    /// <summary>
    /// Completes once there is a timer for each of these times from now, to the millisecond: what is waited for is named, so
    /// that no other timer, set for a moment by something else, is taken for it.
    /// </summary>
    public Task WhenDueAsync(params TimeSpan[] times) => WhenAsync(() => Array.TrueForAll(
        times, time => timers.Exists(timer => (timer.Due - now - time).Duration() < TimeSpan.FromMilliseconds(1))));

    private Task WhenAsync(Func<bool> isMet)
    {
        lock (gate)
        {
            if (isMet())
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waits.Add((isMet, reached));
            return reached.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            ManualTimer? next = timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            DateTimeOffset reached = next?.Due ?? target;
            now = reached > now ? reached : now;
            next?.Rearm();
            return next;
        }
    }

    private void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            timers.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period : null;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = now + dueTime;
            timers.Add(timer);
            waits.RemoveAll(wait => wait.IsMet() && wait.Reached.TrySetResult());
        }

        // As every clock does. What sets it may have been late, after the test has moved the clock for the last time.
        if (dueTime <= TimeSpan.Zero)
        {
            ThreadPool.QueueUserWorkItem(_ => FireWhenDue(timer));
        }
    }

    private void FireWhenDue(ManualTimer timer)
    {
        lock (gate)
        {
            if (!timers.Contains(timer) || timer.Due > now)
            {
                return;
            }

            timer.Rearm();
        }

        timer.Fire();
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan? Period { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime, period);
            return true;
        }

        /// <summary>Under the clock's lock: sets a periodic timer again, takes any other off the list.</summary>
        public void Rearm()
        {
            if (Period is { } period)
            {
                Due += period;
            }
            else
            {
                clock.timers.Remove(this);
            }
        }

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
