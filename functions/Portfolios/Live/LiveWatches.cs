using System.Globalization;
using FinVault.Identity;
using FinVault.Market;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Portfolios;

/// <summary>
/// Who looks at their portfolio. A watch lasts a minute, is a document that goes by itself, and is found by every
/// instance that takes ticks, with one query every other second while ticks flow, however many there are of either.
/// </summary>
public sealed class LiveWatches(
    PortfolioDocuments documents, PortfolioStore store, Valuations valuations, ServiceHubContext hub, TimeProvider time)
{
    private const int Partitions = 16;
    private const int TtlSlack = 30;

    /// <summary>Joins a connection to its user's messages, and says that somebody looks.</summary>
    /// <exception cref="ProblemException">invalid_request.</exception>
    public async Task<LiveWatch> WatchAsync(
        CurrentUser user, string connectionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        bool isId = connectionId is { Length: > 0 and <= 128 }
            && connectionId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        if (!isId)
        {
            throw Problems.InvalidRequest.With("connectionId is the id of a live connection.");
        }

        // Joined and said before it is read, so that nothing falls in between.
        await hub.Groups.AddToGroupAsync(
            connectionId, LivePortfolio.Group(user.TenantId, user.UserId), cancellationToken);
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

    /// <summary>Takes a connection from its user's messages.</summary>
    public Task LeaveAsync(CurrentUser user, string connectionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return hub.Groups.RemoveFromGroupAsync(
            connectionId, LivePortfolio.Group(user.TenantId, user.UserId), cancellationToken);
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
