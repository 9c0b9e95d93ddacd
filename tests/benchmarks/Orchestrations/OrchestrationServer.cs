using System.Diagnostics;
using System.Globalization;
using FinVault.Benchmarks.Harness;
using FinVault.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Benchmarks.Orchestrations;

/// <summary>What a run measured.</summary>
/// <param name="Orchestrations">Those that completed, each with its five results.</param>
/// <param name="Seconds">From the first start to the last end.</param>
/// <param name="CpuSeconds">Of the one process that starts and runs them.</param>
/// <param name="BytesAllocated">On the managed heap.</param>
/// <param name="BytesOnDisk">Of the durable store at the end.</param>
internal sealed record OrchestrationResult(
    int Orchestrations, double Seconds, double CpuSeconds, long BytesAllocated, long BytesOnDisk)
{
    public double PerSecond => Orchestrations / Seconds;

    public double PerCpuSecond => Orchestrations / CpuSeconds;
}

/// <summary>
/// The measured process: the local host on disk with one orchestrator of five activities that do next to nothing, as
/// the peer's. All are started as fast as that goes, by as many callers as the peer works at once.
/// </summary>
internal static class OrchestrationServer
{
    public const string Name = "orchestrations-server";

    private const int Starters = 50;
    private const int WarmUpShare = 10;

    private const string HostJson = """
        {
          "version": "2.0",
          "logging": { "logLevel": { "default": "Warning" } },
          "extensions": {
            "durableTask": { "maxConcurrentActivityFunctions": 50, "maxConcurrentOrchestratorFunctions": 50 }
          }
        }
        """;

    public static async Task RunAsync(string[] args)
    {
        int count = Options.Parse(args, "count").Number("count", 10_000);
        using RunFolder folder = new();
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = folder.Path,
            Feed = "none",
            Web = false,
            Blobs = false,
            HostJson = HostJson,
            FunctionTypes = [typeof(FiveSteps)],
            App = static (_, _) => { },
        });
        DurableTaskClient client = host.Durable.Client;
        await RunAsync(client, "warm-up", Math.Max(1, count / WarmUpShare));
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = CpuTime();
        long started = Stopwatch.GetTimestamp();
        await RunAsync(client, "measured", count);
        OrchestrationResult result = new(
            count, Stopwatch.GetElapsedTime(started).TotalSeconds, (CpuTime() - cpu).TotalSeconds,
            GC.GetTotalAllocatedBytes() - allocated,
            Directory.EnumerateFiles(folder.Path, "durable.db*").Sum(file => new FileInfo(file).Length));
        await CheckAsync(client, count);
        Console.WriteLine(Figures.ToJson(result));
    }

    private static async Task RunAsync(DurableTaskClient client, string prefix, int count)
    {
        int next = 0;
        int done = 0;
        Task[] ends = new Task[count];
        await Task.WhenAll(Enumerable.Range(0, Starters).Select(_ => Task.Run(async () =>
        {
            for (int one; (one = Interlocked.Increment(ref next) - 1) < count;)
            {
                string id = $"{prefix}-{one}";
                await client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(FiveSteps.Five), null, new StartOrchestrationOptions(id));
                ends[one] = EndAsync(id);
            }
        })));
        await Task.WhenAll(ends);

        async Task EndAsync(string id)
        {
            OrchestrationMetadata end = await client.WaitForInstanceCompletionAsync(id);
            if (end.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
            {
                throw new InvalidOperationException($"{id} is {end.RuntimeStatus}.");
            }

            if (Interlocked.Increment(ref done) % 100 == 0)
            {
                Child.Tell((double)done / count);
            }
        }
    }

    // A sample: each has the results of its own five activities, in their order.
    private static async Task CheckAsync(DurableTaskClient client, int count)
    {
        for (int one = 0; one < count; one += 97)
        {
            string id = $"measured-{one}";
            string[] results = (await client.GetInstanceAsync(id, true))!.ReadOutputAs<string[]>()!;
            if (!results.SequenceEqual(Enumerable.Range(1, FiveSteps.Steps).Select(step => FiveSteps.ResultOf(id, step))))
            {
                throw new InvalidOperationException($"{id} ended with {string.Join(", ", results)}.");
            }
        }
    }

    private static TimeSpan CpuTime()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}

/// <summary>An orchestration of five activities, each with an input and a result of its own.</summary>
public static class FiveSteps
{
    internal const int Steps = 5;

    [Function(nameof(Five))]
    public static async Task<string[]> Five([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        string[] results = new string[Steps];
        for (int step = 1; step <= Steps; step++)
        {
            results[step - 1] = await context.CallActivityAsync<string>(nameof(Work), new Step(context.InstanceId, step));
        }

        return results;
    }

    [Function(nameof(Work))]
    public static string Work([ActivityTrigger] Step step) => ResultOf(step.Orchestration, step.Number);

    internal static string ResultOf(string orchestration, int step) =>
        string.Create(CultureInfo.InvariantCulture, $"{orchestration}:{step}");
}

public sealed record Step(string Orchestration, int Number);
