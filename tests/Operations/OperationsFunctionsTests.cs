using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Operations;

/// <summary>What operators see of orchestrations and do to them, over HTTP in the whole app.</summary>
public sealed class OperationsFunctionsTests : OperationsTest
{
    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/w")]
    [InlineData("GET", "/w/timeline")]
    [InlineData("POST", "/w/suspend")]
    [InlineData("POST", "/w/resume")]
    [InlineData("POST", "/w/terminate")]
    [InlineData("POST", "/w/retry")]
    public async Task Routes_AreForOperators_AndAuditorsOnlyRead(string method, string path)
    {
        await StartAsync(nameof(Orchestrations.WaitForGo), "w");
        App.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(method, path));
        SignIn(Roles.Host, Roles.Merchant, Roles.User);
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(method, path));
        SignIn(Roles.Auditor);
        Assert.Equal(method == "GET" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await SendAsync(method, path));
    }

    [Fact]
    public async Task Orchestration_ShowsWhatItWasGivenAndGave()
    {
        await RunAsync(nameof(Orchestrations.SayHello), "h", "world");
        JsonElement ended = await App.GetJsonAsync($"{Route}/h");
        Assert.Equal(
            ("h", "SayHello", "completed", "world", "hello world"),
            (Text(ended, "instanceId"), Text(ended, "name"), Text(ended, "status"), Text(ended, "input"), Text(ended, "output")));

        await StartAsync(nameof(Orchestrations.WaitForGo), "w");
        await UntilAsync("w", "running");
        JsonElement waiting = await App.GetJsonAsync($"{Route}/w");
        Assert.Equal("Go", Text(waiting.GetProperty("customStatus"), "waitsFor"));
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("output").ValueKind);

        Workshop.Broken = true;
        await RunAsync(nameof(Orchestrations.BreakOnce), "b");
        JsonElement failed = await App.GetJsonAsync($"{Route}/b");
        Assert.Equal("failed", Text(failed, "status"));
        JsonElement cause = failed.GetProperty("failure").GetProperty("inner");
        Assert.Equal(("second is broken", typeof(InvalidOperationException).FullName), (Text(cause, "message"), Text(cause, "type")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/timeline")]
    public async Task UnknownOrchestration_IsSaidToBe(string path)
    {
        using HttpResponseMessage answer = await App.Client.GetAsync($"{Route}/nobody{path}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("unknown_orchestration", Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "code"));
    }

    [Fact]
    public async Task Suspended_ItMakesNoStepUntilResumed()
    {
        await StartAsync(nameof(Orchestrations.WaitForGo), "w");
        Assert.Equal((HttpStatusCode.Conflict, "orchestration_not_suspended"), await OrderAsync("w", "resume"));
        Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync("w", "suspend", "looks wrong")).Status);
        await UntilAsync("w", "suspended");
        Assert.Equal((HttpStatusCode.Conflict, "orchestration_suspended"), await OrderAsync("w", "suspend"));

        await Durable.RaiseEventAsync("w", "Go", 5);
        Assert.Equal("suspended", await StatusAsync("w"));
        Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync("w", "resume", "looked at")).Status);
        await EndAsync("w");
        Assert.Equal(5, (await App.GetJsonAsync($"{Route}/w")).GetProperty("output").GetInt32());

        JsonElement[] steps = await StepsAsync("w");
        Assert.Equal("looks wrong", Text(steps.Single(step => Text(step, "kind") == "suspended"), "reason"));
        Assert.Equal("looked at", Text(steps.Single(step => Text(step, "kind") == "resumed"), "reason"));
        Assert.Contains(App.Logs.All, log => log.EventId == 6001 && log["Reason"] == "looked at"
            && log["UserId"] == "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }

    [Fact]
    public async Task Terminated_ItHasEndedForGood()
    {
        await StartAsync(nameof(Orchestrations.WaitForGo), "w");
        Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync("w", "terminate", "no longer wanted")).Status);
        await EndAsync("w");
        JsonElement ended = await App.GetJsonAsync($"{Route}/w");
        Assert.Equal(("terminated", "no longer wanted"), (Text(ended, "status"), Text(ended, "output")));
        foreach (string action in (string[])["suspend", "resume", "terminate"])
        {
            Assert.Equal((HttpStatusCode.Conflict, "orchestration_ended"), await OrderAsync("w", action));
        }

        Assert.Equal((HttpStatusCode.Conflict, "orchestration_not_failed"), await OrderAsync("w", "retry"));
    }

    [Fact]
    public async Task Retried_ItGoesOnFromTheFailedStep()
    {
        Workshop.Broken = true;
        await RunAsync(nameof(Orchestrations.BreakOnce), "b");
        Assert.Equal((HttpStatusCode.Conflict, "orchestration_ended"), await OrderAsync("b", "suspend"));
        Workshop.Broken = false;
        Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync("b", "retry", "mended")).Status);
        await UntilAsync("b", "completed");
        Assert.Equal("firstsecond", Text(await App.GetJsonAsync($"{Route}/b"), "output"));
        JsonElement[] steps = await StepsAsync("b");
        Assert.Equal("mended", Text(steps.Single(step => Text(step, "kind") == "retried"), "reason"));
        Assert.Single(steps, step => Text(step, "name") == "Note");
        Assert.Equal((HttpStatusCode.Conflict, "orchestration_not_failed"), await OrderAsync("b", "retry"));
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("terminate")]
    [InlineData("retry")]
    public async Task Orders_NeedAnOrchestrationAndAReason(string action)
    {
        Assert.Equal((HttpStatusCode.NotFound, "unknown_orchestration"), await OrderAsync("nobody", action));
        await StartAsync(nameof(Orchestrations.WaitForGo), "w");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await OrderAsync("w", action, " "));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await OrderAsync("w", action, new string('x', 501)));
        using HttpResponseMessage bare = await App.Client.PostAsJsonAsync($"{Route}/w/{action}", new { });
        Assert.Equal("invalid_body", Text(await bare.Content.ReadFromJsonAsync<JsonElement>(), "code"));
    }

    private async Task<HttpStatusCode> SendAsync(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), Route + path);
        request.Content = method == "POST" ? JsonContent.Create(new { reason = "why" }) : null;
        using HttpResponseMessage answer = await App.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
