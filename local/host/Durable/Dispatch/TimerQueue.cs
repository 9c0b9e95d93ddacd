namespace FinVault.Local.Durable;

/// <summary>A point in time that an instance waits for.</summary>
sealed record DueTimer(Instance Instance, int Id, DateTime FireAt)
{
    public bool IsCancelled { get; set; }
}

/// <summary>
/// All timers by their due times, with one timer of the clock for the first of them: nothing polls. However far away,
/// the clock is asked for no more than a day at once.
/// </summary>
sealed class TimerQueue : IDisposable
{
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>A clock that went on by this while it was set (a machine slept, a test moved it) is set again.</summary>
    static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    readonly TimeProvider time;
    readonly Action<DueTimer> fire;
    readonly ITimer clock;
    readonly Lock gate = new();
    PriorityQueue<DueTimer, DateTime> timers = new();
    DateTime armedFor = DateTime.MaxValue;
    int cancelled;
    bool disposed;

    public TimerQueue(TimeProvider time, Action<DueTimer> fire)
    {
        this.time = time;
        this.fire = fire;
        clock = time.CreateTimer(_ => OnClock(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return timers.Count - cancelled;
            }
        }
    }

    public void Add(DueTimer timer)
    {
        lock (gate)
        {
            timers.Enqueue(timer, timer.FireAt);
            if (timer.FireAt < armedFor)
            {
                Arm(timer.FireAt);
            }
        }
    }

    /// <summary>The timer will not fire; its place is freed when it is due, or when half of all are such.</summary>
    public void Cancel(DueTimer timer)
    {
        lock (gate)
        {
            if (timer.IsCancelled)
            {
                return;
            }

            timer.IsCancelled = true;
            if (++cancelled > 1000 && cancelled > timers.Count / 2)
            {
                timers = new(timers.UnorderedItems.Where(t => !t.Element.IsCancelled));
                cancelled = 0;
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
        }

        clock.Dispose();
    }

    void OnClock()
    {
        List<DueTimer> due = [];
        lock (gate)
        {
            armedFor = DateTime.MaxValue;
            DateTime now = time.GetUtcNow().UtcDateTime;
            while (timers.TryPeek(out DueTimer? next, out DateTime at) && at <= now)
            {
                timers.Dequeue();
                if (next.IsCancelled)
                {
                    cancelled--;
                }
                else
                {
                    // Too late to cancel: it is not in the queue any more.
                    next.IsCancelled = true;
                    due.Add(next);
                }
            }

            if (timers.TryPeek(out _, out DateTime first))
            {
                Arm(first);
            }
        }

        due.ForEach(fire);
    }

    void Arm(DateTime at)
    {
        if (disposed)
        {
            return;
        }

        armedFor = at;
        DateTime now;
        do
        {
            now = time.GetUtcNow().UtcDateTime;
            TimeSpan wait = at - now;
            clock.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? Ceiling(wait) : LongestWait,
                Timeout.InfiniteTimeSpan);
        }
        while (time.GetUtcNow().UtcDateTime - now > Jump);
    }

    /// <summary>Clocks count whole milliseconds and cut the rest off, which would be early.</summary>
    static TimeSpan Ceiling(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}
