using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>
/// Fires one timer function: never two at once, the next time reckoned from when the last run ended, an error never ending
/// the schedule (TimerListener of the timer extension).
/// </summary>
internal sealed class TimerListener(
    FunctionModel function, TimerTriggerKind.Timer timer, ScheduleMonitor monitor, FunctionRunner runner, TimeProvider time)
    : FunctionListener
{
    // Above this a timer overflows; the listener waits in steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    private ScheduleStatus _status = new();
    private Task _running = Task.CompletedTask;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        DateTime now = Now;
        _status = timer.Monitored
            ? monitor.Open(function.Name, timer.Schedule, now)
            : new ScheduleStatus { Next = timer.Schedule.Next(now) };
        bool pastDue = timer.Monitored && now > _status.Next;
        // A test's clock must find the first wait registered when the host has started.
        Task first = pastDue || timer.RunOnStartup ? InvokeAsync(pastDue, scheduled: false) : Task.CompletedTask;
        _running = RunAsync(first);
        return Task.CompletedTask;
    }

    protected override Task FinishAsync() => _running;

    private async Task RunAsync(Task first)
    {
        await first;
        while (await WaitAsync(_status.Next))
        {
            await InvokeAsync(pastDue: false, scheduled: true);
        }
    }

    private async Task<bool> WaitAsync(DateTime due)
    {
        try
        {
            for (TimeSpan wait = due - Now; wait > TimeSpan.Zero; wait = due - Now)
            {
                await Task.Delay(wait < LongestWait ? Ceiling(wait) : LongestWait, time, Stopping);
            }

            return !Stopping.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // A delay counts whole milliseconds and cuts the rest off: it would end early, and then wait for nothing without end.
    private static TimeSpan Ceiling(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private async Task InvokeAsync(bool pastDue, bool scheduled)
    {
        DateTime invoked = Now;
        var info = new TimerInfo { IsPastDue = pastDue, ScheduleStatus = timer.Monitored ? _status : null };
        await runner.RunAsync(
            function, () => new TriggerInput(info, TriggerInput.NoData), Stopping, Abort);

        // Fired a little early, it must not reckon the same occurrence again.
        DateTime from = scheduled && _status.Next > invoked ? _status.Next : invoked;
        _status = new ScheduleStatus { Last = from, Next = timer.Schedule.Next(from), LastUpdated = from };
        if (timer.Monitored)
        {
            monitor.Write(function.Name, _status);
        }
    }
}
