using System.Globalization;
using DurableTask.Core.History;
using FinVault.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>What the conformance suite leaves to an engine's own tests.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task FanOut_OfAThousandActivities_GivesEveryResultInOrderAndKeepsToItsBound()
    {
        const int bound = 7;
        int running = 0, most = 0;
        await using TestEngine engine = new(options: new() { MaxConcurrentActivityFunctions = bound });
        engine.Activity("Square", async call =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            int n = (int)call.GetInput(typeof(int))!;
            return n * n;
        });
        engine.Orchestrator("Squares", async c => await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(n => c.CallActivityAsync<int>("Square", n))));
        await engine.StartAsync();

        OrchestrationMetadata done = await engine.Run("Squares");

        Assert.Equal(Enumerable.Range(0, 1000).Select(n => n * n), done.ReadOutputAs<int[]>());
        Assert.InRange(most, 1, bound);
    }

    [Fact]
    public async Task Orchestrators_NeverRunMoreAtOnceThanTheirBound()
    {
        int running = 0, most = 0;
        await using TestEngine engine = new(options: new() { MaxConcurrentOrchestratorFunctions = 1 });
        engine.Orchestrator("Alone", c =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.Yield();
            Interlocked.Decrement(ref running);
            return Task.FromResult<object?>(null);
        });
        await engine.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => engine.Run("Alone")));
        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Instances_AThousandAtOnce_EndEachWithItsOwnResult(bool extended)
    {
        await using TestEngine engine = new(options: new() { ExtendedSessionsEnabled = extended });
        engine.Orchestrator("Adds", async c =>
        {
            int sum = 0;
            for (int i = 0; i < 5; i++)
            {
                sum += await c.CallActivityAsync<int>("Echo", c.GetInput<int>());
            }

            return sum;
        });
        await engine.StartAsync();
        OrchestrationMetadata[] all = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(i => engine.Run("Adds", i, $"adds-{i:D4}")));

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i * 5), all.Select(m => m.ReadOutputAs<int>()));
        IList<HistoryEvent> history = await engine.Client.GetOrchestrationHistoryAsync("adds-0000");
        Assert.Equal(5, history.OfType<TaskCompletedEvent>().Count());
    }

    [Fact]
    public async Task Terminate_Recursively_EndsEveryLevelAndOnlyThose()
    {
        await using TestEngine engine = await Nested(new()).StartAsync();
        await engine.Start("Nest", 3, "top");
        await engine.Start("Nest", 0, "other");
        await engine.UntilStatus("top-2-1-0", OrchestrationRuntimeStatus.Running);

        await engine.Client.TerminateInstanceAsync("top", new TerminateInstanceOptions("enough", Recursive: true));

        foreach (string id in (string[])["top", "top-2", "top-2-1", "top-2-1-0"])
        {
            OrchestrationMetadata ended = await engine.End(id);
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
            Assert.Equal("enough", ended.ReadOutputAs<string>());
        }

        Assert.Equal(OrchestrationRuntimeStatus.Running, await engine.Status("other"));
    }

    [Fact]
    public async Task Purge_Recursively_ForgetsEveryLevelAndCountsThem()
    {
        await using TestEngine engine = await Nested(new()).StartAsync();
        await engine.Start("Nest", 2, "top");
        await engine.UntilStatus("top-1-0", OrchestrationRuntimeStatus.Running);
        await engine.Client.TerminateInstanceAsync("top", new TerminateInstanceOptions(Recursive: true));
        await engine.End("top-1-0");

        PurgeResult purged = await engine.Client.PurgeInstanceAsync("top", new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(3, purged.PurgedInstanceCount);
        Assert.Equal(0, await engine.Client.GetAllInstancesAsync().CountAsync());
    }

    [Fact]
    public async Task Paging_WhileInstancesEnd_FindsEachOnce()
    {
        await using TestEngine engine = new();
        engine.Orchestrator("Gated", async c => await c.CallActivityAsync<string>("Gate", "all"));
        engine.Orchestrator("Quick", c => Task.FromResult<object?>(1));
        await engine.StartAsync();
        foreach (int i in Enumerable.Range(0, 50))
        {
            await engine.Run("Quick", id: $"p-{(i * 2).ToString("D3", CultureInfo.InvariantCulture)}");
            await engine.Start("Gated", id: $"p-{((i * 2) + 1).ToString("D3", CultureInfo.InvariantCulture)}");
        }

        List<string> ids = [];
        await foreach (Page<OrchestrationMetadata> page in
            engine.Client.GetAllInstancesAsync(new() { PageSize = 7, InstanceIdPrefix = "p-" }).AsPages())
        {
            ids.AddRange(page.Values.Select(m => m.InstanceId));
            engine.Open("all");
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"p-{i:D3}"), ids);
    }

    [Fact]
    public async Task ListInstanceIds_GivesEndedInstancesByTheTimeOfTheirEnd()
    {
        await using TestEngine engine = await Nested(new()).StartAsync();
        await engine.Start("Nest", 0, "runs");
        DateTimeOffset before = DateTimeOffset.UtcNow;
        await engine.Run("Quick", id: "q1");
        await engine.Run("Quick", id: "q2");

        Page<string> first = await engine.Client.ListInstanceIdsAsync(completedTimeFrom: before, pageSize: 1);
        Page<string> second = await engine.Client.ListInstanceIdsAsync(
            completedTimeFrom: before, pageSize: 1, lastInstanceKey: first.ContinuationToken);
        Page<string> none = await engine.Client.ListInstanceIdsAsync(completedTimeTo: before.AddSeconds(-1));

        Assert.Equal(["q1"], first.Values);
        Assert.Equal(["q2"], second.Values);
        Assert.Null(second.ContinuationToken);
        Assert.Empty(none.Values);
    }

    [Fact]
    public async Task SubOrchestration_UnderTheIdOfARunningInstance_FailsItsCall()
    {
        await using TestEngine engine = await Nested(new()).StartAsync();
        await engine.Start("Nest", 0, "taken");
        engine.Orchestrator("Takes", async c =>
        {
            try
            {
                return await c.CallSubOrchestratorAsync<string>(
                    "Quick", null, new SubOrchestrationOptions(instanceId: "taken"));
            }
            catch (TaskFailedException e)
            {
                return e.FailureDetails.ErrorType;
            }
        });

        Assert.EndsWith(
            "OrchestrationAlreadyExistsException", (await engine.Run("Takes")).ReadOutputAs<string>(),
            StringComparison.Ordinal);
        Assert.Equal(OrchestrationRuntimeStatus.Running, await engine.Status("taken"));
    }

    [Fact]
    public async Task Start_OverARunningInstance_ReplacesItWhereTheHostAllowsIt()
    {
        await using TestEngine engine = Nested(new(options: new() { OverrideRunningInstances = true }));
        engine.Orchestrator("Gated", async c => await c.CallActivityAsync<string>("Gate", c.GetInput<string>()));
        await engine.StartAsync();
        await engine.Start("Gated", "old", "same");
        await engine.UntilRan("old");
        await engine.Start("Gated", "new", "same");
        await engine.UntilRan("new");
        engine.Open("old");
        engine.Open("new");
        Assert.Equal("new", (await engine.End("same")).ReadOutputAs<string>());
    }

    static TestEngine Nested(TestEngine engine)
    {
        engine.Orchestrator("Quick", c => Task.FromResult<object?>("quick"));
        return engine.Orchestrator("Nest", async c =>
        {
            int depth = c.GetInput<int>();
            return depth == 0
                ? await c.WaitForExternalEvent<string>("Never")
                : await c.CallSubOrchestratorAsync<string>(
                    "Nest", depth - 1, new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-{depth - 1}"));
        });
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most);
            value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen;
            seen = Volatile.Read(ref most))
        {
        }
    }
}
