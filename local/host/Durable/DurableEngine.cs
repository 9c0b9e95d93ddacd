using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>
/// Durable orchestrations in one process. An instance is its history: every pass of an orchestrator is committed before
/// anything follows from it, activities run at least once and count once, and a process that dies goes on where it
/// stood. Behind the public types of <c>Microsoft.DurableTask</c>, whose semantics it keeps.
/// </summary>
public sealed class DurableEngine : IAsyncDisposable
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly EngineParts parts;
    readonly LocalDurableClient client;
    readonly List<Instance> found = [];
    bool started;
    bool stopped;

    DurableEngine(EngineParts parts)
    {
        this.parts = parts;
        client = new(parts);
        foreach (InstanceImage image in parts.Store.Images.Live.Values)
        {
            Instance instance = Instance.From(image);
            parts.Live.TryAdd(instance.Id, instance);
            found.Add(instance);
        }
    }

    public DurableTaskClient Client => client;

    /// <summary>Where the host listens: links to instances begin with it. Set once the host knows.</summary>
    public Uri? BaseAddress
    {
        get => client.BaseAddress;
        set => client.BaseAddress = value;
    }

    /// <param name="file">The store; null keeps everything in memory.</param>
    /// <param name="time">The clock of timers and histories.</param>
    /// <param name="options">host.json's settings.</param>
    /// <param name="loggers">Where the engine and replay-safe loggers write.</param>
    /// <exception cref="IOException">The store cannot be opened or read.</exception>
    public static DurableEngine Open(string? file, TimeProvider time, DurableOptions options, ILoggerFactory loggers)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return Over(DurableStore.Open(file), time, options, loggers);
    }

    internal static DurableEngine Over(
        DurableStore store, TimeProvider time, DurableOptions options, ILoggerFactory loggers) =>
        new(new EngineParts(store, time, options, loggers));

    /// <summary>Names are found without regard to case.</summary>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) =>
        parts.AddOrchestrator(name, run);

    public void AddActivity(string name, Func<DurableActivityInvocation, CancellationToken, Task<object?>> run) =>
        parts.AddActivity(name, run);

    /// <summary>Takes up every instance where it stood. What clients start before waits until then.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        if (!started)
        {
            started = true;
            found.ForEach(parts.TakeUp);
            found.Clear();
            parts.Orchestrators.Start();
            parts.Activities.Start();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Begins nothing more and waits for what runs; once <paramref name="cancellation"/> asks for it, activities are
    /// told to stop. Those have no outcome and run again after the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        await using CancellationTokenRegistration hurry = cancellation.Register(parts.StopActivities);
        parts.Timers.Dispose();
        await Finished(parts.Activities.StopAsync(), cancellation);
        // What the last activities brought is taken in; the calls that follow from it wait for the next start.
        await Finished(parts.Orchestrators.FinishAsync(), cancellation);
        await parts.Orchestrators.StopAsync();
        parts.Commits.Dispose();
        if (parts.Commits.Failure is null)
        {
            parts.Store.Compact();
        }

        parts.Store.Dispose();
    }

    /// <summary>The extension's HTTP API for instances, under <c>/runtime/webhooks/durabletask</c>.</summary>
    public void MapManagement(IEndpointRouteBuilder endpoints) =>
        new ManagementEndpoints(client, client.SystemKey).Map(endpoints);

    /// <summary>Whoever does not stop when told to is left behind after a while.</summary>
    static async Task Finished(Task running, CancellationToken hurry)
    {
        try
        {
            await running.WaitAsync(hurry);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(running, Task.Delay(Grace, TimeProvider.System, CancellationToken.None));
        }
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await StopAsync(now.Token);
        parts.Dispose();
    }
}
