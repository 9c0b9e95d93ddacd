using System.Globalization;
using FinVault.Audit;
using FinVault.Market.Ingest;
using FinVault.Market.Read;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Live;

/// <summary>
/// The lists that connections look at. A watch lasts five minutes unless it is said again, and belongs to a share of all
/// connections: there are as many shares as partitions of the ticks hub, and who ingests a partition sends to its share.
/// </summary>
public sealed class PackedWatches(CosmosClient cosmos, TicksHub hub, TimeProvider time)
    : Documents(cosmos, Containers.Market)
{
    /// <summary>For so long after it was said; a client says it again in less than half of it.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    // Clocks of instances differ, and what was said while a look was on its way is found by the next one.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(2);

    /// <summary>Says that a connection looks at these symbols, of which it holds the quotes of a snapshot.</summary>
    public async Task SayAsync(
        string connectionId, IReadOnlyList<string> symbols, BoardSnapshot held, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(held);
        string shard = await ShardOfAsync(connectionId, cancellationToken);
        PackedWatch watch = new(
            connectionId, shard, DocumentKinds.Packed, (int)Lasts.TotalSeconds, time.GetUtcNow().ToUnixTimeMilliseconds(),
            held.Count, symbols, [.. symbols.Select(symbol => held.Peek(symbol)?.State.Seq ?? 0)]);
        await Container.UpsertItemAsync(
            watch, new PartitionKey(shard), new ItemRequestOptions { EnableContentResponseOnWrite = false },
            cancellationToken);
    }

    /// <summary>A connection looks at no list any more. Told, not deleted: a document that is gone nobody finds.</summary>
    public async Task LeaveAsync(string connectionId, CancellationToken cancellationToken)
    {
        string shard = await ShardOfAsync(connectionId, cancellationToken);
        PackedWatch left = new(
            connectionId, shard, DocumentKinds.Packed, (int)Lasts.TotalSeconds, time.GetUtcNow().ToUnixTimeMilliseconds(),
            PackedWatch.Left, [], []);
        await Container.UpsertItemAsync(
            left, new PartitionKey(shard), new ItemRequestOptions { EnableContentResponseOnWrite = false },
            cancellationToken);
    }

    /// <summary>Watches of a share that were said, said again or left since a time.</summary>
    public Task<List<PackedWatch>> SinceAsync(
        string shardId, DateTimeOffset since, CancellationToken cancellationToken) => QueryAsync<PackedWatch>(
            ShardOf(shardId),
            new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind AND c.at >= @since")
                .WithParameter("@kind", DocumentKinds.Packed)
                .WithParameter("@since", (since - Overlap).ToUnixTimeMilliseconds()),
            cancellationToken).ToListAsync(cancellationToken).AsTask();

    /// <summary>Whether anybody may be looking at a list.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        QueryDefinition some = new QueryDefinition("SELECT TOP 1 c.id FROM c WHERE c.kind = @kind AND c.at >= @since")
            .WithParameter("@kind", DocumentKinds.Packed)
            .WithParameter("@since", (time.GetUtcNow() - Lasts).ToUnixTimeMilliseconds());
        return (await QueryAsync<Found>(null, some, cancellationToken).ToListAsync(cancellationToken)).Count > 0;
    }

    private async Task<string> ShardOfAsync(string connectionId, CancellationToken cancellationToken) =>
        ShardOf(await hub.PartitionOfAsync(connectionId, cancellationToken));

    private static string ShardOf(string shardId) => string.Create(CultureInfo.InvariantCulture, $"packed:{shardId}");

    private sealed record Found(string Id);
}

/// <summary>The list that a connection looks at.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Shard">Its share.</param>
/// <param name="Kind">What kind of a document it is.</param>
/// <param name="Ttl">Seconds until the store forgets it.</param>
/// <param name="At">When it was said, milliseconds since the Unix epoch.</param>
/// <param name="Of">How many symbols had a quote then; <see cref="Left"/> when it looks at none any more.</param>
/// <param name="Symbols">The symbols, at most 50.</param>
/// <param name="Seqs">The numbers of the quotes that it was answered with.</param>
[NotAudited("It is of the market, where nobody decides anything.")]
public sealed record PackedWatch(
    string Id, string Shard, string Kind, int Ttl, long At, int Of, IReadOnlyList<string> Symbols,
    IReadOnlyList<long> Seqs)
{
    /// <summary>In the place of a number of symbols: nothing is to be sent.</summary>
    public const int Left = -1;
}

/// <summary>A connection that is sent to, and whether it was sent nothing yet of what it looks at now.</summary>
public sealed record PackedWatcher(PackedWatch Watch, bool IsNew);
