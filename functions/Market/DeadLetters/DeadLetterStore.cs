using System.Net;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.DeadLetters;

/// <summary>The ticks that were not kept, newest first, and their way back into the hub.</summary>
public sealed class DeadLetterStore(CosmosClient cosmos, TicksHub hub, TimeProvider time)
{
    public const int MaxPage = 100;

    private readonly Container _market = cosmos.GetContainer(Containers.Database, Containers.Market);

    /// <summary>A page of dead letters of all shards, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<DeadLetter>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        long before = page.After<DeadLetterPlace>("dead-letters")?.Before ?? long.MaxValue;
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.kind = @kind AND c.at < @before ORDER BY c.at DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@kind", DocumentKinds.DeadLetter)
            .WithParameter("@before", before);
        List<DeadLetterRow> rows = [];
        using FeedIterator<DeadLetterRow> pages = _market.GetItemQueryIterator<DeadLetterRow>(query);
        while (pages.HasMoreResults)
        {
            rows.AddRange(await pages.ReadNextAsync(cancellationToken));
        }

        bool more = rows.Count > page.Limit;
        DeadLetter[] data = [.. rows.Take(page.Limit).Select(r => r.View())];
        return new Page<DeadLetter>(
            data, more ? Cursor.Write("dead-letters", new DeadLetterPlace(rows[page.Limit - 1].At)) : null);
    }

    /// <summary>
    /// Sends the ticks of a dead letter into the hub again, under the rules of today. Done twice, they come twice: the
    /// rules drop what was kept the first time.
    /// </summary>
    /// <exception cref="ProblemException">not_found.</exception>
    public async Task<ReplayAnswer> ReplayAsync(
        string shard, string id, bool dryRun, CancellationToken cancellationToken)
    {
        DeadLetterRow letter = await ReadAsync(shard, id, cancellationToken);
        DeadTickRow[] whole = [.. letter.Ticks.Where(t => t.Whole)];
        if (!dryRun)
        {
            await hub.SendAsync(
                shard, whole.Select(t => TickEvents.Of(BinaryData.FromString(t.Raw), t.Source)), cancellationToken);
            await _market.PatchItemAsync<DeadLetterRow>(
                id,
                new PartitionKey(shard),
                [PatchOperation.Set("/replayedAt", time.Now())],
                cancellationToken: cancellationToken);
        }

        return new ReplayAnswer(dryRun ? 0 : whole.Length, whole.Length, letter.Ticks.Count - whole.Length);
    }

    private async Task<DeadLetterRow> ReadAsync(string shard, string id, CancellationToken cancellationToken)
    {
        if (Ids.IsValid(id, "DEAD"))
        {
            using ResponseMessage response = await _market.ReadItemStreamAsync(
                id, new PartitionKey(shard), cancellationToken: cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                return await Json.ReadAsync<DeadLetterRow>(response, cancellationToken);
            }
        }

        throw Problems.NotFound.With("There is no dead letter of that id on that shard.");
    }

    private sealed record DeadLetterPlace(long Before);

    private sealed record DeadLetterRow(
        string Id, string Shard, long At, IReadOnlyList<DeadTickRow> Ticks, long? ReplayedAt = null)
    {
        public DeadLetter View() => new(
            Id, Shard, Micros.ToTime(At), ReplayedAt is { } at ? Micros.ToTime(at) : null,
            [.. Ticks.Select(t => new DeadTickView(t.Sequence, t.Reason, t.Source, t.Raw, t.Whole))]);
    }

    private sealed record DeadTickRow(long Sequence, string Reason, string Source, string Raw, bool Whole);
}

/// <summary>Ticks of one commit that were not kept.</summary>
public sealed record DeadLetter(
    string Id, string Shard, DateTimeOffset At, DateTimeOffset? ReplayedAt, IReadOnlyList<DeadTickView> Ticks);

/// <summary>A tick that was not kept, as it was sent; not whole when it was too long to be kept for a replay.</summary>
public sealed record DeadTickView(long Sequence, string Reason, string Source, string Raw, bool Whole);

/// <summary>What a replay sent, or would send, and how many ticks it cannot send because they are not whole.</summary>
public sealed record ReplayAnswer(int Sent, int Replayable, int NotWhole);
