using System.Globalization;
using FinVault.Identity;
using FinVault.Market;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Who looks at their portfolio. A watch lasts a minute, is a document that goes by itself, and is found by every
/// instance that takes ticks, with one query every other second while ticks flow, however many there are of either.
/// </summary>
public sealed class LiveWatches(
    PortfolioDocuments documents, PortfolioStore store, Valuations valuations, TimeProvider time)
{
    private const int Partitions = 16;
    private const int TtlSlack = 30;

    /// <summary>Says that the user looks; messages go to all connections that the user has opened, signed in.</summary>
    public async Task<LiveWatch> WatchAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        // Said before it is read, so that nothing falls in between.
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset expires = now.AddSeconds(LivePortfolio.WatchSeconds);
        string key = $"{user.TenantId}-{user.UserId}";
        string partition = PartitionOf(key);
        WatchDocument watch = new(
            key, partition, user.TenantId, user.UserId, await StampAsync(user, cancellationToken),
            now.ToUnixTimeMilliseconds(), expires.ToUnixTimeMilliseconds(), LivePortfolio.WatchSeconds + TtlSlack);
        await documents.Container.UpsertItemAsync(
            watch, new PartitionKey(partition), new ItemRequestOptions { EnableContentResponseOnWrite = false },
            cancellationToken);
        return new(expires, LivePortfolio.Target, await valuations.ReadAllAsync(user, null, cancellationToken));
    }

    /// <summary>Watches that were said, or said again, since a time.</summary>
    internal Task<List<WatchDocument>> SinceAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        documents.ListAsync<WatchDocument>(
            null,
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'watch' AND c.at >= @since")
                .WithParameter("@since", since.ToUnixTimeMilliseconds()),
            cancellationToken);

    private async Task<string> StampAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await store.AccountsOfAsync(user.TenantId, user.UserId, cancellationToken);
        Versioned<AccountDocument>?[] heads =
            await Task.WhenAll(ids.Select(id => store.FindAccountAsync(id, cancellationToken)));
        return string.Join('|', heads.Select(head => head?.ETag));
    }

    private static string PartitionOf(string key) => string.Create(
        CultureInfo.InvariantCulture, $"live:{PartitionHash.PartitionFor(key, Partitions)}");
}
