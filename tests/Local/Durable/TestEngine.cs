using System.Collections.Concurrent;
using FinVault.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Local.Durable;

/// <summary>An engine with a few functions, over a file that outlives it or over memory.</summary>
sealed class TestEngine : IAsyncDisposable
{
    readonly DurableEngine engine;

    public TestEngine(
        string? file = null, TimeProvider? time = null, DurableOptions? options = null, long journalLimit = 1 << 24)
    {
        engine = DurableEngine.Over(
            DurableStore.Open(file, journalLimit), time ?? TimeProvider.System, options ?? new(),
            NullLoggerFactory.Instance);
        Activity("Echo", call => Task.FromResult(call.GetInput(typeof(object))));
        Activity("Gate", async call =>
        {
            string name = (string)call.GetInput(typeof(string))!;
            Ran.Enqueue(name);
            await Gate(name).Task;
            return name;
        });
        Activity("Note", call =>
        {
            Ran.Enqueue((string)call.GetInput(typeof(string))!);
            return Task.FromResult(call.GetInput(typeof(string)));
        });
    }

    /// <summary>The inputs with which activities ran, in order.</summary>
    public ConcurrentQueue<string> Ran { get; } = new();

    public ConcurrentDictionary<string, TaskCompletionSource> Gates { get; } = new();

    public DurableEngine Engine => engine;

    public DurableTaskClient Client => engine.Client;

    public TaskCompletionSource Gate(string name) =>
        Gates.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Open(string gate) => Gate(gate).TrySetResult();

    public TestEngine Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run)
    {
        engine.AddOrchestrator(name, run);
        return this;
    }

    public TestEngine Activity(string name, Func<DurableActivityInvocation, Task<object?>> run)
    {
        engine.AddActivity(name, (call, stopping) => run(call).WaitAsync(stopping));
        return this;
    }

    public async Task<TestEngine> StartAsync()
    {
        await engine.StartAsync(default);
        return this;
    }

    public async Task<string> Start(string name, object? input = null, string? id = null) =>
        await Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));

    public async Task<OrchestrationMetadata> End(string id)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        return await Client.WaitForInstanceCompletionAsync(id, true, patience.Token);
    }

    public async Task<OrchestrationMetadata> Run(string name, object? input = null, string? id = null) =>
        await End(await Start(name, input, id));

    public async Task<OrchestrationRuntimeStatus?> Status(string id) =>
        (await Client.GetInstanceAsync(id))?.RuntimeStatus;

    /// <summary>Returns once an activity has been called with this input.</summary>
    public Task UntilRan(string input) => Until(() => Ran.Contains(input), $"activity input '{input}'");

    public Task UntilStatus(string id, OrchestrationRuntimeStatus status) =>
        Until(async () => await Status(id) == status, $"{id} {status}");

    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, "Waited in vain for " + what);
            await Task.Delay(10);
        }
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}

/// <summary>A folder for one test.</summary>
sealed class TestFolder : IDisposable
{
    public TestFolder()
        : this(Path.Combine(Path.GetTempPath(), "finvault-durable-" + Guid.NewGuid().ToString("N"))) =>
        Directory.CreateDirectory(Name);

    /// <summary>Another process's folder.</summary>
    public TestFolder(string name) => Name = name;

    public string Name { get; }

    public string File(string name = "durable.db") => Path.Combine(Name, name);

    public void Dispose() => Directory.Delete(Name, recursive: true);
}

static class PageableExtensions
{
    public static async Task<int> CountAsync<T>(this AsyncPageable<T> pages)
        where T : notnull
    {
        int count = 0;
        await foreach (T _ in pages)
        {
            count++;
        }

        return count;
    }
}
