using FinVault.Local.Durable;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Durable;

public sealed class TimerQueueTests
{
    private static readonly TimeSpan Slept = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Timer_WhenTheClockJumpsWhileItIsSet_FiresAtItsTimeAllTheSame()
    {
        ManualClock clock = new();
        TaskCompletionSource<DueTimer> fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using TimerQueue queue = new(new SleepyClock(clock), fired.SetResult);
        DueTimer due = new(null!, 1, clock.GetUtcNow().UtcDateTime + Slept - TimeSpan.FromSeconds(1));

        queue.Add(due);

        Assert.Same(due, await Eventually.ResultAsync(fired.Task, "it fires"));
    }

    // Set by who was late, after a test had moved its clock past it: nobody moves the clock again for that.
    [Fact]
    public async Task Timer_ForWhatIsOver_FiresWhileTheClockStandsStill()
    {
        ManualClock clock = new();
        TaskCompletionSource<DueTimer> fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using TimerQueue queue = new(clock, fired.SetResult);
        DueTimer due = new(null!, 1, clock.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(1));

        queue.Add(due);

        Assert.Same(due, await Eventually.ResultAsync(fired.Task, "it fires"));
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
