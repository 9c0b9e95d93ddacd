using System.Collections.Concurrent;
using System.Diagnostics;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Platform;

/// <summary>
/// Just the middleware around one function, on a real server, since half of it is about how answers end.
/// </summary>
internal sealed class MiddlewareApp : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly CapturedLogs logs = new();
    private readonly ConcurrentQueue<Activity> activities = new();
    private readonly ActivityListener listener;

    private MiddlewareApp(RequestDelegate function, Action? ended)
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        RequestMiddleware middleware = new(logs.Create<RequestMiddleware>(), new(new(), TimeProvider.System), TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        web = builder.Build();
        web.Run(async http =>
        {
            StubFunctionContext context = new("Function");
            context.Items["HttpRequestContext"] = http;
            await middleware.Invoke(context, _ => function(http));
            ended?.Invoke();
        });
    }

    public HttpClient Client { get; } = new();

    public IReadOnlyCollection<CapturedLog> Logs => logs.All;

    /// <summary>
    /// The spans of functions named <c>Function</c>: this app's, while its tests run one after the other.
    /// </summary>
    public IEnumerable<Activity> Activities => activities.Where(activity => activity.OperationName == "Function");

    public static async Task<MiddlewareApp> StartAsync(RequestDelegate function, Action? ended = null)
    {
        MiddlewareApp app = new(function, ended);
        await app.web.StartAsync();
        app.Client.BaseAddress = new(app.web.Urls.Single());
        return app;
    }

    /// <summary>Stops and waits for the requests' ends, their log entries included.</summary>
    public Task StopAsync() => web.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await web.DisposeAsync();
        listener.Dispose();
    }
}
