using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>Timers on a clock that a test moves.</summary>
public sealed class TimerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2024, 1, 2, 4, 30, 0, TimeSpan.Zero);

    private readonly string _data = Directory.CreateTempSubdirectory("finvault-timers-").FullName;
    private readonly ManualClock _clock = new(Start);
    private int _timers;

    [Fact]
    public async Task Timer_FiresAtEachOccurrence_InUtc()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, typeof(EveryQuarter));

        await AdvanceAsync(journal, TimeSpan.FromMinutes(15), 1);
        await AdvanceAsync(journal, TimeSpan.FromMinutes(15), 2);

        Assert.Equal(["2024-01-02 04:45:00Z on time", "2024-01-02 05:00:00Z on time"], journal.Entries);
    }

    // A delay counts whole milliseconds: the rest of one must not be waited for without end.
    [Fact]
    public async Task Timer_OnAClockWithinAMillisecond_Fires()
    {
        var journal = new Journal();
        _clock.Advance(TimeSpan.FromTicks(3_909));
        await using AppHost app = await StartAsync(journal, typeof(EveryQuarter));

        await AdvanceAsync(journal, TimeSpan.FromMinutes(15), 1);

        Assert.Equal(["2024-01-02 04:45:00Z on time"], journal.Entries);
    }

    [Fact]
    public async Task Timer_ThatThrows_FiresAgain()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, typeof(Throws));

        await AdvanceAsync(journal, TimeSpan.FromMinutes(1), 1);
        await AdvanceAsync(journal, TimeSpan.FromMinutes(1), 2);

        Assert.Equal(2, app.Logs.All.Count(log => log.Exception?.Message == "a timer fails"));
    }

    [Fact]
    public async Task RunOnStartup_FiresAtOnce()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, typeof(AtOnce));

        await Eventually.TrueAsync(() => journal.Entries.Count == 1, "the timer fires at start");
    }

    [Fact]
    public async Task Monitor_NoticesWhatWasMissedWhileTheHostWasDown()
    {
        var journal = new Journal();
        await using (await StartAsync(journal, typeof(EveryQuarter)))
        {
            await AdvanceAsync(journal, TimeSpan.FromMinutes(15), 1);
        }

        _clock.Advance(TimeSpan.FromHours(1));
        await using AppHost again = await StartAsync(journal, typeof(EveryQuarter));

        await Eventually.TrueAsync(() => journal.Entries.Count == 2, "the missed occurrence is run");
        Assert.Equal("2024-01-02 05:45:00Z past due", journal.Entries.Last());
    }

    [Fact]
    public async Task Monitor_WhenNothingWasMissed_KeepsTheSchedule()
    {
        var journal = new Journal();
        await using (await StartAsync(journal, typeof(EveryQuarter)))
        {
            await AdvanceAsync(journal, TimeSpan.FromMinutes(15), 1);
        }

        await using AppHost again = await StartAsync(journal, typeof(EveryQuarter));
        await AdvanceAsync(journal, TimeSpan.FromMinutes(15), 2);

        Assert.Equal("2024-01-02 05:00:00Z on time", journal.Entries.Last());
    }

    [Fact]
    public void Monitor_WhenTheScheduleChanged_IsNotPastDue()
    {
        var monitor = new ScheduleMonitor(_data);
        DateTime now = Start.UtcDateTime;
        monitor.Write("F", new ScheduleStatus { Last = now.AddHours(-2), Next = now.AddHours(-1), LastUpdated = now.AddHours(-2) });

        ScheduleStatus opened = monitor.Open("F", TimerSchedule.Parse("0 0 12 * * *", now), now);

        Assert.Equal(now.Date.AddHours(12), opened.Next);
        Assert.Equal(opened.Next, monitor.Read("F")!.Next);
    }

    [Fact]
    public async Task Timer_NeverRunsTwiceAtOnce_AndDoesNotMakeUpForWhatItSlept()
    {
        var gate = new Gate();
        await using AppHost app = await StartAsync(gate, typeof(Slow));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.ResultAsync(gate.Entered.Task, "the timer runs");

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, gate.Runs);
        gate.Leave.SetResult();

        // It reckons from its own time: the occurrence after the first is over already and comes once, not ten times.
        await Eventually.TrueAsync(() => gate.Runs == 2, "the next occurrence runs");
        Assert.Equal(1, gate.Highest);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private async Task<AppHost> StartAsync(object shared, Type functions)
    {
        _timers = await AppHost.IdleTimersAsync(_clock) + 1;
        return await AppHost.WithFunctionsAsync(
            [functions], [shared], options: AppHost.Defaults with { Data = _data, Time = _clock });
    }

    private async Task AdvanceAsync(Journal journal, TimeSpan by, int entries)
    {
        // The listener must wait for time before time moves.
        await _clock.WhenTimersAsync(_timers);
        _clock.Advance(by);
        await Eventually.TrueAsync(() => journal.Entries.Count == entries, $"run {entries} of the timer");
    }

    public sealed class EveryQuarter(Journal journal, TimeProvider time)
    {
        [Function("Quarter")]
        public void Run([TimerTrigger("0 */15 * * * *")] TimerInfo timer) =>
            journal.Add($"{time.GetUtcNow():u} {(timer.IsPastDue ? "past due" : "on time")}");
    }

    public sealed class Throws(Journal journal)
    {
        [Function("Throws")]
        public void Run([TimerTrigger("00:01:00")] TimerInfo timer)
        {
            journal.Add("run");
            throw new InvalidOperationException(timer is null ? "" : "a timer fails");
        }
    }

    public sealed class AtOnce(Journal journal)
    {
        [Function("AtOnce")]
        public void Run([TimerTrigger("0 0 3 * * *", RunOnStartup = true)] TimerInfo timer) => journal.Add(timer.ToString()!);
    }

    public sealed class Gate
    {
        private int _inside;
        private int _runs;

        public TaskCompletionSource<bool> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Leave { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Runs => _runs;

        public int Highest { get; private set; }

        public async Task PassAsync()
        {
            Highest = Math.Max(Highest, Interlocked.Increment(ref _inside));
            Interlocked.Increment(ref _runs);
            Entered.TrySetResult(true);
            await Leave.Task;
            Interlocked.Decrement(ref _inside);
        }
    }

    public sealed class Slow(Gate gate)
    {
        [Function("Slow")]
        public Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => timer is null ? Task.CompletedTask : gate.PassAsync();
    }
}
