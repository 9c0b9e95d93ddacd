using System.Net;
using FinVault.Audit;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Live;

/// <summary>The groups that a connection has joined, of one kind, so that the next call knows what to leave.</summary>
public sealed class WatchStore(CosmosClient cosmos)
{
    // A connection that ended without a word is forgotten after a day.
    private const int TimeToLiveSeconds = 24 * 3600;

    private readonly Container _market = cosmos.GetContainer(Containers.Database, Containers.Market);

    /// <summary>The groups of a kind ("symbols", "board") that a connection is in.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(
        string connectionId, string kind, CancellationToken cancellationToken)
    {
        string shard = ShardOf(connectionId);
        using ResponseMessage response = await _market.ReadItemStreamAsync(
            kind, new PartitionKey(shard), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? []
            : (await Json.ReadAsync<WatchDocument>(response, cancellationToken)).Groups;
    }

    public Task WriteAsync(
        string connectionId, string kind, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        string shard = ShardOf(connectionId);
        WatchDocument document = new(kind, shard, DocumentKinds.Watch, TimeToLiveSeconds, groups);
        return _market.UpsertItemAsync(
            document,
            new PartitionKey(shard),
            new ItemRequestOptions { EnableContentResponseOnWrite = false },
            cancellationToken);
    }

    private static string ShardOf(string connectionId) => $"connection:{connectionId}";

    [NotAudited("It is of the market, where nobody decides anything.")]
    private sealed record WatchDocument(string Id, string Shard, string Kind, int Ttl, IReadOnlyList<string> Groups);
}
