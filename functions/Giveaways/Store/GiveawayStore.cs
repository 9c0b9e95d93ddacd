using System.Collections.Concurrent;
using System.Net;
using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>
/// Giveaways, a partition each. A change is written under the ETag that it was read with, in one batch with the word of
/// it and with the gate that prizes fall through; so nothing falls once a giveaway is paused, closed or cancelled.
/// </summary>
public sealed class GiveawayStore(GiveawayDocuments documents, TimeProvider time)
{
    private const string ListKind = "giveaways";
    private const int MaxRecent = 1_000;

    // What other instances change shows here after a second; what prizes fall through is never remembered.
    private static readonly TimeSpan RecentAge = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (Giveaway Giveaway, long At)> _recent = new(StringComparer.Ordinal);

    public Task<Giveaway?> FindAsync(string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, Giveaway.Prefix)
            ? documents.FindAsync<Giveaway>(id, id, cancellationToken)
            : Task.FromResult<Giveaway?>(null);

    /// <summary>The giveaway as it was a second ago at most, for calls that come by the thousand.</summary>
    public async ValueTask<Giveaway?> FindRecentAsync(string id, CancellationToken cancellationToken)
    {
        if (_recent.TryGetValue(id, out (Giveaway Giveaway, long At) known)
            && time.GetElapsedTime(known.At) < RecentAge)
        {
            return known.Giveaway;
        }

        long at = time.GetTimestamp();
        Giveaway? found = await FindAsync(id, cancellationToken);
        if (_recent.Count >= MaxRecent)
        {
            _recent.Clear();
        }

        if (found is not null)
        {
            _recent[id] = (found, at);
        }

        return found;
    }

    /// <summary>Has the next call read it anew.</summary>
    public void Forget(string id) => _recent.TryRemove(id, out _);

    /// <summary>A giveaway of the tenant.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, also for another tenant's.</exception>
    public async Task<Giveaway> ReadOwnAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } found && found.Tenant == tenant
            ? found
            : throw Problems.UnknownGiveaway.With($"There is no giveaway {id}.");

    /// <summary>A giveaway that everybody may see, as it was a second ago at most.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, also for a draft.</exception>
    public async Task<Giveaway> ReadPublicAsync(string id, CancellationToken cancellationToken) =>
        await FindRecentAsync(id, cancellationToken) is { IsPublic: true } found
            ? found
            : throw Problems.UnknownGiveaway.With($"There is no giveaway {id}.");

    public Task<bool> CreateAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return documents.CreateAsync(giveaway.Id, giveaway, cancellationToken);
    }

    /// <summary>Removes what is still as it was read; false when it has changed.</summary>
    public async Task<bool> DeleteAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        TransactionalBatch batch = documents.Batch(giveaway.Id)
            .DeleteItem(giveaway.Id, new TransactionalBatchItemRequestOptions { IfMatchEtag = giveaway.ETag })
            .CreateItem(
                StoredChange.RemovedOfGiveaway(
                    giveaway.Id, Giveaway.DocumentType, giveaway.Id, giveaway.Tenant, time),
                GiveawayDocuments.NoBody);
        return (await GiveawayDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>
    /// Reads, changes and writes, again where somebody else was first. What the change throws is for the caller.
    /// </summary>
    /// <param name="id">A giveaway that there is.</param>
    /// <param name="change">Pure; null leaves it as it is.</param>
    /// <param name="cancellationToken">Gives up; the change is made or not.</param>
    /// <param name="gate">Makes the prizes' gate and the counter of entries, at scheduling.</param>
    /// <param name="message">What is told beside the change itself.</param>
    public async Task<Giveaway> ChangeAsync(
        string id, Func<Giveaway, Giveaway?> change, CancellationToken cancellationToken, PrizeGate? gate = null,
        Func<Giveaway, OutboxMessage>? message = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (int tries = 0; tries < GiveawayDocuments.MaxTries; tries++)
        {
            Giveaway before = await FindAsync(id, cancellationToken)
                ?? throw Problems.UnknownGiveaway.With($"There is no giveaway {id}.");
            if (change(before) is not { } after)
            {
                return before;
            }

            BatchOutcome outcome = await GiveawayDocuments.ExecuteAsync(
                Write(before, after, gate, message?.Invoke(after)), cancellationToken);
            Forget(id);
            if (outcome.IsDone)
            {
                return after;
            }
        }

        throw new TimeoutException($"{id} changed {GiveawayDocuments.MaxTries} times while it was being changed.");
    }

    /// <summary>The lifecycle has looked at the last change. False when there is a newer one.</summary>
    public Task<bool> SettleNudgeAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return documents.PatchAsync(
            giveaway.Id, giveaway.Id, $"FROM c WHERE c.revision = {giveaway.Revision}", cancellationToken,
            [PatchOperation.Set("/nudge", false)]);
    }

    /// <summary>The lifecycle has something to look at.</summary>
    public Task<bool> NudgeAsync(string id, CancellationToken cancellationToken) => documents.PatchAsync(
        id, id, "FROM c WHERE c.nudge = false", cancellationToken, [PatchOperation.Set("/nudge", true)]);

    /// <summary>Giveaways whose lifecycle has yet to hear of a change that is older than this.</summary>
    public IAsyncEnumerable<Giveaway> NudgedAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        documents.QueryAsync<Giveaway>(
            null, new QueryDefinition(
                "SELECT * FROM c WHERE c.nudge = true AND c.type = 'giveaway' AND c.changedAt <= @before")
                .WithParameter("@before", before), cancellationToken);

    /// <summary>How many of a tenant's giveaways are neither past nor cancelled.</summary>
    public async Task<int> CountLiveAsync(string tenant, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT VALUE c.id FROM c WHERE c.tenant = @tenant AND c.type = 'giveaway' "
            + "AND c.state IN ('draft', 'scheduled', 'active', 'drawing')")
            .WithParameter("@tenant", tenant);
        return await documents.QueryAsync<string>(null, query, cancellationToken).CountAsync(cancellationToken);
    }

    /// <summary>A tenant's giveaways, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<Giveaway>> ListAsync(
        string tenant, GiveawayState? state, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string kind = $"{ListKind}:{tenant}:{state}";
        string only = state is null ? "" : " AND c.state = @state";
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'giveaway' AND c.tenant = @tenant AND c.id < @before"
            + only + " ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@tenant", tenant)
            .WithParameter("@state", state)
            .WithParameter("@before", page.After<Place>(kind)?.Before ?? "~");
        List<Giveaway> rows = await documents.QueryAsync<Giveaway>(null, query, cancellationToken)
            .ToListAsync(cancellationToken);
        Giveaway[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new Place(data[^1].Id)) : null);
    }

    private TransactionalBatch Write(Giveaway before, Giveaway after, PrizeGate? gate, OutboxMessage? message)
    {
        TransactionalBatch batch = documents.Batch(after.Id).ReplaceItem(
            after.Id, after with { ETag = null },
            new TransactionalBatchItemRequestOptions
            {
                IfMatchEtag = before.ETag, EnableContentResponseOnWrite = false,
            });
        bool open = after is { State: GiveawayState.Active, IsPaused: false };
        if (gate is not null)
        {
            batch.UpsertItem(gate, GiveawayDocuments.NoBody)
                .UpsertItem(new EntryCounter(after.Id, 0), GiveawayDocuments.NoBody);
        }
        else if (before.IsPublic && open != before is { State: GiveawayState.Active, IsPaused: false })
        {
            batch.PatchItem(
                PrizeGate.DocumentId, [PatchOperation.Set("/open", open)],
                new TransactionalBatchPatchItemRequestOptions { EnableContentResponseOnWrite = false });
        }

        if (after.IsPublic)
        {
            batch.CreateItem(GiveawayMessages.Changed(after, time), GiveawayDocuments.NoBody);
        }

        return message is null ? batch : batch.UpsertItem(message, GiveawayDocuments.NoBody);
    }

    private sealed record Place(string Before);
}
