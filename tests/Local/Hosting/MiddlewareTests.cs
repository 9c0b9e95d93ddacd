using System.Net;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>The app's middleware wraps every invocation as in the isolated worker.</summary>
public class MiddlewareTests
{
    [Fact]
    public async Task Middleware_RunsInTheOrderOfRegistration_AndTheResultIsExecutedAfterIt()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, worker => worker
            .Use(next => async context => { journal.Add("first in"); await next(context); journal.Add("first out"); })
            .Use(next => async context => { journal.Add("second in"); await next(context); journal.Add("second out"); }));

        await app.Client.GetStringAsync("/api/v1/Run");

        Assert.Equal(["first in", "second in", "function", "second out", "first out", "result executed"], journal.Entries);
    }

    [Fact]
    public async Task Middleware_ThatDoesNotCallNext_KeepsTheFunctionFromRunning()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, worker => worker.Use(_ => async context =>
        {
            HttpContext http = context.GetHttpContext()!;
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsync("who?");
        }));

        using HttpResponseMessage answer = await app.Client.GetAsync("/api/v1/Run");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("who?", await answer.Content.ReadAsStringAsync());
        Assert.Empty(journal.Entries);
    }

    [Fact]
    public async Task Middleware_ThatAnswered_IsNotWrittenOver()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, worker => worker.Use(next => async context =>
        {
            await next(context);
            await context.GetHttpContext()!.Response.WriteAsync("from the middleware");
        }));

        Assert.Equal("from the middleware", await app.Client.GetStringAsync("/api/v1/Run"));
        Assert.Equal(["function"], journal.Entries);
    }

    [Fact]
    public async Task Middleware_SeesWhatTheFunctionThrows_AndMayAnswerIt()
    {
        await using AppHost app = await StartAsync(new Journal(), worker => worker.Use(next => async context =>
        {
            try
            {
                await next(context);
            }
            catch (InvalidOperationException thrown)
            {
                await context.GetHttpContext()!.Response.WriteAsync($"caught {thrown.Message}");
            }
        }));

        Assert.Equal("caught on purpose", await app.Client.GetStringAsync("/api/v1/Throw"));
    }

    [Fact]
    public async Task Middleware_ThatThrows_IsA500()
    {
        await using AppHost app = await StartAsync(new Journal(), worker => worker.Use(
            _ => _ => throw new InvalidOperationException("the middleware is broken")));

        using HttpResponseMessage answer = await app.Client.GetAsync("/api/v1/Run");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(app.Logs.All, log => log.Exception?.Message == "the middleware is broken");
    }

    [Fact]
    public async Task Middleware_SharesTheInvocationsServicesAndItemsWithTheFunction()
    {
        await using AppHost app = await StartAsync(new Journal(), worker => worker.Use(next => context =>
        {
            context.Items["greeting"] = "hello from the items";
            return next(context);
        }));

        Assert.Equal("hello from the items True", await app.Client.GetStringAsync("/api/v1/Items"));
    }

    private static Task<AppHost> StartAsync(Journal journal, Action<IFunctionsWorkerApplicationBuilder> app) =>
        AppHost.WithFunctionsAsync([typeof(Functions)], [journal], app);

    public sealed class Functions(Journal journal)
    {
        [Function("Run")]
        public IActionResult Run([HttpTrigger("get")] HttpRequest request)
        {
            journal.Add("function");
            return new JournalResult(journal, request.Path);
        }

        [Function("Throw")]
        public string Throw([HttpTrigger("get")] HttpRequest request)
        {
            journal.Add(request.Path);
            throw new InvalidOperationException("on purpose");
        }

        [Function("Items")]
        public string Items([HttpTrigger("get")] HttpRequest request, FunctionContext context)
        {
            bool sameServices = request.HttpContext.RequestServices == context.InstanceServices;
            journal.Add("items");
            return $"{context.Items["greeting"]} {sameServices}";
        }
    }

    private sealed class JournalResult(Journal journal, string text) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            journal.Add("result executed");
            return context.HttpContext.Response.WriteAsync(text);
        }
    }
}
