using DurableTask.Core.History;
using FinVault.Local.Durable;
using FinVault.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>What is on disk is where an engine goes on.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task Restart_WhenAnActivityHasNoResultYet_RunsItAgainAndKeepsEarlierResults()
    {
        using TestFolder folder = new();
        string id;
        await using (TestEngine first = await Steps(new(folder.File())).StartAsync())
        {
            id = await first.Start("Steps");
            await first.UntilRan("b");
        }

        await using TestEngine second = Steps(new(folder.File()));
        second.Open("b");
        await second.StartAsync();
        OrchestrationMetadata done = await second.End(id);

        Assert.Equal("abc", done.ReadOutputAs<string>());
        Assert.Equal(["b", "c"], second.Ran);
    }

    [Fact]
    public async Task Journal_WhenOlderGenerationsAreFoldedIntoRows_LosesNothing()
    {
        using TestFolder folder = new();
        string waiting;
        await using (TestEngine first = await Steps(new(folder.File(), journalLimit: 1_000)).StartAsync())
        {
            waiting = await first.Start("Waits");
            await first.Client.RaiseEventAsync(waiting, "Tick", 1);
            foreach (int i in Enumerable.Range(0, 60))
            {
                await first.Run("Echoes", i, $"echo-{i:D3}");
            }
        }

        await using TestEngine second = await Steps(new(folder.File())).StartAsync();
        await second.Client.RaiseEventAsync(waiting, "Tick", 2);
        int[]? ticks = (await second.End(waiting)).ReadOutputAs<int[]>();
        Assert.Equal((int[])[1, 2], ticks);
        Assert.Equal(17, (await second.End("echo-017")).ReadOutputAs<int>());
        Assert.Equal(61, await second.Client.GetAllInstancesAsync().CountAsync());
    }

    [Fact]
    public async Task Restart_WhenSuspendedAndWithEarlyEvents_IsAsBefore()
    {
        using TestFolder folder = new();
        string id;
        await using (TestEngine first = await Steps(new(folder.File())).StartAsync())
        {
            id = await first.Start("Waits");
            await first.UntilStatus(id, OrchestrationRuntimeStatus.Running);
            await first.Client.SuspendInstanceAsync(id, "look at it");
            await first.UntilStatus(id, OrchestrationRuntimeStatus.Suspended);
            await first.Client.RaiseEventAsync(id, "Tick", 1);
        }

        await using TestEngine second = await Steps(new(folder.File())).StartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await second.Status(id));
        await second.Client.RaiseEventAsync(id, "Tick", 2);
        await second.Client.ResumeInstanceAsync(id);
        int[]? ticks = (await second.End(id)).ReadOutputAs<int[]>();
        Assert.Equal((int[])[1, 2], ticks);
    }

    [Fact]
    public async Task Timer_OfAHundredDays_OutlivesRestartsAndFiresOnItsDay()
    {
        using TestFolder folder = new();
        ManualClock clock = new();
        DateTimeOffset due = clock.GetUtcNow().AddDays(100);
        string id = "";
        for (int life = 0; life < 3; life++)
        {
            await using TestEngine engine = await Steps(new(folder.File(), clock)).StartAsync();
            id = life == 0 ? await engine.Start("Sleeps", due.UtcDateTime) : id;
            for (int step = 0; step < 11; step++)
            {
                await clock.WhenTimersAsync(1);
                clock.Advance(TimeSpan.FromDays(3));
            }

            Assert.Equal(OrchestrationRuntimeStatus.Running, await engine.Status(id));
        }

        await using TestEngine last = await Steps(new(folder.File(), clock)).StartAsync();
        await clock.WhenTimersAsync(1);
        clock.AdvanceTo(due.AddTicks(-1));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await last.Status(id));
        await TestEngine.Until(
            async () =>
            {
                clock.AdvanceTo(due);
                return await last.Status(id) == OrchestrationRuntimeStatus.Completed;
            },
            "the end of the timer");
        IList<HistoryEvent> history = await last.Client.GetOrchestrationHistoryAsync(id);
        // Three days a link; one that was due over a restart may have fired late, and the next one spared.
        Assert.InRange(history.OfType<TimerFiredEvent>().Count(), 30, 34);
        Assert.True((await last.End(id)).ReadOutputAs<DateTime>() >= due.UtcDateTime);
    }

    [Fact]
    public async Task Stop_WaitsForRunningActivitiesAndRecordsWhatTheyBring()
    {
        using TestFolder folder = new();
        TestEngine first = await Steps(new(folder.File())).StartAsync();
        string id = await first.Start("Steps");
        await first.UntilRan("b");
        Task stopped = first.Engine.StopAsync(default);
        Assert.False(stopped.IsCompleted);
        first.Open("b");
        await stopped;

        await using TestEngine second = await Steps(new(folder.File())).StartAsync();
        Assert.Equal("abc", (await second.End(id)).ReadOutputAs<string>());
        Assert.Equal(["c"], second.Ran);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Terminate_OfAStartInAMonth_EndsItAtOnce()
    {
        await using TestEngine engine = await Steps(new(null, new ManualClock())).StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echoes", 7, new StartOrchestrationOptions("later", new ManualClock().GetUtcNow().AddDays(30)));
        await engine.Client.TerminateInstanceAsync("later");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.End("later")).RuntimeStatus);
        Assert.Empty(engine.Ran);
    }

    [Fact]
    public async Task Start_InAMonth_WaitsAcrossARestart()
    {
        using TestFolder folder = new();
        ManualClock clock = new();
        await using (TestEngine first = await Steps(new(folder.File(), clock)).StartAsync())
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync(
                "Echoes", 7, new StartOrchestrationOptions("later", clock.GetUtcNow().AddDays(30)));
        }

        await using TestEngine second = await Steps(new(folder.File(), clock)).StartAsync();
        clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, await second.Status("later"));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(7, (await second.End("later")).ReadOutputAs<int>());
    }

    static TestEngine Steps(TestEngine engine)
    {
        engine.Orchestrator("Steps", async c => await c.CallActivityAsync<string>("Note", "a")
            + await c.CallActivityAsync<string>("Gate", "b") + await c.CallActivityAsync<string>("Note", "c"));
        engine.Orchestrator("Waits", async c => new[]
        {
            await c.WaitForExternalEvent<int>("Tick"), await c.WaitForExternalEvent<int>("Tick"),
        });
        engine.Orchestrator("Echoes", async c => await c.CallActivityAsync<int>("Echo", c.GetInput<int>()));
        engine.Orchestrator("Sleeps", async c =>
        {
            await c.CreateTimer(c.GetInput<DateTime>(), default);
            return c.CurrentUtcDateTime;
        });
        return engine;
    }
}
