using FinVault.Giveaways.Draw;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>
/// Attempts and what they win. One batch carries many attempts: each loser is one patch of the participant's own
/// document; each winner also takes a prize's document and becomes one of the winners; the gate is touched once a
/// batch, and only by a batch in which somebody wins.
/// </summary>
public sealed class AttemptStore(GiveawayDocuments documents, TimeProvider time)
{
    /// <summary>Operations that a winner costs: participant, prize, winner, and the word of it.</summary>
    public const int WinnerOperations = 4;

    /// <summary>Gate and tally.</summary>
    public const int SharedOperations = 2;

    public Task<PrizeGate?> FindGateAsync(string giveaway, CancellationToken cancellationToken) =>
        documents.FindAsync<PrizeGate>(giveaway, PrizeGate.DocumentId, cancellationToken);

    /// <summary>Prizes that nobody has won, in the plan's order.</summary>
    public async Task<List<OpenPrize>> OpenPrizesAsync(string giveaway, CancellationToken cancellationToken)
    {
        QueryDefinition query = new(
            "SELECT c.id, c.title, c.number FROM c WHERE c.type = 'prize' AND c.state = 'open'");
        List<OpenPrize> open = await documents.QueryAsync<OpenPrize>(giveaway, query, cancellationToken)
            .ToListAsync(cancellationToken);
        open.Sort((a, b) => a.Number.CompareTo(b.Number));
        return open;
    }

    /// <summary>All who have won, in order.</summary>
    public async Task<List<Winner>> WinnersAsync(string giveaway, CancellationToken cancellationToken)
    {
        List<Winner> winners = await documents.QueryAsync<Winner>(
            giveaway, new QueryDefinition("SELECT * FROM c WHERE c.type = 'winner'"), cancellationToken)
            .ToListAsync(cancellationToken);
        winners.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Id, b.Id));
        return winners;
    }

    /// <summary>What all processes counted.</summary>
    public IAsyncEnumerable<AttemptTally> TalliesAsync(string giveaway, CancellationToken cancellationToken) =>
        documents.QueryAsync<AttemptTally>(
            giveaway, new QueryDefinition("SELECT * FROM c WHERE c.type = 'tally'"), cancellationToken);

    /// <summary>Writes a round of attempts, all or none.</summary>
    internal Task<BatchOutcome> WriteAsync(
        string giveaway, IReadOnlyList<DecidedAttempt> attempts, AttemptTally tally,
        CancellationToken cancellationToken)
    {
        TransactionalBatch batch = documents.Batch(giveaway);
        int wins = 0;
        foreach (DecidedAttempt attempt in attempts)
        {
            AddReceipt(batch, attempt);
            if (attempt.Prize is { } prize)
            {
                wins++;
                Winner winner = attempt.ToWinner(giveaway, prize, time.GetUtcNow());
                batch.PatchItem(
                        prize.Id,
                        [
                            PatchOperation.Set("/state", "won"),
                            PatchOperation.Set("/winner", winner.Participant),
                            PatchOperation.Set("/winnerId", winner.Id),
                            PatchOperation.Set("/wonAt", winner.At),
                        ],
                        GiveawayDocuments.Only("FROM c WHERE c.state = 'open'"))
                    .CreateItem(winner, GiveawayDocuments.NoBody)
                    .CreateItem(GiveawayMessages.Won(winner, time), GiveawayDocuments.NoBody);
            }
        }

        if (wins > 0)
        {
            batch.PatchItem(
                PrizeGate.DocumentId, [PatchOperation.Increment("/remaining", -wins)],
                GiveawayDocuments.Only($"FROM c WHERE c.open = true AND c.remaining >= {wins}"));
        }

        batch.UpsertItem(tally, GiveawayDocuments.NoBody);
        return GiveawayDocuments.ExecuteAsync(batch, cancellationToken);
    }

    private static void AddReceipt(TransactionalBatch batch, DecidedAttempt attempt)
    {
        Participant participant = attempt.Participant;
        List<PatchOperation> changes =
        [
            PatchOperation.Set($"/attempts/{attempt.Pending.Request.Id}", attempt.Receipt),
            PatchOperation.Increment("/attemptCount", 1),
        ];
        if (attempt.Prize is not null)
        {
            changes.Add(PatchOperation.Increment("/prizes", 1));
        }

        batch.PatchItem(
            participant.Id, changes,
            GiveawayDocuments.Only($"FROM c WHERE c.attemptCount = {participant.AttemptCount}"));
    }
}

/// <summary>A prize that can be won.</summary>
public sealed record OpenPrize(string Id, string Title, int Number);

/// <summary>An attempt, its receipt, and the prize that it takes if it can be written so.</summary>
internal sealed record DecidedAttempt(
    PendingAttempt Pending, Participant Participant, SlotReceipt Receipt, OpenPrize? Prize)
{
    public Winner ToWinner(string giveaway, OpenPrize prize, DateTimeOffset now) => new(
        Winner.IdOf(Participant.Id, Participant.Prizes + 1), giveaway, Participant.Id, Winner.Mask(Participant.Name),
        prize.Id, prize.Title, now, Pending.Request.Id, Receipt);

    public AttemptAnswer ToAnswer() => AttemptAnswer.Of(Pending.Request.Id, Receipt, Prize?.Title);
}
