using System.Text.Json.Nodes;
using FinVault.Conformance;
using FinVault.Local.Durable;
using FinVault.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>Orchestrators that stay in memory between passes, awaits that are not durable, and versions.</summary>
public sealed class SessionTests
{
    /// <summary>They speak of replays, which an extended session does not make.</summary>
    static readonly string[] AboutReplay =
        ["determinism/other-activity", "determinism/side-effects", "determinism/is-replaying", "timers/clock"];

    [Fact]
    public async Task ExtendedSessions_AnswerAsReplayDoes()
    {
        DurableOptions extended = new()
        {
            ExtendedSessionsEnabled = true,
            MaxConcurrentActivityFunctions = 400,
            MaxConcurrentOrchestratorFunctions = 100,
        };
        ConformanceRuns replayed = new(), kept = new(extended);
        foreach (string id in ConformanceRuns.All.Select(s => s.Id).Except(AboutReplay))
        {
            JsonNode? expected = await replayed.Of(id), actual = await kept.Of(id);
            Assert.Empty(ConformanceSuite.Compare(expected, actual, id));
        }
    }

    [Fact]
    public async Task ExtendedSession_ThatIdles_IsRebuiltFromHistory()
    {
        ManualClock clock = new();
        int passes = 0;
        await using TestEngine engine = new(
            time: clock,
            options: new() { ExtendedSessionsEnabled = true, ExtendedSessionIdleTimeoutInSeconds = 10 });
        engine.Orchestrator("Counts", async c =>
        {
            Interlocked.Increment(ref passes);
            await c.WaitForExternalEvent<int>("Go");
            return await c.WaitForExternalEvent<int>("Go");
        });
        engine.Orchestrator("Other", c => Task.FromResult<object?>(null));
        await engine.StartAsync();
        await engine.Start("Counts", id: "c");
        await engine.UntilStatus("c", OrchestrationRuntimeStatus.Running);
        await engine.Client.RaiseEventAsync("c", "Go", 1);
        clock.Advance(TimeSpan.FromMinutes(1));
        await engine.Run("Other");
        clock.Advance(TimeSpan.FromMinutes(1));
        await engine.Run("Other");
        await engine.Client.RaiseEventAsync("c", "Go", 2);

        Assert.Equal(2, (await engine.End("c")).ReadOutputAs<int>());
        Assert.Equal(2, passes);
    }

    [Theory]
    [InlineData("delay beside a durable wait")]
    [InlineData("thread pool")]
    [InlineData("never")]
    public async Task NonDurableAwait_FailsTheInstanceAndSaysWhy(string what)
    {
        await using TestEngine engine = new();
        engine.Orchestrator("Strays", async c =>
        {
            switch (what)
            {
                case "delay beside a durable wait":
                    await Task.WhenAny(c.WaitForExternalEvent<int>("Never"), Task.Delay(30));
                    break;
                case "thread pool":
                    await c.CallActivityAsync("Echo").ConfigureAwait(false);
                    break;
                default:
                    await new TaskCompletionSource().Task;
                    break;
            }

            return await c.CallActivityAsync<string>("Echo", "never seen");
        });
        await engine.StartAsync();
        OrchestrationMetadata ended = await engine.Run("Strays");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Equal("System.InvalidOperationException", ended.FailureDetails!.ErrorType);
        Assert.Contains(
            "An invalid asynchronous invocation was detected", ended.FailureDetails.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VersionMatchStrategy.None, "9.0", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.9", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.1", false)]
    [InlineData(VersionMatchStrategy.Strict, "1.9", false)]
    [InlineData(VersionMatchStrategy.Strict, "2.0", true)]
    public async Task Version_OfAnInstance_DecidesWhetherThisWorkerTakesIt(
        VersionMatchStrategy strategy, string version, bool taken)
    {
        DurableOptions options = new()
        {
            DefaultVersion = "2.0",
            VersionMatchStrategy = strategy,
            VersionFailureStrategy = VersionFailureStrategy.Fail,
        };
        await using TestEngine engine = new(options: options);
        engine.Orchestrator("Versioned", c => Task.FromResult<object?>(c.Version));
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Versioned", null, new StartOrchestrationOptions("v") { Version = version });
        OrchestrationMetadata ended = await engine.End("v");
        Assert.Equal(taken ? null : "VersionMismatch", ended.FailureDetails?.ErrorType);
        Assert.Equal("2.0", (await engine.Run("Versioned")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Version_ThatIsRejected_WaitsForAWorkerThatTakesIt()
    {
        using TestFolder folder = new();
        await using (TestEngine old = new(folder.File(), options: new() { DefaultVersion = "1.0" }))
        {
            old.Orchestrator("Versioned", c => Task.FromResult<object?>(c.Version));
            await old.StartAsync();
            await old.Client.ScheduleNewOrchestrationInstanceAsync(
                "Versioned", null, new StartOrchestrationOptions("v") { Version = "2.0" });
            await old.Run("Versioned");
            Assert.Equal(OrchestrationRuntimeStatus.Pending, await old.Status("v"));
            await old.Client.ScheduleNewOrchestrationInstanceAsync(
                "Versioned", null, new StartOrchestrationOptions("unwanted") { Version = "3.0" });
            await old.Client.TerminateInstanceAsync("unwanted");
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await old.End("unwanted")).RuntimeStatus);
        }

        await using TestEngine next = new(folder.File(), options: new() { DefaultVersion = "2.0" });
        next.Orchestrator("Versioned", c => Task.FromResult<object?>(c.Version));
        await next.StartAsync();
        Assert.Equal("2.0", (await next.End("v")).ReadOutputAs<string>());
    }
}
