using System.Net;
using System.Text.Json.Serialization;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

/// <summary>An endpoint of its own for each test, in memory, with the real SDK as its client.</summary>
public abstract class CosmosTest : IAsyncLifetime
{
    protected const string DatabaseId = "finvault";

    protected ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 9, 15, 0, TimeSpan.Zero));

    protected EmbeddedCosmos Cosmos { get; private set; } = null!;

    protected CosmosClient Client { get; private set; } = null!;

    /// <summary>Partition key /pk, everything indexed, only documents with a ttl expire.</summary>
    protected Container Items { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Cosmos = EmbeddedCosmos.Open(null, Clock);
        await Cosmos.EnsureCreatedAsync(DatabaseId, [new ContainerDefinition("items", "/pk", -1, "/*")], default);
        Client = Cosmos.CreateClient();
        Items = Client.GetContainer(DatabaseId, "items");
    }

    public virtual Task DisposeAsync()
    {
        Client.Dispose();
        Cosmos.Dispose();
        return Task.CompletedTask;
    }

    protected static async Task<CosmosException> RefusedAsync(HttpStatusCode status, Func<Task> action)
    {
        CosmosException exception = await Assert.ThrowsAsync<CosmosException>(action);
        Assert.Equal(status, exception.StatusCode);
        return exception;
    }

    protected static async Task<List<T>> AllAsync<T>(FeedIterator<T> iterator)
    {
        var all = new List<T>();
        while (iterator.HasMoreResults)
        {
            all.AddRange(await iterator.ReadNextAsync());
        }
        return all;
    }

    protected Task<List<T>> QueryAsync<T>(string sql, string? partition = null) => AllAsync(
        Items.GetItemQueryIterator<T>(sql, requestOptions: new QueryRequestOptions
        {
            PartitionKey = partition is null ? null : new PartitionKey(partition),
        }));
}

/// <summary>A document as most tests use it.</summary>
public sealed record Item(string Id, string Pk, int Remaining = 0, string? Name = null)
{
    public int? Ttl { get; init; }

    public string[]? Tags { get; init; }

    [JsonPropertyName("_etag")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ETag { get; init; }
}
