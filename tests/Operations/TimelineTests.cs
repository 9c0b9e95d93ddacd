using System.Text.Json;
using FinVault.Escrow;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Operations;

/// <summary>What an operator reads off a timeline: each step, its attempts, what took it back, and what it moved.</summary>
public sealed class TimelineTests : OperationsTest
{
    [Fact]
    public async Task Timeline_OfASaga_MarksCompensationsAndLinksTransfers()
    {
        FinVault.Escrow.Ledger ledger = App.Host.Services.GetRequiredService<FinVault.Escrow.Ledger>();
        await ledger.OpenAccountAsync("BANK", AccountKind.Provider, "INR", default);
        await ledger.OpenAccountAsync("HOST_1", AccountKind.Host, "INR", default);
        Workshop.Broken = true;
        await RunAsync(nameof(Orchestrations.PayAndUndo), "s");

        JsonElement[] steps = await StepsAsync("s");
        Assert.Equal("started", Text(steps[0], "kind"));
        Assert.Equal("ended", Text(steps[^1], "kind"));
        JsonElement[] activities = [.. steps.Where(step => Text(step, "kind") == "activity")];
        Assert.Equal(["PayOut", "Break", "UndoPayOut"], activities.Select(step => Text(step, "name")));
        Assert.Equal([false, false, true], activities.Select(step => step.GetProperty("compensation").GetBoolean()));
        Assert.Equal(["completed", "failed", "completed"], activities.Select(step => Text(step, "status")));

        JsonElement[] attempts = [.. activities[1].GetProperty("attempts").EnumerateArray()];
        Assert.Equal(2, attempts.Length);
        Assert.All(attempts, attempt =>
        {
            Assert.Equal("ship is broken", Text(attempt.GetProperty("failure"), "message"));
            Assert.True(attempt.GetProperty("endedAt").GetDateTimeOffset() >= attempt.GetProperty("startedAt").GetDateTimeOffset());
        });

        JsonElement paid = Assert.Single(activities[0].GetProperty("transfers").EnumerateArray());
        Assert.Equal("PAY_1", Text(paid, "id"));
        Assert.Equal((30, "posted"), (paid.GetProperty("transfer").GetProperty("amount").GetInt64(), Text(paid.GetProperty("transfer"), "state")));
        string[] undone = [.. activities[2].GetProperty("transfers").EnumerateArray().Select(link => Text(link, "id")!)];
        Assert.Equal(["PAY_1", "PAY_1.reversal"], undone);
    }

    [Fact]
    public async Task Timeline_OfRetries_CountsThemAsAttemptsOfOneStep()
    {
        Workshop.FailNext(2);
        await RunAsync(nameof(Orchestrations.Retries), "r");
        JsonElement[] steps = await StepsAsync("r");
        JsonElement child = steps.Single(step => Text(step, "kind") == "subOrchestration");
        Assert.Equal("r-child", Text(child.GetProperty("attempts")[0], "instanceId"));
        Assert.Equal("hello child", Text(child, "output"));
        JsonElement step = steps.Single(step => Text(step, "kind") == "activity");
        Assert.Equal(("completed", "x"), (Text(step, "status"), Text(step, "output")));
        Assert.Equal(
            ["1 failed", "2 failed", "3 completed"],
            step.GetProperty("attempts").EnumerateArray().Select(a => $"{a.GetProperty("number").GetInt32()} {Text(a, "status")}"));
        Assert.Equal(2, steps.Count(step => Text(step, "kind") == "timer" && Text(step, "status") == "completed"));
    }

    [Fact]
    public async Task Timeline_WhileItRuns_LeavesItsStepOpen_AndPages()
    {
        await StartAsync(nameof(Orchestrations.WaitForGo), "w");
        await UntilAsync("w", "running");
        Assert.Equal(["started"], (await StepsAsync("w")).Select(step => Text(step, "kind")));
        await Durable.RaiseEventAsync("w", "Go", 7);
        await EndAsync("w");
        JsonElement page = await App.GetJsonAsync($"{Route}/w/timeline?limit=1&offset=1");
        JsonElement step = Assert.Single(page.GetProperty("data").EnumerateArray());
        Assert.Equal(("eventReceived", "Go", 7), (Text(step, "kind"), Text(step, "name"), step.GetProperty("input").GetInt32()));
        Assert.Equal(3, page.GetProperty("pagination").GetProperty("total").GetInt32());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
