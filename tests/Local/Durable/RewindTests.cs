using DurableTask.Core.History;
using FinVault.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>Going on from a failed step: what failed is made again, what succeeded keeps its result.</summary>
public sealed class RewindTests
{
    [Fact]
    public async Task Rewind_OfASequence_RunsOnlyTheFailedStepAgain()
    {
        await using TestEngine engine = await Mended(out TaskCompletionSource mended).StartAsync();
        engine.Orchestrator("Three", async c => await c.CallActivityAsync<string>("Note", "one")
            + await c.CallActivityAsync<string>("Broken", "two") + await c.CallActivityAsync<string>("Note", "three"));

        await AssertFails(engine, "Three", "r");
        mended.SetResult();
        await engine.Client.RewindInstanceAsync("r", "mended");

        Assert.Equal("onetwothree", (await engine.End("r")).ReadOutputAs<string>());
        Assert.Equal(["one", "two", "two", "three"], engine.Ran);
        IList<HistoryEvent> history = await engine.Client.GetOrchestrationHistoryAsync("r");
        Assert.Equal("mended", history.OfType<ExecutionRewoundEvent>().Single().Reason);
        Assert.Empty(history.OfType<TaskFailedEvent>());
    }

    [Fact]
    public async Task Rewind_OfAFanOut_RunsEveryFailedBranchAgainAndNoOther()
    {
        await using TestEngine engine = await Mended(out TaskCompletionSource mended).StartAsync();
        engine.Orchestrator("Fan", async c => await Task.WhenAll(
            c.CallActivityAsync<string>("Note", "a"), c.CallActivityAsync<string>("Broken", "b"),
            c.CallActivityAsync<string>("Note", "c"), c.CallActivityAsync<string>("Broken", "d")));

        await AssertFails(engine, "Fan", "r");
        mended.SetResult();
        await engine.Client.RewindInstanceAsync("r", "mended");

        string[]? output = (await engine.End("r")).ReadOutputAs<string[]>();
        Assert.Equal((string[])["a", "b", "c", "d"], output);
        Assert.Equal(["a", "b", "b", "c", "d", "d"], engine.Ran.Order());
    }

    [Fact]
    public async Task Rewind_AfterARetryPolicyGaveUp_ForgetsTheWaitThatFollowedTheLastAttempt()
    {
        await using TestEngine engine = await Mended(out TaskCompletionSource mended).StartAsync();
        engine.Orchestrator("Retries", async c => await c.CallActivityAsync<string>(
            "Broken", "x", TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(5)))));

        await AssertFails(engine, "Retries", "r");
        mended.SetResult();
        await engine.Client.RewindInstanceAsync("r", "mended");

        Assert.Equal("x", (await engine.End("r")).ReadOutputAs<string>());
        Assert.Equal(["x", "x", "x"], engine.Ran);
    }

    [Fact]
    public async Task Rewind_LeavesFailuresAloneThatTheOrchestratorHandled()
    {
        await using TestEngine engine = await Mended(out TaskCompletionSource mended).StartAsync();
        engine.Orchestrator("Handles", async c =>
        {
            string first;
            try
            {
                first = await c.CallActivityAsync<string>("Always", "optional");
            }
            catch (TaskFailedException)
            {
                first = await c.CallActivityAsync<string>("Note", "instead");
            }

            return first + await c.CallActivityAsync<string>("Broken", "needed");
        });

        await AssertFails(engine, "Handles", "r");
        mended.SetResult();
        await engine.Client.RewindInstanceAsync("r", "mended");

        Assert.Equal("insteadneeded", (await engine.End("r")).ReadOutputAs<string>());
        Assert.Equal(["optional", "instead", "needed", "needed"], engine.Ran);
    }

    [Fact]
    public async Task Rewind_OfAParent_RewindsTheSubOrchestrationThatFailed()
    {
        using TestFolder folder = new();
        await using (TestEngine engine = await Nested(Mended(out _, folder.File())).StartAsync())
        {
            await AssertFails(engine, "Parent", "p");
            Assert.Equal(["kept", "deep"], engine.Ran);
        }

        TestEngine over = Mended(out TaskCompletionSource mended, folder.File());
        await using TestEngine second = await Nested(over).StartAsync();
        mended.SetResult();
        await second.Client.RewindInstanceAsync("p", "mended");
        Assert.Equal("kept deep", (await second.End("p")).ReadOutputAs<string>());
        Assert.Equal(["deep"], second.Ran);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await second.Status("p-child"));
    }

    [Fact]
    public async Task Rewind_OfWhatHasNotFailed_IsRefused()
    {
        await using TestEngine engine = await Mended(out _).StartAsync();
        engine.Orchestrator("Fine", c => Task.FromResult<object?>(1));
        await engine.Run("Fine", id: "fine");
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RewindInstanceAsync("fine", "why"));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RewindInstanceAsync("never", "why"));
    }

    static async Task AssertFails(TestEngine engine, string name, string id) =>
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.Run(name, id: id)).RuntimeStatus);

    static TestEngine Nested(TestEngine engine)
    {
        engine.Orchestrator("Child", async c => await c.CallActivityAsync<string>("Note", "kept")
            + " " + await c.CallActivityAsync<string>("Broken", "deep"));
        return engine.Orchestrator("Parent", async c => await c.CallSubOrchestratorAsync<string>(
            "Child", null, new SubOrchestrationOptions(instanceId: c.InstanceId + "-child")));
    }

    /// <summary>"Broken" throws until it is mended; "Always" throws for ever.</summary>
    static TestEngine Mended(out TaskCompletionSource mended, string? file = null)
    {
        TestEngine engine = new(file);
        TaskCompletionSource switched = mended = new();
        engine.Activity("Broken", call =>
        {
            engine.Ran.Enqueue((string)call.GetInput(typeof(string))!);
            return switched.Task.IsCompleted
                ? Task.FromResult(call.GetInput(typeof(string)))
                : throw new InvalidOperationException("broken");
        });
        return engine.Activity("Always", call =>
        {
            engine.Ran.Enqueue((string)call.GetInput(typeof(string))!);
            throw new InvalidOperationException("always");
        });
    }
}
