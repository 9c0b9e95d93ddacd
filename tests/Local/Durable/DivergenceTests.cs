using FinVault.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>A recorded history replayed by other code than wrote it.</summary>
public sealed class DivergenceTests
{
    public static TheoryData<string, string[]> Changes => new()
    {
        { "other activity", ["step 0", "'Note'", "'Echo'"] },
        { "other kind of call", ["step 0", "'Note'", "a timer until"] },
        { "one call more at the start", ["step 1", "'Word'", "'Note'"] },
        { "one call less at the start", ["step 0", "'Note'", "an event 'Word'"] },
        { "one call more beside another", ["step 1", "'Extra'", "scheduled nothing"] },
        { "other sub-orchestration", ["step 2", "'Child'", "'Stranger'"] },
        { "returns early", ["step 2", "'Child'", "hasn't (yet?)"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Replay_WhenTheCodeHasChanged_FailsAndNamesOrchestratorStepAndBothSides(
        string change, string[] words)
    {
        using TestFolder folder = new();
        string id;
        await using (TestEngine first = await Recorded(new(folder.File()), "none").StartAsync())
        {
            id = await first.Start("Recorded");
            await first.Client.WaitForInstanceStartAsync("child-of-" + id);
        }

        await using TestEngine second = await Recorded(new(folder.File()), change).StartAsync();
        await second.Client.RaiseEventAsync(id, "Go");
        OrchestrationMetadata done = await second.End(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal(
            "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", done.FailureDetails!.ErrorType);
        Assert.Contains("Orchestrator 'Recorded'", done.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.All(words, w => Assert.Contains(w, done.FailureDetails.ErrorMessage, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_WhenTheCodeIsTheSame_GoesOn()
    {
        using TestFolder folder = new();
        string id;
        await using (TestEngine first = await Recorded(new(folder.File()), "none").StartAsync())
        {
            id = await first.Start("Recorded");
            await first.Client.WaitForInstanceStartAsync("child-of-" + id);
        }

        await using TestEngine second = await Recorded(new(folder.File()), "none").StartAsync();
        await second.Client.RaiseEventAsync("child-of-" + id, "Go");
        Assert.Equal("done", (await second.End(id)).ReadOutputAs<string>());
        Assert.Empty(second.Ran);
    }

    [Fact]
    public async Task Rewind_WhenTheCodeIsMended_GoesOnFromTheDivergence()
    {
        using TestFolder folder = new();
        string id;
        await using (TestEngine first = await Recorded(new(folder.File()), "none").StartAsync())
        {
            id = await first.Start("Recorded");
            await first.Client.WaitForInstanceStartAsync("child-of-" + id);
        }

        await using (TestEngine second = await Recorded(new(folder.File()), "other activity").StartAsync())
        {
            await second.Client.RaiseEventAsync(id, "Go");
            await second.End(id);
        }

        await using TestEngine mended = await Recorded(new(folder.File()), "none").StartAsync();
        await mended.Client.RewindInstanceAsync(id, "mended");
        await mended.Client.RaiseEventAsync("child-of-" + id, "Go");
        Assert.Equal("done", (await mended.End(id)).ReadOutputAs<string>());
        Assert.Empty(mended.Ran);
    }

    static TestEngine Recorded(TestEngine engine, string change)
    {
        engine.Orchestrator("Child", async c => await c.WaitForExternalEvent<object>("Go"));
        engine.Orchestrator("Stranger", async c => await c.WaitForExternalEvent<object>("Go"));
        return engine.Orchestrator("Recorded", async c =>
        {
            if (change == "one call more at the start")
            {
                await c.CallActivityAsync("Note", "one more");
            }

            Task first = change switch
            {
                "other activity" => c.CallActivityAsync("Echo", "a"),
                "other kind of call" => c.CreateTimer(TimeSpan.FromHours(1), default),
                "one call less at the start" => Task.CompletedTask,
                _ => c.CallActivityAsync("Note", "a"),
            };
            Task extra = change == "one call more beside another" ? c.CallActivityAsync("Extra") : Task.CompletedTask;
            await Task.WhenAll(first, extra);
            c.SendEvent("nobody", "Word", 1);
            if (change != "returns early")
            {
                await c.CallSubOrchestratorAsync(
                    change == "other sub-orchestration" ? "Stranger" : "Child",
                    null,
                    new SubOrchestrationOptions(instanceId: "child-of-" + c.InstanceId));
            }

            return "done";
        });
    }
}
