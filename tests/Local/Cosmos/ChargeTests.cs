using FinVault.Local.Cosmos;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class ChargeTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    /// <summary>The published table, document size in KB to request units.</summary>
    [Theory]
    [InlineData(1, 1.00, 4.95)]
    [InlineData(16, 1.67, 9.52)]
    [InlineData(100, 7.678, 37.025)]
    [InlineData(512, 40.95, 184.57)]
    [InlineData(1024, 145.90, 625.00)]
    public void Charge_WhenBySize_FollowsThePublishedTable(int kilobytes, double read, double write)
    {
        Assert.Equal(read, RequestCharge.Read(kilobytes * 1024), 0.005);
        Assert.Equal(write, RequestCharge.Create(kilobytes * 1024, 0), 0.005);
    }

    [Fact]
    public async Task Charge_WhenADocumentIsWritten_CountsIndexedValues()
    {
        await Cosmos.EnsureCreatedAsync(DatabaseId,
        [
            new ContainerDefinition("all", "/pk", -1, "/*"),
            new ContainerDefinition("two", "/pk", -1, "/kind/?", "/deep/at/?"),
        ], default);
        var document = new { id = "a", pk = "p", kind = "k", deep = new { at = 1, not = 2 }, list = new[] { 1, 2, 3 } };
        // The published example: 5 for the size, 0.2 for each indexed term.
        Assert.Equal(4.95 + 0.2 * 8, await CreateAsync("all"), 2);
        Assert.Equal(4.95 + 0.2 * 2, await CreateAsync("two"), 2);

        async Task<double> CreateAsync(string container) =>
            (await Client.GetContainer(DatabaseId, container).CreateItemAsync(document, P)).RequestCharge;
    }

    [Fact]
    public async Task Charge_WhenADocumentIsReplaced_IsAboutTwiceItsCreation()
    {
        var item = new Item("a", "p", 1, new string('x', 100_000));
        double created = (await Items.CreateItemAsync(item, P)).RequestCharge;
        double replaced = (await Items.ReplaceItemAsync(item with { Remaining = 2 }, "a", P)).RequestCharge;
        Assert.InRange(replaced / created, 1.9, 2.1);
        Assert.InRange((await Items.DeleteItemAsync<Item>("a", P)).RequestCharge / created, 0.9, 1.1);
    }

    [Fact]
    public async Task Ledger_WhenRequestsAreMade_AddsUpWhatTheClientWasTold()
    {
        Cosmos.Ledger.Reset();
        double told = (await Items.CreateItemAsync(new Item("a", "p"), P)).RequestCharge;
        told += (await Items.ReadItemAsync<Item>("a", P)).RequestCharge;
        using TransactionalBatchResponse batch = await Items.CreateTransactionalBatch(P)
            .UpsertItem(new Item("a", "p", 1)).CreateItem(new Item("b", "p")).ExecuteAsync();
        told += batch.RequestCharge;
        using FeedIterator<Item> query = Items.GetItemQueryIterator<Item>("SELECT * FROM c");
        double queried = (await query.ReadNextAsync()).RequestCharge;
        Assert.Equal(2.3 + 2, queried, 2);
        Assert.Equal(told + queried, Cosmos.Ledger.TotalCharge, 1);
        Assert.Contains(Cosmos.Ledger.Snapshot(), l => l is { Container: "items", Operation: CosmosOperation.Batch, Requests: 1 });
    }
}
