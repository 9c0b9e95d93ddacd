using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Messaging.EventHubs;
using FinVault.Benchmarks.Harness;
using FinVault.Local.Feed;
using FinVault.Local.Hosting;
using FinVault.Market;

namespace FinVault.Benchmarks.Fanout;

/// <summary>
/// The measured process: the whole app on a state folder on disk, and the publisher, which puts ticks into the hub at a
/// chosen rate in slices of 5 ms, as the peer's does. Recorded prices and volumes under test symbols, which trade
/// around
/// the clock, stamped with now.
/// </summary>
internal static class FanoutServer
{
    public const string Name = "fanout-server";

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes <c>publish RATE SECONDS</c> on standard input, and the end of it for the end.</summary>
    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "folder", "recording", "symbols");
        string folder = options.Text("folder")!;
        RecordedTick[] ticks = [.. TickSource.Read(options.Text("recording"), options.Number("symbols", 50), 100_000)
            .Select(t => t with { Symbol = "TEST-" + t.Symbol.Replace('&', '_') })];
        using StampFile stamps = StampFile.Create(
            folder, [.. ticks.Select(t => t.Symbol).Distinct().Order(StringComparer.Ordinal)]);
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = Path.Combine(folder, "data"),
            Feed = "none",
            Web = false,
            Blobs = false,
            Settings = new Dictionary<string, string?> { ["RateLimits:enabled"] = "false" },
        });
        Publisher publisher = new(host, stamps, ticks);

        // One of each, so that every symbol is known and can be watched.
        await publisher.SendAsync(ticks.DistinctBy(t => t.Symbol));
        for (TickSender events = new(host.Hub, host.Functions); events.Lead > 0;)
        {
            await Task.Delay(Slice);
        }

        Console.WriteLine(host.BaseAddress);
        while (await Child.NextAsync() is { } order)
        {
            string[] words = order.Split(' ');
            int sent = await publisher.RunAsync(
                double.Parse(words[1], CultureInfo.InvariantCulture),
                double.Parse(words[2], CultureInfo.InvariantCulture));
            Console.WriteLine(sent);
        }
    }

    private sealed class Publisher(LocalHost host, StampFile stamps, RecordedTick[] ticks)
    {
        private readonly Dictionary<string, int> _indexes =
            stamps.Symbols.Index().ToDictionary(s => s.Item, s => s.Index);

        private int _next;
        private DateTime _newest = DateTime.UtcNow;

        public async Task<int> RunAsync(double rate, double seconds)
        {
            int total = (int)(rate * seconds);
            long started = Stopwatch.GetTimestamp();
            double told = 0;
            for (int sent = 0; sent < total; await Task.Delay(Slice))
            {
                double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
                int due = Math.Min(total, (int)(elapsed * rate)) - sent;
                await SendAsync(Enumerable.Range(_next, due).Select(i => ticks[i % ticks.Length]));
                _next += due;
                sent += due;
                if (elapsed > told + 0.25)
                {
                    Child.Tell(elapsed / seconds);
                    told = elapsed;
                }
            }

            return total;
        }

        public async Task SendAsync(IEnumerable<RecordedTick> slice)
        {
            foreach (var partition in slice
                .GroupBy(t => PartitionHash.PartitionFor(t.Symbol, host.Hub.PartitionIds.Count)))
            {
                EventData[] events = [.. partition.Select(Event)];
                await host.Hub.AppendAsync($"{partition.Key}", null, events, default);
            }
        }

        // Stamps differ by a microsecond at least: equal ticks would be repeats, and not be delivered.
        private EventData Event(RecordedTick tick)
        {
            stamps.Publish(_indexes[tick.Symbol]);
            DateTime next = _newest.AddMicroseconds(1);
            _newest = DateTime.UtcNow is var now && now > next ? now : next;
            return new EventData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"symbol":"{{tick.Symbol}}","price":{{tick.Price}},"volume":{{tick.Volume}},"""
                + $$"""
                "eventTime":"{{_newest:O}}"}
                """)))
            {
                Properties = { ["source"] = "benchmark" },
            };
        }
    }
}
