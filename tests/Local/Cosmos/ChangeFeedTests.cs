using System.Collections.Concurrent;
using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class ChangeFeedTests : CosmosTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Feed_WhenReadFromTheBeginning_HoldsEachDocumentOnceInOrderOfItsLastWrite()
    {
        await WriteAsync("a", "b", "c");
        await Items.ReplaceItemAsync(new Item("a", "p", 2), "a", new PartitionKey("p"));
        await Items.DeleteItemAsync<Item>("b", new PartitionKey("p"));
        (List<Item> items, _) = await DrainAsync(ChangeFeedStartFrom.Beginning());
        Assert.Equal(["c", "a"], items.Select(i => i.Id));
        Assert.Equal(2, items[1].Remaining);
    }

    [Fact]
    public async Task Feed_WhenContinued_HoldsOnlyWhatIsNew()
    {
        await WriteAsync("a");
        (_, string token) = await DrainAsync(ChangeFeedStartFrom.Beginning());
        (List<Item> none, token) = await DrainAsync(ChangeFeedStartFrom.ContinuationToken(token));
        Assert.Empty(none);
        await WriteAsync("b", "c");
        (List<Item> items, _) = await DrainAsync(ChangeFeedStartFrom.ContinuationToken(token), pageSize: 1);
        Assert.Equal(["b", "c"], items.Select(i => i.Id));
    }

    [Fact]
    public async Task Feed_WhenStartedNowOrAtATime_LeavesOutWhatWasBefore()
    {
        await WriteAsync("a");
        FeedIterator<Item> now = Iterator(ChangeFeedStartFrom.Now());
        Assert.Equal(HttpStatusCode.NotModified, (await now.ReadNextAsync()).StatusCode);
        Clock.Advance(TimeSpan.FromMinutes(1));
        DateTime time = Clock.GetUtcNow().UtcDateTime;
        await WriteAsync("b");
        Assert.Equal(["b"], (await now.ReadNextAsync()).Select(i => i.Id));
        Assert.Equal(["b"], (await DrainAsync(ChangeFeedStartFrom.Time(time))).Items.Select(i => i.Id));
    }

    [Fact]
    public async Task Feed_WhenScopedToAPartition_HoldsOnlyItsDocuments()
    {
        await WriteAsync("a");
        await Items.CreateItemAsync(new Item("b", "q"), new PartitionKey("q"));
        FeedRange range = FeedRange.FromPartitionKey(new PartitionKey("q"));
        Assert.Equal(["b"], (await DrainAsync(ChangeFeedStartFrom.Beginning(range))).Items.Select(i => i.Id));
        Assert.Single(await Items.GetFeedRangesAsync());
    }

    [Fact]
    public async Task Feed_WhenATransactionIsLongerThanThePage_KeepsItTogether()
    {
        TransactionalBatch batch = Items.CreateTransactionalBatch(new PartitionKey("p"));
        for (int i = 0; i < 10; i++)
        {
            batch.CreateItem(new Item($"{i}", "p"));
        }
        await batch.ExecuteAsync();
        await WriteAsync("later");
        FeedIterator<Item> iterator = Iterator(ChangeFeedStartFrom.Beginning(), pageSize: 3);
        Assert.Equal(10, (await iterator.ReadNextAsync()).Count);
        Assert.Equal(["later"], (await iterator.ReadNextAsync()).Select(i => i.Id));
    }

    [Fact]
    public async Task Feed_WhenTheModeIsAllVersions_IsRefusedByName()
    {
        FeedIterator<Item> iterator = Items.GetChangeFeedIterator<Item>(
            ChangeFeedStartFrom.Now(), ChangeFeedMode.AllVersionsAndDeletes);
        CosmosException refused = await RefusedAsync(HttpStatusCode.BadRequest, () => iterator.ReadNextAsync());
        Assert.Contains("latest version", refused.Message);
    }

    [Fact]
    public async Task Processor_WhenItFails_GetsTheSameChangesAgainAndThenGoesOn()
    {
        Container leases = await LeasesAsync();
        var seen = new ConcurrentQueue<string>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int failures = 0;
        await WriteAsync("a", "b");
        ChangeFeedProcessor processor = Processor(leases, "worker", changes =>
        {
            if (Interlocked.Increment(ref failures) == 1)
            {
                throw new InvalidOperationException("once");
            }
            foreach (Item item in changes)
            {
                seen.Enqueue(item.Id);
                if (item.Id == "c")
                {
                    complete.TrySetResult();
                }
            }
        });
        await processor.StartAsync();
        await WriteAsync("c");
        await complete.Task.WaitAsync(Patience);
        await processor.StopAsync();
        Assert.Equal(["a", "b", "c"], seen.Distinct());
    }

    [Fact]
    public async Task Processor_WhenStartedAgain_GoesOnFromItsLease()
    {
        Container leases = await LeasesAsync();
        foreach (string id in new[] { "a", "b" })
        {
            var seen = new ConcurrentQueue<string>();
            var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ChangeFeedProcessor processor = Processor(leases, "worker", changes =>
            {
                foreach (Item item in changes)
                {
                    seen.Enqueue(item.Id);
                    complete.TrySetResult();
                }
            });
            await WriteAsync(id);
            await processor.StartAsync();
            await complete.Task.WaitAsync(Patience);
            await processor.StopAsync();
            Assert.Equal([id], seen);
        }
    }

    [Fact]
    public async Task Processors_WhenTheyAreDifferentConsumers_EachGetEverything()
    {
        Container leases = await LeasesAsync();
        var all = new ConcurrentDictionary<(string Consumer, string Id), int>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ChangeFeedProcessor[] processors = [.. new[] { "one", "two" }.Select(consumer => Processor(leases, consumer, changes =>
        {
            foreach (Item item in changes)
            {
                all.AddOrUpdate((consumer, item.Id), 1, (_, n) => n + 1);
            }
            if (all.Count == 6)
            {
                complete.TrySetResult();
            }
        }))];
        foreach (ChangeFeedProcessor processor in processors)
        {
            await processor.StartAsync();
        }
        await WriteAsync("a", "b", "c");
        await complete.Task.WaitAsync(Patience);
        await Task.WhenAll(processors.Select(p => p.StopAsync()));
        Assert.All(all.Values, times => Assert.Equal(1, times));
    }

    private async Task<Container> LeasesAsync()
    {
        await Cosmos.EnsureCreatedAsync(DatabaseId, [new ContainerDefinition("leases", "/id", -1, "/*")], default);
        return Client.GetContainer(DatabaseId, "leases");
    }

    private ChangeFeedProcessor Processor(Container leases, string name, Action<IReadOnlyCollection<Item>> handle) => Items
        .GetChangeFeedProcessorBuilder<Item>(name, (_, changes, _) =>
        {
            handle(changes);
            return Task.CompletedTask;
        })
        .WithInstanceName("instance")
        .WithLeaseContainer(leases)
        .WithPollInterval(TimeSpan.FromMilliseconds(20))
        .WithLeaseConfiguration(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1))
        .WithStartTime(DateTime.MinValue.ToUniversalTime())
        .Build();

    private FeedIterator<Item> Iterator(ChangeFeedStartFrom start, int? pageSize = null) =>
        Items.GetChangeFeedIterator<Item>(
            start, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions { PageSizeHint = pageSize });

    private async Task<(List<Item> Items, string Token)> DrainAsync(ChangeFeedStartFrom start, int? pageSize = null)
    {
        FeedIterator<Item> iterator = Iterator(start, pageSize);
        var items = new List<Item>();
        while (true)
        {
            FeedResponse<Item> page = await iterator.ReadNextAsync();
            if (page.StatusCode == HttpStatusCode.NotModified)
            {
                return (items, page.ContinuationToken);
            }
            items.AddRange(page);
        }
    }

    private async Task WriteAsync(params string[] ids)
    {
        foreach (string id in ids)
        {
            await Items.CreateItemAsync(new Item(id, "p"), new PartitionKey("p"));
        }
    }
}
