using System.Net;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

/// <summary>What the store refuses is counted, also where the SDK tries again by itself and nobody hears of it.</summary>
public sealed class StoreLoadTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    [Fact]
    public async Task Refusals_ThatTheSdkHides_Count()
    {
        StoreLoad load = new(Clock);
        using CosmosClient client = Cosmos.CreateClient(null, new StoreLoadHandler(load, ConnectionMode.Gateway));
        Container items = client.GetContainer(DatabaseId, "items");
        await items.CreateItemAsync(new Item("a", "p"), P);
        Assert.Equal(0, load.Recent().RefusedPart);
        Cosmos.Faults.Add(new FaultRule(FaultKind.TooManyRequests)
        {
            Container = "items", Operation = CosmosOperation.Read, Next = 3, RetryAfter = TimeSpan.FromMilliseconds(5),
        });

        // Served at the fourth try; the client knows of nothing.
        await items.ReadItemAsync<Item>("a", P);
        (double units, double refused) = load.Recent();
        Assert.Equal(3 / 5.0, refused, 12);
        Assert.True(units > 0);
    }

    [Fact]
    public async Task Failures_ThatAreAnswers_AreNoRefusals()
    {
        StoreLoad load = new(Clock);
        using CosmosClient client = Cosmos.CreateClient(null, new StoreLoadHandler(load, ConnectionMode.Gateway));
        Container items = client.GetContainer(DatabaseId, "items");
        await RefusedAsync(HttpStatusCode.NotFound, () => items.ReadItemAsync<Item>("a", P));
        await items.CreateItemAsync(new Item("a", "p"), P);
        await RefusedAsync(HttpStatusCode.Conflict, () => items.CreateItemAsync(new Item("a", "p"), P));
        Assert.Equal(0, load.Recent().RefusedPart);

        using IDisposable rule = Cosmos.Faults.Add(new FaultRule(FaultKind.TooManyRequests)
        {
            RetryAfter = TimeSpan.FromMilliseconds(1),
        });
        await RefusedAsync(HttpStatusCode.TooManyRequests, () => items.ReadItemAsync<Item>("a", P));
        // Ten tries of thirteen: nine again, after the first.
        Assert.Equal(10 / 13.0, load.Recent().RefusedPart, 12);
    }

    /// <summary>What the client that talks to Azure tells; the words are those that this version of it writes.</summary>
    [Fact]
    public async Task Diagnostics_TellRefusalsFromOtherFailures_AndInUnknownWordsAllCount()
    {
        using IDisposable rule = Cosmos.Faults.Add(new FaultRule(FaultKind.TooManyRequests)
        {
            RetryAfter = TimeSpan.FromMilliseconds(1),
        });
        CosmosException refused = await Assert.ThrowsAsync<CosmosException>(() => Items.ReadItemAsync<Item>("a", P));
        string text = refused.Diagnostics.ToString();
        Assert.Equal(10, StoreLoadHandler.Refusals(10, text));
        Assert.Equal(0, StoreLoadHandler.Refusals(10, text.Replace("(429,", "(410,", StringComparison.Ordinal)));
        Assert.Equal(10, StoreLoadHandler.Refusals(10, """{"calls":[429,429]}"""));
    }
}
