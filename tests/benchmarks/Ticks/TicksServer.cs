using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Benchmarks.Harness;
using FinVault.Local.Cosmos;
using FinVault.Local.Feed;
using FinVault.Local.Hosting;
using FinVault.Market;
using FinVault.Platform;

namespace FinVault.Benchmarks.Ticks;

/// <summary>
/// The measured process: fills the hub of a state folder on disk, then runs the whole app on it until everything is
/// committed. Once with a part of the ticks, for the just-in-time compiler, then in earnest.
/// </summary>
internal static class TicksServer
{
    public const string Name = "ticks-server";

    private const int WarmUpTicks = 150_000;
    private const int Window = 2_000;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(string[] args)
    {
        TicksCase what = TicksCase.From(Options.Parse(args, TicksCase.OptionNames));
        await RunAsync(what with { Ticks = Math.Min(WarmUpTicks, what.Ticks) });
        TicksResult result = await RunAsync(what);
        Console.WriteLine(Figures.ToJson(result));
    }

    private static async Task<TicksResult> RunAsync(TicksCase what)
    {
        using RunFolder folder = new();
        LocalHostOptions options = new()
        {
            Urls = "http://127.0.0.1:0",
            Data = folder.Path,
            Feed = "none",
            Web = false,
            Blobs = false,
            Partitions = what.Partitions,
            // Batches follow each other at once: nobody watches, and the window only paces what is shown.
            Settings = new Dictionary<string, string?> { ["Market:WindowMilliseconds"] = "0", ["RateLimits:enabled"] = "false" },
        };
        (int ticks, double appendCpu) = await FillAsync(options, what);

        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan pauses = GC.GetTotalPauseDuration();
        TimeSpan cpu = CpuTime();
        long started = Stopwatch.GetTimestamp();
        await using LocalHost host = await LocalHost.StartAsync(options);
        TickSender events = new(host.Hub, host.Functions);
        int glances = 0;
        for (long lead, all = Math.Max(1, events.Lead); (lead = events.Lead) > 0; await Task.Delay(Glance))
        {
            if (++glances % 25 == 0)
            {
                Child.Tell(1 - ((double)lead / all));
            }
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await CheckAsync(host.BaseAddress, ticks);
        await host.StopAsync();
        LedgerLine[] lines = [.. host.Cosmos.Ledger.Snapshot()];
        LedgerLine[] commits = [.. lines
            .Where(l => l is { Container: Containers.Market, Operation: CosmosOperation.Batch })];
        return new TicksResult(
            ticks, seconds, (CpuTime() - cpu).TotalSeconds, appendCpu, lines.Sum(l => l.Charge),
            host.Cosmos.Ledger.TotalRequests,
            commits.Sum(l => l.Requests), commits.Sum(l => l.Charge), GC.GetTotalAllocatedBytes() - allocated,
            (GC.GetTotalPauseDuration() - pauses).TotalSeconds);
    }

    private static async Task<(int Ticks, double CpuSeconds)> FillAsync(LocalHostOptions options, TicksCase what)
    {
        // The folder's services without the app.
        await using LocalHost services = await LocalHost.StartAsync(options with { FunctionTypes = [] });
        int ticks = 0;
        TimeSpan appending = default;
        foreach (RecordedTick[] window in TickSource.Read(what.Recording, what.Symbols, what.Ticks).Chunk(Window))
        {
            List<(string Partition, EventData[] Events)> sends = [.. ToEvents(window, what)];
            TimeSpan before = CpuTime();
            await Task.WhenAll(sends
                .Select(s => services.Hub.AppendAsync(s.Partition, null, s.Events, default).AsTask()));
            appending += CpuTime() - before;
            ticks += window.Length;
        }

        return (ticks, appending.TotalSeconds);
    }

    private static IEnumerable<(string Partition, EventData[] Events)> ToEvents(RecordedTick[] window, TicksCase what)
    {
        TickEvents bodies = new("benchmark");
        return window
            .GroupBy(t => t.Symbol)
            .GroupBy(
                symbol => PartitionHash.PartitionFor(symbol.Key, what.Partitions),
                symbol => symbol.Select(t => bodies.Create(t.Symbol, t.Price, t.Volume, t.EventTime))
                    .Chunk(what.TicksPerEvent).Select(Join))
            .Select(partition => ($"{partition.Key}", partition.SelectMany(events => events).ToArray()));
    }

    private static EventData Join(EventData[] ticks) => ticks.Length == 1
        ? ticks[0]
        : Market.Ingest.TickEvents.Of(
            BinaryData.FromString(string.Join('\n', ticks.Select(t => t.EventBody.ToString()))), "benchmark");

    private static async Task CheckAsync(Uri address, int ticks)
    {
        using HttpClient http = new() { BaseAddress = address };
        JsonElement counters = await http.GetFromJsonAsync<JsonElement>("/api/v1/market/ingest");
        long received = counters.GetProperty("received").GetInt64();
        if (received != ticks)
        {
            throw new InvalidOperationException($"{ticks} ticks were in the hub, {received} were counted: {counters}");
        }
    }

    private static TimeSpan CpuTime()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
