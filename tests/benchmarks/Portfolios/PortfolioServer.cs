using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Messaging.EventHubs;
using FinVault.Benchmarks.Harness;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Local.Feed;
using FinVault.Local.Hosting;
using FinVault.Market;
using FinVault.Platform;
using FinVault.Portfolios;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Portfolios;

/// <summary>
/// The measured process: the whole app with its state on disk. It makes prices, snapshots and copies of an account, has
/// a night's rebalancing done, and tells what its store was asked; everything else comes to it over HTTP.
/// </summary>
internal sealed class PortfolioServer(LocalHost host)
{
    public const string Name = "portfolio-server";

    private const string NoLimit = "1000000000";
    private const int Workers = 10;
    private const int Together = 16;

    private readonly Dictionary<string, long> _volumes = [];
    private DateTime _newest = DateTime.UtcNow;

    /// <summary>Takes orders on standard input, a word and what it needs; answers each with a line.</summary>
    public static async Task RunAsync(string[] args)
    {
        string folder = Options.Parse(args, "folder").Text("folder")!;
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = Path.Combine(folder, "data"),
            Feed = "none",
            Web = false,
            Blobs = false,
            DemoAccounts = false,
            // The night may be now, and is measured without the pauses that it makes for others.
            Settings = new Dictionary<string, string?>
            {
                ["RateLimits:enabled"] = "false", ["NightlyPlans:from"] = "00:00", ["NightlyPlans:to"] = "23:59:59.9999999",
                ["NightlyPlans:unitsPerSecond"] = NoLimit,
            },
        });
        CurrentUser user = new(
            Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), new HashSet<string> { Roles.User });
        string token = await SignedIn.TokenAsync(host.Services, user);
        Console.WriteLine(Figures.ToJson(new PortfolioReady(host.BaseAddress, token)));
        PortfolioServer server = new(host);
        while (await Child.NextAsync() is { } order)
        {
            string[] words = order.Split(' ');
            Console.WriteLine(words[0] switch
            {
                "past" => await server.PastAsync(Number(words[1]), Number(words[2])),
                "price" => await server.PriceAsync(words[1], decimal.Parse(words[2], CultureInfo.InvariantCulture)),
                "snapshots" => await server.SnapshotsAsync(words[1]),
                "copy" => await server.CopyAsync(words[1], Number(words[2])),
                "night" => await server.NightAsync(),
                _ => server.Asked(),
            });
        }
    }

    /// <summary>Daily bars of some symbols over so many years, in the store as the app has them; a price of now for all.</summary>
    private async Task<string> PastAsync(int symbols, int years)
    {
        string[] names = [.. Enumerable.Range(0, symbols).Select(PortfolioNames.Of)];
        Container history = host.Services.GetRequiredService<CosmosClient>()
            .GetContainer(Containers.Database, Containers.History);
        foreach (string name in names.Take(PortfolioNames.WithPast))
        {
            await PortfolioPast.StoreAsync(history, name, years);
        }

        await SendAsync(names.Select((name, i) => (name, 100m + i, Now())));
        TickSender events = new(host.Hub, host.Functions);
        while (events.Lead > 0)
        {
            await Task.Delay(50);
        }

        return "done";
    }

    /// <summary>A tick of a symbol; the moment before it was sent, by the clock that processes share.</summary>
    private async Task<string> PriceAsync(string symbol, decimal price)
    {
        long sent = Stopwatch.GetTimestamp();
        await SendAsync([(symbol, price, Now())]);
        return sent.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<string> SnapshotsAsync(string account)
    {
        int failed = await host.Services.GetRequiredService<Snapshots>().MakeAsync(
            host.Services.GetRequiredService<SnapshotCalendar>().LastClosed(), [account], default);
        return failed == 0 ? "done" : throw new InvalidOperationException("The snapshots were not made.");
    }

    /// <summary>Copies an account, with everything in it, so many times: accounts of the same owner.</summary>
    private async Task<string> CopyAsync(string account, int count)
    {
        Container container = host.Services.GetRequiredService<PortfolioDocuments>().Container;
        List<string> documents = [];
        using FeedIterator<JsonElement> rows = container.GetItemQueryIterator<JsonElement>(
            "SELECT * FROM c WHERE c.type != 'snapshot'",
            requestOptions: new() { PartitionKey = new PartitionKey(account) });
        while (rows.HasMoreResults)
        {
            documents.AddRange((await rows.ReadNextAsync()).Select(Bare));
        }

        int done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Together }, async (_, token) =>
            {
                string copy = Ids.New(PortfolioAccount.Prefix, TimeProvider.System);
                TransactionalBatch batch = container.CreateTransactionalBatch(new PartitionKey(copy));
                foreach (string document in documents)
                {
                    batch.CreateItem(JsonElement.Parse(document.Replace(account, copy, StringComparison.Ordinal)));
                }

                using TransactionalBatchResponse made = await batch.ExecuteAsync(token);
                if (!made.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"An account was not copied: {made.StatusCode}.");
                }

                int all = Interlocked.Increment(ref done);
                if (all % 50 == 0)
                {
                    Child.Tell((double)all / count);
                }
            });
        return "done";
    }

    /// <summary>A whole night, as its orchestration does it: batches of a thousand, ten workers at most.</summary>
    private async Task<string> NightAsync()
    {
        NightlyPlans nights = host.Services.GetRequiredService<NightlyPlans>();
        string night = host.Services.GetRequiredService<NightlyOptions>().NightOf(DateTimeOffset.UtcNow);
        (StoreUse before, TimeSpan cpu, long started) = (Use(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
        int done = 0;
        for (string after = ""; ;)
        {
            NightlyStep step = await nights.NextAsync(new(night, NightlyWork.Rebalance, after, 0, 0, 0), default);
            if (step.Names.Count == 0)
            {
                break;
            }

            NightlyCounts[] counts = await Task.WhenAll(step.Names
                .Chunk((step.Names.Count + Workers - 1) / Workers)
                .Select(some => nights.WorkAsync(new(night, NightlyWork.Rebalance, some), default)));
            done += counts.Sum(one => one.Done);
            after = step.Names[^1];
            if (counts.Any(one => one.Failed + one.Skipped > 0 || one.IsCut))
            {
                throw new InvalidOperationException($"Not all accounts were rebalanced: {string.Join(", ", counts.AsEnumerable())}");
            }

            Child.Tell(0.5);
        }

        return Figures.ToJson(new NightSeen(
            done, Stopwatch.GetElapsedTime(started).TotalSeconds,
            (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds, Use() - before));
    }

    private string Asked() => Figures.ToJson(Use());

    /// <summary>Of accounts and boards; what timers ask of other containers is not in it.</summary>
    private StoreUse Use()
    {
        LedgerLine[] lines = [.. host.Cosmos.Ledger.Snapshot()];
        return new(
            Reads(Containers.Portfolios), Reads(Containers.Market), Writes(),
            lines.Where(line => line.Container == Containers.Portfolios).Sum(line => line.Charge));

        long Reads(string container) => lines
            .Where(line => line.Container == container && line.Operation is (CosmosOperation.Read or CosmosOperation.Query
                or CosmosOperation.QueryPlan or CosmosOperation.ReadFeed))
            .Sum(line => line.Requests);

        long Writes() => lines
            .Where(line => line.Container == Containers.Portfolios && line.Operation is (CosmosOperation.Batch
                or CosmosOperation.Create or CosmosOperation.Replace or CosmosOperation.Upsert or CosmosOperation.Patch))
            .Sum(line => line.Requests);
    }

    private async Task SendAsync(IEnumerable<(string Symbol, decimal Price, DateTime At)> ticks)
    {
        foreach (var partition in ticks.GroupBy(tick => PartitionHash.PartitionFor(tick.Symbol, host.Hub.PartitionIds.Count)))
        {
            EventData[] events = [.. partition.Select(tick => Event(tick.Symbol, tick.Price, tick.At))];
            await host.Hub.AppendAsync($"{partition.Key}", null, events, default);
        }
    }

    private EventData Event(string symbol, decimal price, DateTime at)
    {
        long volume = _volumes[symbol] = _volumes.GetValueOrDefault(symbol) + 1;
        return Market.Ingest.TickEvents.Of(
            BinaryData.FromString(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"symbol":"{{symbol}}","price":{{price}},"volume":{{volume}},"eventTime":"{{at:yyyy-MM-ddTHH:mm:ss.ffffff}}Z"}""")),
            "benchmark");
    }

    // Equal ticks would be repeats.
    private DateTime Now()
    {
        DateTime next = _newest.AddMicroseconds(1);
        return _newest = DateTime.UtcNow is var now && now > next ? now : next;
    }

    private static string Bare(JsonElement document)
    {
        JsonObject bare = JsonNode.Parse(document.GetRawText())!.AsObject();
        foreach (string own in new[] { "_rid", "_self", "_etag", "_attachments", "_ts" })
        {
            bare.Remove(own);
        }

        return bare.ToJsonString();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
