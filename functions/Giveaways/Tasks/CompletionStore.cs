using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>Tasks, completions and whose accounts they were done with, in the giveaway's partition.</summary>
public sealed class CompletionStore(GiveawayDocuments documents, ParticipantStore participants)
{
    public async Task<TaskList> TasksAsync(string giveaway, CancellationToken cancellationToken) =>
        await documents.FindAsync<TaskList>(giveaway, TaskList.DocumentId, cancellationToken) ?? new(giveaway, []);

    /// <summary>Sets all tasks of a draft; false when it is none any more.</summary>
    public async Task<bool> SetTasksAsync(TaskList tasks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        // The patch changes nothing: it is there for its condition.
        TransactionalBatch batch = documents.Batch(tasks.Giveaway)
            .UpsertItem(tasks, GiveawayDocuments.NoBody)
            .PatchItem(
                tasks.Giveaway, [PatchOperation.Set("/type", Giveaway.DocumentType)],
                GiveawayDocuments.Only("FROM c WHERE c.state = 'draft'"));
        return (await GiveawayDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    public Task<Completion?> FindAsync(string giveaway, string id, CancellationToken cancellationToken) =>
        documents.FindAsync<Completion>(giveaway, id, cancellationToken);

    /// <summary>
    /// Writes a completion that is new, or sent again after it failed. False when the handle is somebody else's.
    /// </summary>
    /// <returns>The completion as it stands then.</returns>
    public async Task<(bool IsOwn, Completion Completion)> SubmitAsync(
        Completion wanted, string network, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        string handle = HandleClaim.IdOf(network, wanted.Handle);
        await documents.CreateAsync(
            wanted.Giveaway, new HandleClaim(handle, wanted.Giveaway, wanted.Participant), cancellationToken);
        HandleClaim? claim = await documents.FindAsync<HandleClaim>(wanted.Giveaway, handle, cancellationToken);
        if (claim?.Participant != wanted.Participant)
        {
            return (false, wanted);
        }

        for (int tries = 0; tries < GiveawayDocuments.MaxTries; tries++)
        {
            Completion? there = await FindAsync(wanted.Giveaway, wanted.Id, cancellationToken);
            if (there is { State: not CompletionState.Failed })
            {
                return (true, there);
            }

            Completion next = wanted with { Submission = (there?.Submission ?? 0) + 1 };
            TransactionalBatch batch = documents.Batch(wanted.Giveaway);
            batch = there is null
                ? batch.CreateItem(next, GiveawayDocuments.NoBody)
                : batch.PatchItem(
                        next.Id, [PatchOperation.Set("/type", Completion.DocumentType)],
                        GiveawayDocuments.Only(As(there)))
                    .UpsertItem(next, GiveawayDocuments.NoBody);
            if ((await GiveawayDocuments.ExecuteAsync(batch, cancellationToken)).IsDone)
            {
                return (true, next);
            }
        }

        throw new TimeoutException($"{wanted.Id} could not be written.");
    }

    /// <summary>Notes that the network is being asked once more.</summary>
    public Task<bool> AskingAsync(Completion completion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return documents.PatchAsync(
            completion.Giveaway, completion.Id, As(completion), cancellationToken,
            [PatchOperation.Set("/state", "active"), PatchOperation.Increment("/asked", 1)]);
    }

    /// <summary>
    /// Writes what was decided, in one batch with what the participant's completions amount to then. Once: a decision
    /// that is no longer about what it was made for changes nothing.
    /// </summary>
    public async Task<bool> DecideAsync(Completion before, Completion after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        for (int tries = 0; tries < GiveawayDocuments.MaxTries; tries++)
        {
            Participant? participant = await participants.FindAsync(
                before.Giveaway, before.Participant, cancellationToken);
            List<Completion> all = await OfAsync(before.Giveaway, before.Participant, cancellationToken);
            Standing standing = Standing.Of(all.Where(one => one.Id != before.Id).Append(after));
            TransactionalBatch batch = documents.Batch(before.Giveaway)
                .PatchItem(before.Id, Changes(after), GiveawayDocuments.Only(As(before)));
            if (participant is not null)
            {
                PatchOperation[] amount =
                [
                    PatchOperation.Set("/points", standing.Points),
                    PatchOperation.Set("/completedAtMilliseconds", standing.CompletedAtMilliseconds),
                    PatchOperation.Set("/rank", standing.RankOf(participant.Id)),
                ];
                batch.PatchItem(participant.Id, amount, GiveawayDocuments.Only(
                    $"FROM c WHERE c.points = {participant.Points} "
                    + $"AND c.completedAtMilliseconds = {participant.CompletedAtMilliseconds}"));
            }

            BatchOutcome outcome = await GiveawayDocuments.ExecuteAsync(batch, cancellationToken);
            if (outcome.IsDone || outcome.Failed == 0)
            {
                return outcome.IsDone;
            }
        }

        throw new TimeoutException($"{before.Id} could not be decided.");
    }

    /// <summary>A participant's completions.</summary>
    public async Task<List<Completion>> OfAsync(
        string giveaway, string participant, CancellationToken cancellationToken) =>
        await documents.QueryAsync<Completion>(
            giveaway, new QueryDefinition("SELECT * FROM c WHERE c.type = 'completion' AND c.participant = @participant")
                .WithParameter("@participant", participant), cancellationToken).ToListAsync(cancellationToken);

    /// <summary>All completions, by participant and task.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<Completion>> ListAsync(string giveaway, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string kind = $"completions:{giveaway}";
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'completion' AND c.id > @after ORDER BY c.id")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@after", page.After<Place>(kind)?.After ?? "");
        List<Completion> rows = await documents.QueryAsync<Completion>(giveaway, query, cancellationToken)
            .ToListAsync(cancellationToken);
        Completion[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new Place(data[^1].Id)) : null);
    }

    /// <summary>Whether a network has not said yet what became of something.</summary>
    public async Task<bool> AnyUndecidedAsync(string giveaway, CancellationToken cancellationToken) =>
        await documents.QueryAsync<Completion>(
            giveaway, new QueryDefinition(
                "SELECT TOP 1 * FROM c WHERE c.type = 'completion' AND c.state IN ('waiting', 'active')"),
            cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Completions in all giveaways whose job may never have been started.</summary>
    public IAsyncEnumerable<Completion> WaitingAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        documents.QueryAsync<Completion>(
            null, new QueryDefinition(
                "SELECT * FROM c WHERE c.type = 'completion' AND c.state = 'waiting' AND c.at <= @before")
                .WithParameter("@before", before), cancellationToken);

    private static string As(Completion one) =>
        $"FROM c WHERE c.submission = {one.Submission} AND c.state = '{one.State.ToString().ToLowerInvariant()}' "
        + $"AND c.asked = {one.Asked}";

    private static PatchOperation[] Changes(Completion after) =>
    [
        PatchOperation.Set("/state", after.State.ToString().ToLowerInvariant()),
        PatchOperation.Set("/decidedAt", after.DecidedAt),
        PatchOperation.Set("/reason", after.Reason),
        PatchOperation.Set("/fraudScore", after.FraudScore),
    ];

    private sealed record Place(string After);
}
