using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Benchmarks.Harness;
using FinVault.Local.Feed;
using FinVault.Local.Hosting;
using FinVault.Market;
using FinVault.Market.Calendar;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Fanout;

/// <summary>
/// What a look at all boards costs, which each instance takes twice a second for lists and portfolios: request units, and
/// the processor for making boards of what came. The store's own part of it is not FinVault's in Azure.
/// </summary>
internal static class LookBenchmark
{
    private const int Rounds = 3;
    private const int Parses = 60;

    public static async Task RunAsync(string[] args)
    {
        int symbols = Options.Parse(args, "symbols").Number("symbols", 5_000);
        using RunFolder folder = new();
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = Path.Combine(folder.Path, "data"),
            Feed = "none",
            Web = false,
            Blobs = false,
        });
        for (int round = 1; round <= Rounds; round++)
        {
            await SendAsync(host, symbols, round);
        }

        // A tenth of the symbols tick between two looks.
        (byte[][] before, _) = await BoardsAsync(host);
        await SendAsync(host, symbols / 10, Rounds + 1);
        (byte[][] boards, double units) = await BoardsAsync(host);
        Exchanges exchanges = host.Services.GetRequiredService<Exchanges>();
        Shard known = new("0", exchanges);
        Parse(before, known, exchanges, null);
        string[] cells = [.. new[] { null, known }.Select(from =>
        {
            double[] all = [.. Enumerable.Range(0, Parses).Select(_ => Parse(boards, new("0", exchanges), exchanges, from)).Order()];
            return string.Create(CultureInfo.InvariantCulture, $"{all[0]:F1}, {all[all.Length / 2]:F1}");
        })];
        Console.WriteLine("| symbols | documents | KB | RU | ms of the first look: best, median | of the next |\n|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {symbols:N0} | {boards.Length} | {boards.Sum(board => board.Length) / 1_000:N0} | {units:F0} | {cells[0]} | {cells[1]} |"));
        Console.WriteLine(Figures.ToJson(new { symbols, units }));
    }

    private static double Parse(byte[][] boards, Shard into, Exchanges exchanges, Shard? before)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (byte[] board in boards)
        {
            into.Boards.Add(BoardJson.Read(JsonElement.Parse(board), into, exchanges, before));
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<(byte[][] Boards, double Units)> BoardsAsync(LocalHost host)
    {
        double units = 0;
        Container market = host.Services.GetRequiredService<CosmosClient>().GetContainer(Containers.Database, Containers.Market);
        List<byte[]> boards = [];
        foreach (string partition in host.Hub.PartitionIds)
        {
            using FeedIterator<JsonElement> rows = market.GetItemQueryIterator<JsonElement>(
                new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind").WithParameter("@kind", DocumentKinds.Board),
                requestOptions: new() { PartitionKey = new PartitionKey(partition) });
            while (rows.HasMoreResults)
            {
                FeedResponse<JsonElement> page = await rows.ReadNextAsync();
                units += page.RequestCharge;
                boards.AddRange(page.Select(one => Encoding.UTF8.GetBytes(one.GetRawText())));
            }
        }

        return ([.. boards], units);
    }

    private static async Task SendAsync(LocalHost host, int symbols, int round)
    {
        DateTime now = DateTime.UtcNow;
        foreach (var partition in Enumerable.Range(0, symbols).Select(i => $"TEST-LOOK-{i:D5}")
            .GroupBy(symbol => PartitionHash.PartitionFor(symbol, host.Hub.PartitionIds.Count)))
        {
            EventData[] events = [.. partition.Select(symbol => new EventData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"symbol":"{{symbol}}","price":{{1_000.55m + round}},"volume":{{round * 1_000}},"eventTime":"{{now:O}}"}"""))))];
            await host.Hub.AppendAsync($"{partition.Key}", null, events, default);
        }

        for (TickSender sent = new(host.Hub, host.Functions); sent.Lead > 0;)
        {
            await Task.Delay(20);
        }
    }
}
