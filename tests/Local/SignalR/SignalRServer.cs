using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FinVault.Local.SignalR;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Local.SignalR;

/// <summary>The embedded SignalR on a free port, with a negotiate route as an app would have one.</summary>
public sealed class SignalRServer : IAsyncDisposable
{
    public const string Hub = "finvault";
    private readonly WebApplication _app;
    private readonly ConcurrentBag<ConnectionContext> _connections;

    private SignalRServer(WebApplication app, EmbeddedSignalR signalR, ConcurrentBag<ConnectionContext> connections)
    {
        _app = app;
        _connections = connections;
        SignalR = signalR;
    }

    public EmbeddedSignalR SignalR { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>What reached the app, in order.</summary>
    public ConcurrentQueue<SignalRInvocationContext> Invocations { get; } = new();

    public static async Task<SignalRServer> StartAsync(
        TimeProvider? time = null, string? folder = null, TimeSpan? pace = null)
    {
        var signalR = new EmbeddedSignalR(folder, time ?? TimeProvider.System, pace: pace);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        signalR.AddTo(builder.Services);
        var connections = new ConcurrentBag<ConnectionContext>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(
            next => connection =>
            {
                connections.Add(connection);
                return next(connection);
            })));
        WebApplication app = builder.Build();
        app.MapPost("/api/negotiate", (HttpRequest request) =>
        {
            var info = signalR.Negotiate(Hub, request.Query["user"], new Uri($"{request.Scheme}://{request.Host}"));
            return Results.Json(new { url = info.Url, accessToken = info.AccessToken });
        });
        signalR.Map(app);
        await app.StartAsync();
        return new SignalRServer(app, signalR, connections) { Address = new Uri(app.Urls.First()) };
    }

    /// <summary>Answers invocations of one method; what no method answers is noted and answered with null.</summary>
    public void Answer(Func<SignalRInvocationContext, object?> answer) => SignalR.OnInvoke = (invocation, _) =>
    {
        Invocations.Enqueue(invocation);
        return Task.FromResult(answer(invocation));
    };

    /// <summary>Drives <c>@microsoft/signalr</c> through steps and returns what it noted of each.</summary>
    public async Task<JsonElement[]> RunClientAsync(string transport, string query, params object[][] steps)
    {
        Tool.Result result = await Tool.RunAsync(
            "node",
            [
                Repository.PathTo("tests", "node", "signalr", "client.mjs"),
                $"{Address}api{query}",
                transport,
                JsonSerializer.Serialize(steps),
            ],
            TimeSpan.FromSeconds(60));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return JsonSerializer.Deserialize<JsonElement[]>(result.Output)!;
    }

    /// <summary>Cuts every line, without a word to the clients.</summary>
    public void CutAll()
    {
        foreach (ConnectionContext connection in _connections)
        {
            connection.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        SignalR.Dispose();
    }
}
