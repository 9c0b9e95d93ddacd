using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class ExpiryTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    [Fact]
    public async Task Document_WhenItsTimeIsOver_IsGoneForEveryKindOfRead()
    {
        await Items.CreateItemAsync(new Item("short", "p") { Ttl = 10 }, P);
        await Items.CreateItemAsync(new Item("long", "p"), P);
        Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, (await QueryAsync<Item>("SELECT * FROM c")).Count);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("short", P));
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReplaceItemAsync(new Item("short", "p"), "short", P));
        Assert.Equal(["long"], (await QueryAsync<Item>("SELECT * FROM c")).Select(i => i.Id));
        Assert.Equal(["long"], (await QueryAsync<Item>("SELECT * FROM c WHERE c.id IN ('short', 'long')", "p")).Select(i => i.Id));
        FeedIterator<Item> feed = Items.GetChangeFeedIterator<Item>(ChangeFeedStartFrom.Beginning(), ChangeFeedMode.LatestVersion);
        Assert.Equal(["long"], (await feed.ReadNextAsync()).Select(i => i.Id));
    }

    [Fact]
    public async Task Create_WhenTheOldDocumentHasExpired_TakesItsPlace()
    {
        await Items.CreateItemAsync(new Item("a", "p", 1) { Ttl = 10 }, P);
        await RefusedAsync(HttpStatusCode.Conflict, () => Items.CreateItemAsync(new Item("a", "p", 2), P));
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Items.CreateItemAsync(new Item("a", "p", 2), P);
        Assert.Equal(2, (await Items.ReadItemAsync<Item>("a", P)).Resource.Remaining);
    }

    [Fact]
    public async Task Replace_WhenItHasATtl_CountsFromTheLastWrite()
    {
        await Items.CreateItemAsync(new Item("a", "p") { Ttl = 10 }, P);
        Clock.Advance(TimeSpan.FromSeconds(8));
        await Items.ReplaceItemAsync(new Item("a", "p", 1) { Ttl = 10 }, "a", P);
        Clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(1, (await Items.ReadItemAsync<Item>("a", P)).Resource.Remaining);
    }

    [Fact]
    public async Task Container_WhenItHasADefault_LetsDocumentsOverrideIt()
    {
        await Cosmos.EnsureCreatedAsync(DatabaseId,
            [new ContainerDefinition("hour", "/pk", 3600, "/*"), new ContainerDefinition("never", "/pk", 0, "/*")], default);
        Container hour = Client.GetContainer(DatabaseId, "hour");
        Container never = Client.GetContainer(DatabaseId, "never");
        await hour.CreateItemAsync(new Item("default", "p"), P);
        await hour.CreateItemAsync(new Item("minute", "p") { Ttl = 60 }, P);
        await hour.CreateItemAsync(new Item("ever", "p") { Ttl = -1 }, P);
        await never.CreateItemAsync(new Item("off", "p") { Ttl = 60 }, P);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await RefusedAsync(HttpStatusCode.NotFound, () => hour.ReadItemAsync<Item>("minute", P));
        Assert.Equal("default", (await hour.ReadItemAsync<Item>("default", P)).Resource.Id);
        Clock.Advance(TimeSpan.FromHours(1));
        await RefusedAsync(HttpStatusCode.NotFound, () => hour.ReadItemAsync<Item>("default", P));
        Assert.Equal("ever", (await hour.ReadItemAsync<Item>("ever", P)).Resource.Id);
        // Without a default time to live expiry is off, whatever a document says.
        Assert.Equal("off", (await never.ReadItemAsync<Item>("off", P)).Resource.Id);
    }

    [Fact]
    public async Task Container_WhenItsDefaultChanges_CountsEveryDocumentAnew()
    {
        await Items.CreateItemAsync(new Item("a", "p"), P);
        ContainerProperties properties = (await Items.ReadContainerAsync()).Resource;
        properties.DefaultTimeToLive = 60;
        await Items.ReplaceContainerAsync(properties);
        Assert.Equal(60, (await Items.ReadContainerAsync()).Resource.DefaultTimeToLive);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("a", P));
    }

    [Fact]
    public async Task Sweep_WhenDocumentsHaveExpired_RemovesThem()
    {
        for (int i = 0; i < 600; i++)
        {
            await Items.CreateItemAsync(new Item($"{i}", "p") { Ttl = 10 }, P);
        }
        await Items.CreateItemAsync(new Item("stays", "p"), P);
        Assert.Equal(0, await Cosmos.SweepExpiredAsync());
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(600, await Cosmos.SweepExpiredAsync());
        Assert.Equal([1], await QueryAsync<int>("SELECT VALUE COUNT(1) FROM c"));
    }

    [Fact]
    public async Task Sweep_WhenTimeGoesBy_RunsByItself()
    {
        await Items.CreateItemAsync(new Item("a", "p") { Ttl = 10 }, P);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Cosmos.SweepExpiredAsync());
    }
}
