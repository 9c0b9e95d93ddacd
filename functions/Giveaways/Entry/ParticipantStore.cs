using System.Net;
using FinVault.Giveaways.Draw;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>What became of a registration.</summary>
public enum EntryOutcome
{
    Registered,

    /// <summary>The same registration came before.</summary>
    AlreadyDone,

    /// <summary>Somebody registered with this contact.</summary>
    ContactTaken,

    /// <summary>As many take part as may.</summary>
    Full,
}

/// <summary>
/// Participants in their giveaway's partition. Who registers is created in one batch with the contact, which keeps it
/// unique, and with the counter, which keeps their number.
/// </summary>
public sealed class ParticipantStore(GiveawayDocuments documents)
{
    public Task<Participant?> FindAsync(string giveaway, string id, CancellationToken cancellationToken) =>
        documents.FindAsync<Participant>(giveaway, id, cancellationToken);

    /// <summary>The participant that shows this token.</summary>
    /// <exception cref="ProblemException">invalid_participant.</exception>
    public async Task<Participant> ReadAsync(
        string giveaway, ParticipantToken token, CancellationToken cancellationToken) =>
        await FindAsync(giveaway, token.Holder, cancellationToken) is { } found && token.IsOf(found)
            ? found
            : throw ParticipantToken.Unknown();

    public async Task<(EntryOutcome Outcome, Participant Participant)> RegisterAsync(
        Participant participant, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(participant);
        string partition = participant.Giveaway;
        for (int tries = 0; tries < GiveawayDocuments.MaxTries; tries++)
        {
            ContactClaim claim = new(participant.ContactId, partition, participant.Id);
            TransactionalBatch batch = documents.Batch(partition)
                .CreateItem(claim, GiveawayDocuments.NoBody)
                .CreateItem(participant, GiveawayDocuments.NoBody)
                .PatchItem(
                    EntryCounter.DocumentId, [PatchOperation.Increment("/entries", 1)],
                    GiveawayDocuments.Only($"FROM c WHERE c.entries < {most}"));
            BatchOutcome outcome = await GiveawayDocuments.ExecuteAsync(batch, cancellationToken);
            if (outcome.IsDone)
            {
                return (EntryOutcome.Registered, participant);
            }

            if (outcome is { Failed: 2, Status: HttpStatusCode.PreconditionFailed }
                && await CountAsync(partition, cancellationToken) >= most)
            {
                return (EntryOutcome.Full, participant);
            }

            ContactClaim? there = await documents.FindAsync<ContactClaim>(
                partition, participant.ContactId, cancellationToken);
            if (there is not null && await FindAsync(partition, there.Participant, cancellationToken) is { } first)
            {
                bool same = first.TokenHash == participant.TokenHash && first.Name == participant.Name;
                return (same ? EntryOutcome.AlreadyDone : EntryOutcome.ContactTaken, first);
            }
        }

        throw new TimeoutException($"{participant.Id} could not be registered.");
    }

    /// <summary>
    /// Removes somebody who has won nothing; false when they have, are gone, or just tried something.
    /// </summary>
    public async Task<bool> LeaveAsync(Participant participant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(participant);
        if (participant.Prizes > 0)
        {
            return false;
        }

        TransactionalBatch batch = documents.Batch(participant.Giveaway)
            .DeleteItem(participant.Id, new() { IfMatchEtag = participant.ETag })
            .DeleteItem(participant.ContactId, GiveawayDocuments.NoBody)
            .PatchItem(
                EntryCounter.DocumentId, [PatchOperation.Increment("/entries", -1)],
                GiveawayDocuments.Only("FROM c WHERE c.entries > 0"));
        return (await GiveawayDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    public async Task<int> CountAsync(string giveaway, CancellationToken cancellationToken) =>
        (await documents.FindAsync<EntryCounter>(giveaway, EntryCounter.DocumentId, cancellationToken))?.Entries ?? 0;

    /// <summary>What a draw is made of: everybody who takes part, or with slots everybody who tried.</summary>
    public IAsyncEnumerable<DrawEntry> EntriesAsync(
        string giveaway, bool slots, CancellationToken cancellationToken) => documents.QueryAsync<DrawEntry>(
            giveaway, new QueryDefinition(
                "SELECT c.id, c.points, c.completedAtMilliseconds FROM c WHERE c.type = 'participant'"
                + (slots ? " AND c.attemptCount > 0" : "")), cancellationToken);

    /// <summary>Those who take part, in the order of registration.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<Participant>> ListAsync(
        string giveaway, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string kind = $"participants:{giveaway}";
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'participant' AND c.id > @after ORDER BY c.id")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@after", page.After<Place>(kind)?.After ?? "");
        List<Participant> rows = await documents.QueryAsync<Participant>(giveaway, query, cancellationToken)
            .ToListAsync(cancellationToken);
        Participant[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new Place(data[^1].Id)) : null);
    }

    /// <summary>Those who have points, the first first.</summary>
    /// <param name="giveaway">The giveaway.</param>
    /// <param name="after">The rank of the last one that was read; empty for the first.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<Participant>> RankedAsync(
        string giveaway, string after, int limit, CancellationToken cancellationToken) =>
        await documents.QueryAsync<Participant>(
            giveaway, new QueryDefinition(
                "SELECT TOP @limit * FROM c WHERE c.type = 'participant' AND c.rank > @after ORDER BY c.rank")
                .WithParameter("@limit", limit)
                .WithParameter("@after", after),
            cancellationToken).ToListAsync(cancellationToken);

    /// <summary>How many registered in each bar of the time series.</summary>
    public IAsyncEnumerable<BucketCount> CountByBucketAsync(string giveaway, CancellationToken cancellationToken) =>
        documents.QueryAsync<BucketCount>(
            giveaway, new QueryDefinition(
                "SELECT c.bucket AS bucket, COUNT(1) AS count FROM c WHERE c.type = 'participant' GROUP BY c.bucket"), cancellationToken);

    /// <summary>Those of these ids that take part.</summary>
    public async Task<Dictionary<string, Participant>> ReadManyAsync(
        string giveaway, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        PartitionKey partition = new(giveaway);
        FeedResponse<Participant> found = await documents.Container.ReadManyItemsAsync<Participant>(
            [.. ids.Select(id => (id, partition))], cancellationToken: cancellationToken);
        return found.Where(p => p.Type == Participant.DocumentType).ToDictionary(p => p.Id, StringComparer.Ordinal);
    }

    private sealed record Place(string After);
}

/// <summary>A bar of a time series.</summary>
public sealed record BucketCount(DateTimeOffset Bucket, long Count);
