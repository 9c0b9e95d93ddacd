using System.Net;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class FileTests : IDisposable
{
    private static readonly PartitionKey P = new("p");
    private static readonly ContainerDefinition[] Containers = [new("items", "/pk", -1, "/*")];
    private readonly string folder = Directory.CreateTempSubdirectory("finvault-cosmos-").FullName;

    private string File => Path.Combine(folder, "cosmos.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task File_WhenOpenedAgain_GoesOnWhereItWas()
    {
        string etag, token;
        using (var cosmos = EmbeddedCosmos.Open(File, new ManualClock()))
        {
            await cosmos.EnsureCreatedAsync("db", Containers, default);
            using CosmosClient client = cosmos.CreateClient();
            Container items = client.GetContainer("db", "items");
            etag = (await items.CreateItemAsync(new Item("a", "p", 1), P)).ETag;
            FeedIterator<Item> feed = Feed(items, ChangeFeedStartFrom.Beginning());
            await feed.ReadNextAsync();
            token = (await feed.ReadNextAsync()).ContinuationToken;
            await items.CreateItemAsync(new Item("newest", "p"), P);
            await items.DeleteItemAsync<Item>("newest", P);
        }
        using (var cosmos = EmbeddedCosmos.Open(File, new ManualClock()))
        {
            await cosmos.EnsureCreatedAsync("db", Containers, default);
            using CosmosClient client = cosmos.CreateClient();
            Container items = client.GetContainer("db", "items");
            Assert.Equal(etag, (await items.ReadItemAsync<Item>("a", P)).ETag);
            await items.CreateItemAsync(new Item("b", "p"), P);
            // Had the numbering begun again at the last document left, the feed would miss this one.
            Assert.Equal(["b"], (await Feed(items, ChangeFeedStartFrom.ContinuationToken(token)).ReadNextAsync()).Select(i => i.Id));
        }
    }

    [Fact]
    public async Task File_WhenManyWriteAndReadAtOnce_LosesNothingAndReadsNothingHalf()
    {
        using var cosmos = EmbeddedCosmos.Open(File, TimeProvider.System);
        await cosmos.EnsureCreatedAsync("db", Containers, default);
        using CosmosClient client = cosmos.CreateClient();
        Container items = client.GetContainer("db", "items");
        await items.CreateItemAsync(new Item("left", "p", 1000), P);
        await items.CreateItemAsync(new Item("right", "p", 0), P);
        using var done = new CancellationTokenSource();
        Task<int> reading = Task.Run(async () =>
        {
            int reads = 0;
            do
            {
                using FeedIterator<int> sum = items.GetItemQueryIterator<int>("SELECT VALUE SUM(c.remaining) FROM c");
                Assert.Equal(1000, (await sum.ReadNextAsync()).Single());
                reads++;
            }
            while (!done.IsCancellationRequested);
            return reads;
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
            {
                using TransactionalBatchResponse moved = await items.CreateTransactionalBatch(P)
                    .PatchItem("left", [PatchOperation.Increment("/remaining", -1)])
                    .PatchItem("right", [PatchOperation.Increment("/remaining", 1)])
                    .ExecuteAsync();
                Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
            }
        })));
        await done.CancelAsync();
        Assert.True(await reading > 0);
        Assert.Equal(200, (await items.ReadItemAsync<Item>("right", P)).Resource.Remaining);
    }

    [Fact]
    public async Task File_WhenTheProcessDies_HoldsEveryWriteThatWasAnswered()
    {
        string dead = Directory.CreateDirectory(Path.Combine(folder, "dead")).FullName;
        using var cosmos = EmbeddedCosmos.Open(File, new ManualClock());
        await cosmos.EnsureCreatedAsync("db", Containers, default);
        using CosmosClient client = cosmos.CreateClient();
        Container items = client.GetContainer("db", "items");
        string?[] etags = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            (await items.CreateItemAsync(new Item($"{i}", "p", i, new string('x', i * 1000)), P)).ETag));
        // What the operating system holds now is what a killed process leaves: nothing was closed or checkpointed.
        foreach (string left in new[] { File, File + "-wal" })
        {
            System.IO.File.Copy(left, Path.Combine(dead, Path.GetFileName(left)));
        }
        using var again = EmbeddedCosmos.Open(Path.Combine(dead, "cosmos.db"), new ManualClock());
        using CosmosClient reader = again.CreateClient();
        for (int i = 0; i < etags.Length; i++)
        {
            ItemResponse<Item> read = await reader.GetContainer("db", "items").ReadItemAsync<Item>($"{i}", P);
            Assert.Equal((etags[i], i * 1000), (read.ETag, read.Resource.Name!.Length));
        }
    }

    [Fact]
    public async Task Database_WhenDeleted_TakesItsContainersAlong()
    {
        using var cosmos = EmbeddedCosmos.Open(File, new ManualClock());
        await cosmos.EnsureCreatedAsync("db", Containers, default);
        using CosmosClient client = cosmos.CreateClient();
        Container items = client.GetContainer("db", "items");
        await items.CreateItemAsync(new Item("a", "p"), P);
        await items.DeleteContainerAsync();
        CosmosException gone = await Assert.ThrowsAsync<CosmosException>(() => items.ReadItemAsync<Item>("a", P));
        Assert.Equal((HttpStatusCode.NotFound, 1003), (gone.StatusCode, gone.SubStatusCode));
        await cosmos.EnsureCreatedAsync("db", Containers, default);
        using CosmosClient fresh = cosmos.CreateClient();
        using ResponseMessage empty = await fresh.GetContainer("db", "items").ReadItemStreamAsync("a", P);
        Assert.Equal(HttpStatusCode.NotFound, empty.StatusCode);
        Assert.False(empty.Headers.TryGetValue("x-ms-substatus", out _));
        await fresh.GetDatabase("db").DeleteAsync();
        await Assert.ThrowsAsync<CosmosException>(() => fresh.GetDatabase("db").ReadAsync());
    }

    private static FeedIterator<Item> Feed(Container items, ChangeFeedStartFrom start) =>
        items.GetChangeFeedIterator<Item>(start, ChangeFeedMode.LatestVersion);
}
