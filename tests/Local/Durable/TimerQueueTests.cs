using FinVault.Local.Durable;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Durable;

public sealed class TimerQueueTests
{
    private static readonly TimeSpan Slept = TimeSpan.FromMinutes(2);

    [Fact]
    public void Timer_WhenTheClockJumpsWhileItIsSet_FiresAtItsTimeAllTheSame()
    {
        ManualClock clock = new();
        List<DueTimer> fired = [];
        using TimerQueue queue = new(new SleepyClock(clock), fired.Add);
        DueTimer due = new(null!, 1, clock.GetUtcNow().UtcDateTime + Slept - TimeSpan.FromSeconds(1));

        queue.Add(due);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([due], fired);
    }

    /// <summary>Falls asleep once, right after it was asked for the time.</summary>
    private sealed class SleepyClock(ManualClock clock) : TimeProvider
    {
        private bool _slept;

        public override DateTimeOffset GetUtcNow()
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!_slept)
            {
                _slept = true;
                clock.Advance(Slept);
            }

            return now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }
}
