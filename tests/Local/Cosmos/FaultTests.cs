using System.Net;
using FinVault.Local.Cosmos;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class FaultTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    [Fact]
    public async Task TooManyRequests_WhenItPasses_IsRetriedByTheSdk()
    {
        Cosmos.Faults.Add(new FaultRule(FaultKind.TooManyRequests)
        {
            Container = "items", Operation = CosmosOperation.Create, Next = 3, RetryAfter = TimeSpan.FromMilliseconds(1),
        });
        await Items.CreateItemAsync(new Item("a", "p"), P);
        Assert.Equal(3, Cosmos.Faults.Injected);
        LedgerLine line = Assert.Single(Cosmos.Ledger.Snapshot(), l => l.Operation == CosmosOperation.Create);
        Assert.Equal((4, 3), (line.Requests, line.Failures));
    }

    [Fact]
    public async Task TooManyRequests_WhenItStays_ReachesTheCallerWithTheTimeToWait()
    {
        using IDisposable rule = Cosmos.Faults.Add(new FaultRule(FaultKind.TooManyRequests)
        {
            RetryAfter = TimeSpan.FromMilliseconds(2),
        });
        CosmosException refused = await RefusedAsync(HttpStatusCode.TooManyRequests, () => Items.ReadItemAsync<Item>("a", P));
        Assert.Equal(TimeSpan.FromMilliseconds(2), refused.RetryAfter);
        Assert.Equal(3200, refused.SubStatusCode);
    }

    [Theory]
    [InlineData(FaultKind.Unavailable, HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(FaultKind.PreconditionFailed, HttpStatusCode.PreconditionFailed, false)]
    [InlineData(FaultKind.DoneButUnavailable, HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(FaultKind.DoneButTimedOut, HttpStatusCode.RequestTimeout, true)]
    public async Task Write_WhenItFails_IsDoneOrNotAsTheFaultSays(FaultKind kind, HttpStatusCode told, bool done)
    {
        using (Cosmos.Faults.Add(new FaultRule(kind) { Operation = CosmosOperation.Create, Next = 1 }))
        {
            await RefusedAsync(told, () => Items.CreateItemAsync(new Item("a", "p"), P));
        }
        HttpStatusCode second = HttpStatusCode.Created;
        try
        {
            await Items.CreateItemAsync(new Item("a", "p"), P);
        }
        catch (CosmosException exception)
        {
            second = exception.StatusCode;
        }
        Assert.Equal(done ? HttpStatusCode.Conflict : HttpStatusCode.Created, second);
    }

    [Fact]
    public async Task Batch_WhenItsAnswerIsLost_IsCommittedAllTheSame()
    {
        Cosmos.Faults.Add(new FaultRule(FaultKind.DoneButUnavailable) { Operation = CosmosOperation.Batch, Next = 1 });
        using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
            .CreateItem(new Item("a", "p")).CreateItem(new Item("b", "p")).ExecuteAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([2], await QueryAsync<int>("SELECT VALUE COUNT(1) FROM c"));
    }

    [Fact]
    public async Task Share_WhenTheSeedIsTheSame_GivesTheSameFaults()
    {
        Cosmos.Faults.Add(new FaultRule(FaultKind.PreconditionFailed) { Operation = CosmosOperation.Upsert, Share = 0.4 });
        async Task<string> RunAsync()
        {
            Cosmos.Faults.Seed(7);
            var outcome = new System.Text.StringBuilder();
            for (int i = 0; i < 40; i++)
            {
                using var body = new MemoryStream("""{"id":"a","pk":"p"}"""u8.ToArray());
                using ResponseMessage response = await Items.UpsertItemStreamAsync(body, P);
                outcome.Append(response.IsSuccessStatusCode ? '.' : 'x');
            }
            return outcome.ToString();
        }

        string first = await RunAsync();
        Assert.Contains('x', first);
        Assert.Contains('.', first);
        Assert.Equal(first, await RunAsync());
    }

    [Fact]
    public async Task Latency_WhenInjected_WaitsOnTheClock()
    {
        await Items.CreateItemAsync(new Item("a", "p"), P);
        Cosmos.Faults.Add(new FaultRule(FaultKind.Latency)
        {
            Operation = CosmosOperation.Read, Delay = TimeSpan.FromSeconds(3), Next = 1,
        });
        int timers = Clock.PendingTimers;
        Task<ItemResponse<Item>> reading = Items.ReadItemAsync<Item>("a", P);
        await Clock.WhenTimersAsync(timers + 1);
        Assert.False(reading.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("a", (await reading).Resource.Id);
    }
}
