using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>What HTTP functions take and answer.</summary>
public class HttpFunctionTests
{
    [Theory]
    [InlineData("text", "text/plain", "plain words")]
    [InlineData("poco", "application/json", """{"name":"a","count":2}""")]
    [InlineData("action", "application/json", """{"name":"b","count":3}""")]
    [InlineData("result", "text/plain", "from a result")]
    [InlineData("static", "text/plain", "static")]
    [InlineData("route/5/0198b1d4-5f3c-7000-8000-000000000001/Put?x=1", "text/plain", "5 0198b1d4-5f3c-7000-8000-000000000001 Put -")]
    [InlineData("route/5/0198b1d4-5f3c-7000-8000-000000000001/put/rest/of it", "text/plain", "5 0198b1d4-5f3c-7000-8000-000000000001 Put rest/of it")]
    [InlineData("default", "text/plain", "page 7")]
    [InlineData("NoTemplate", "text/plain", "named by its function")]
    public async Task Get_AnswersWhatTheFunctionReturned(string path, string type, string body)
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers), typeof(StaticAnswers)]);

        using HttpResponseMessage answer = await app.Client.GetAsync($"/api/v1/{path}");

        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Post_ReadsTheBodyIntoTheTriggerParameter()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers)]);

        using HttpResponseMessage json = await app.Client.PostAsJsonAsync("/api/v1/body", new { NAME = "x", Count = 4 });
        using HttpResponseMessage text = await app.Client.PostAsync("/api/v1/textbody", new StringContent("as it is"));

        Assert.Equal("x4", await json.Content.ReadAsStringAsync());
        Assert.Equal("as it is!", await text.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Function_ThatRunsLongerThanHostJsonAllows_IsCalledOff()
    {
        ManualClock clock = new();
        Journal journal = new();
        string hostJson = AppHost.PlainHostJson.Replace(
            "\"version\"", "\"functionTimeout\": \"00:05:00\", \"version\"", StringComparison.Ordinal);
        await using AppHost app = await AppHost.WithFunctionsAsync(
            [typeof(Endless)], [journal], options: AppHost.Defaults with { Time = clock, HostJson = hostJson });

        Task<HttpResponseMessage> asked = app.Client.GetAsync("/api/v1/endless");
        await Eventually.TrueAsync(() => journal.Entries.Contains("begun", StringComparer.Ordinal), "it has begun");
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.DoesNotContain("called off", journal.Entries);
        clock.Advance(TimeSpan.FromTicks(1));
        using HttpResponseMessage answer = await asked;

        Assert.Contains("called off", journal.Entries);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(app.Logs.All, log => log.Message.Contains("ran longer than 00:05:00", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/route/no-number/x/y", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/v1/text", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/v1/fails", HttpStatusCode.InternalServerError)]
    public async Task WhatNothingAnswers_IsAProblem(string method, string path, HttpStatusCode status)
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers)]);

        using HttpResponseMessage answer = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((int)status, JsonElement.Parse(text).GetProperty("status").GetInt32());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MethodNotAllowed_NamesTheMethodsThatAre()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers)]);

        using HttpResponseMessage answer = await app.Client.DeleteAsync("/api/v1/text");

        Assert.Equal(["GET"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task AStatusThatTheFunctionAnswers_IsLeftAsItIs()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers)]);

        using HttpResponseMessage answer = await app.Client.GetAsync("/api/v1/gone");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HttpResultProperty_IsTheAnswer_WhateverElseTheFunctionReturns()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers)]);

        using HttpResponseMessage answer = await app.Client.GetAsync("/api/v1/several");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("taken", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task EachInvocation_HasAnInstanceAndAScopeOfItsOwn_WhichAreDisposed()
    {
        var log = new Journal();
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Disposed)], [log]);

        await app.Client.GetStringAsync("/api/v1/Disposed");
        await app.Client.GetStringAsync("/api/v1/Disposed");

        await Eventually.TrueAsync(() => log.Entries.Count == 4, "both instances are disposed");
        Assert.Equal(["run 1", "disposed", "run 1", "disposed"], log.Entries);
    }

    [Fact]
    public async Task TheContext_CarriesTheRequestAndItsTrace()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Answers)]);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/context/abc");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using HttpResponseMessage answer = await app.Client.SendAsync(request);

        string[] lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal("Context", lines[0]);
        Assert.Equal("/api/v1/context/abc", lines[1]);
        Assert.Equal("abc", lines[2]);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", lines[3], StringComparison.Ordinal);
        Assert.True(Guid.TryParse(lines[4], out _));
    }

    public sealed record Thing(string Name, int Count);

    public sealed class Several
    {
        [HttpResult]
        public IActionResult? Http { get; init; }

        public string? Other { get; init; }
    }

#pragma warning disable CA1822, CA1052 // Function classes as an app may write them.
    public class Answers
    {
        [Function("Text")]
        public string Text([HttpTrigger("get", Route = "text")] HttpRequest request) => request is null ? "" : "plain words";

        [Function("Poco")]
        public Task<Thing> Poco([HttpTrigger("get", Route = "poco")] HttpRequest request) =>
            Task.FromResult(new Thing("a", request is null ? 0 : 2));

        [Function("Action")]
        public ValueTask<IActionResult> Action([HttpTrigger("get", Route = "action")] HttpRequest request) =>
            ValueTask.FromResult<IActionResult>(new OkObjectResult(new Thing("b", request is null ? 0 : 3)));

        [Function("Result")]
        public IResult Result([HttpTrigger("get", Route = "result")] HttpRequest request) =>
            Results.Text(request is null ? "" : "from a result");

        [Function("Gone")]
        public IActionResult Gone([HttpTrigger("get", Route = "gone")] HttpRequest request) =>
            request is null ? new OkResult() : new NotFoundResult();

        [Function("Route")]
        public string Route(
            [HttpTrigger(AuthorizationLevel.Function, "get", Route = "route/{number:int}/{id}/{kind}/{*rest}")] HttpRequest request,
            int number,
            Guid id,
            Verb kind,
            string? rest) => request is null ? "" : $"{number} {id} {kind} {rest ?? "-"}";

        [Function("Default")]
        public string Default([HttpTrigger("get", Route = "default/{page=7}")] HttpRequest request, long page) =>
            request is null ? "" : $"page {page}";

        [Function("NoTemplate")]
        public string NoTemplate([HttpTrigger("get")] HttpRequest request) => request is null ? "" : "named by its function";

        [Function("Body")]
        public string Body([HttpTrigger("post", Route = "body")] Thing thing) => thing.Name + thing.Count;

        [Function("TextBody")]
        public string TextBody([HttpTrigger("post", Route = "textbody")] string body) => body + "!";

        [Function("Fails")]
        public string Fails([HttpTrigger("get", Route = "fails")] HttpRequest request) =>
            throw new InvalidOperationException($"a secret {request}");

        [Function("Several")]
        public Several Several([HttpTrigger("get", Route = "several")] HttpRequest request) =>
            new() { Http = new AcceptedResult((string?)null, "taken"), Other = request.Path };

        [Function("Context")]
        public string Context([HttpTrigger("get", Route = "context/{key}")] HttpRequest request, FunctionContext context) =>
            string.Join(
                '\n',
                context.FunctionDefinition.Name,
                context.GetHttpContext()!.Request.Path,
                context.BindingContext.BindingData["key"],
                context.TraceContext.TraceParent,
                request is null ? "" : context.InvocationId);
    }

    public static class StaticAnswers
    {
        [Function("Static")]
        public static string Run([HttpTrigger("get", Route = "static")] HttpRequest request) => request is null ? "" : "static";
    }
#pragma warning restore CA1822, CA1052

    public sealed class Endless(Journal journal)
    {
        [Function("Endless")]
        public async Task<string> Run([HttpTrigger("get", Route = "endless")] HttpRequest request, CancellationToken cancellation)
        {
            await using CancellationTokenRegistration called = cancellation.Register(() => journal.Add("called off"));
            journal.Add("begun");
            await Task.Delay(Timeout.Infinite, cancellation);
            return request.Path;
        }
    }

    public sealed class Disposed(Journal journal) : IDisposable
    {
        private int _runs;

        [Function("Disposed")]
        public string Run([HttpTrigger("get")] HttpRequest request)
        {
            journal.Add($"run {++_runs}");
            return request.Path;
        }

        public void Dispose() => journal.Add("disposed");
    }

    public enum Verb
    {
        Get,
        Put,
    }
}
