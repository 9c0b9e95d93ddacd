using System.Globalization;
using FinVault.Identity;
using FinVault.Market.Ingest;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Who looks at their portfolio. A watch lasts a minute, is a document that goes by itself, and belongs to a share of all:
/// there are as many shares as partitions of the ticks hub, and who ingests a partition tells its share.
/// </summary>
public sealed class LiveWatches(
    PortfolioDocuments documents, PortfolioStore store, Valuations valuations, TicksHub hub, TimeProvider time)
{
    private const int TtlSlack = 30;

    /// <summary>When the last watch ends that was found: until then there is no need to look for one.</summary>
    private long _anyUntil;

    /// <summary>Says that the user looks; messages go to all connections that the user has opened, signed in.</summary>
    public async Task<LiveWatch> WatchAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        // Said before it is read, so that nothing falls in between.
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset expires = now.AddSeconds(LivePortfolio.WatchSeconds);
        string key = $"{user.TenantId}-{user.UserId}";
        string partition = PartitionOf(await hub.PartitionOfAsync(key, cancellationToken));
        WatchDocument watch = new(
            key, partition, user.TenantId, user.UserId, await StampAsync(user, cancellationToken),
            now.ToUnixTimeMilliseconds(), expires.ToUnixTimeMilliseconds(), LivePortfolio.WatchSeconds + TtlSlack);
        await documents.Container.UpsertItemAsync(
            watch, new PartitionKey(partition), new ItemRequestOptions { EnableContentResponseOnWrite = false },
            cancellationToken);
        return new(expires, LivePortfolio.Target, await valuations.ReadAllAsync(user, null, cancellationToken));
    }

    /// <summary>Watches of a share that were said, or said again, since a time.</summary>
    internal Task<List<WatchDocument>> SinceAsync(
        string shardId, DateTimeOffset since, CancellationToken cancellationToken) =>
        documents.ListAsync<WatchDocument>(
            PartitionOf(shardId),
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'watch' AND c.at >= @since")
                .WithParameter("@since", since.ToUnixTimeMilliseconds()),
            cancellationToken);

    /// <summary>Whether anybody may be looking. One query, and none while one who was found still looks.</summary>
    internal async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Interlocked.Read(ref _anyUntil) > now.ToUnixTimeMilliseconds())
        {
            return true;
        }

        List<WatchDocument> found = await documents.ListAsync<WatchDocument>(
            null,
            new QueryDefinition("SELECT TOP 1 * FROM c WHERE c.type = 'watch' AND c.at >= @since")
                .WithParameter("@since", now.AddSeconds(-LivePortfolio.WatchSeconds).ToUnixTimeMilliseconds()),
            cancellationToken);
        if (found.Count > 0)
        {
            Interlocked.Exchange(ref _anyUntil, found[0].ExpiresAt);
        }

        return found.Count > 0;
    }

    private async Task<string> StampAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await store.AccountsOfAsync(user.TenantId, user.UserId, cancellationToken);
        Versioned<AccountDocument>?[] heads =
            await Task.WhenAll(ids.Select(id => store.FindAccountAsync(id, cancellationToken)));
        return string.Join('|', heads.Select(head => head?.ETag));
    }

    private static string PartitionOf(string shardId) => string.Create(CultureInfo.InvariantCulture, $"live:{shardId}");
}
