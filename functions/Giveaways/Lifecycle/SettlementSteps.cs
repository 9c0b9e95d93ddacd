using FinVault.Escrow;
using FinVault.Giveaways.Draw;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>The steps that end a giveaway. Each may be repeated.</summary>
public sealed class SettlementSteps(
    GiveawayStore giveaways, PrizeStore prizes, ParticipantStore participants, AttemptStore attempts, Escrows escrows,
    GiveawayDocuments documents, Draws draws, TimeProvider time)
{
    /// <summary>What there is to give to winners, and to give back.</summary>
    public async Task<SettlementPlan> PlanAsync(string id, CancellationToken cancellationToken)
    {
        Giveaway giveaway = (await giveaways.FindAsync(id, cancellationToken))!;
        List<Prize> all = await prizes.AllAsync(id, cancellationToken);
        DateTimeOffset claimBy = time.GetUtcNow().AddHours(giveaway.Plan.ClaimHours);
        return new(
            [.. all.Where(prize => prize.State == PrizeState.Won)
                .Select(prize => new PrizeStep(id, prize.Id, prize.EscrowId!, claimBy))],
            [.. all.Where(prize => prize.State is PrizeState.Open or PrizeState.Released && prize.EscrowId is not null)
                .Select(prize => new PrizeStep(
                    id, prize.Id, prize.EscrowId!, TransferId: $"{prize.EscrowId}-RELEASE"))],
            claimBy);
    }

    /// <summary>Gives a prize's escrow to its winner.</summary>
    /// <returns>Null when it is theirs, else why it cannot be.</returns>
    public async Task<string?> AllocateAsync(PrizeStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        Giveaway giveaway = (await giveaways.FindAsync(step.Giveaway, cancellationToken))!;
        Prize prize = (await prizes.FindAsync(step.Giveaway, step.Prize, cancellationToken))!;
        if (prize.State == PrizeState.Claimed)
        {
            return null;
        }

        Participant winner = await participants.FindAsync(step.Giveaway, prize.Winner!, cancellationToken)
            ?? throw new InvalidOperationException($"{prize.Winner} has won {prize.Id} and is gone.");
        EscrowResult result = await escrows.AllocateAsync(
            giveaway.Tenant, prize.EscrowId!, new EscrowHolder(winner.Id, winner.Contact), cancellationToken);
        if (result.Code == EscrowCode.Busy)
        {
            throw new TimeoutException($"{prize.EscrowId} is busy.");
        }

        if (!result.IsDone)
        {
            return $"{prize.EscrowId}: {result.Code} {result.Refusal}";
        }

        await prizes.AllocatedAsync(prize, step.ClaimBy!.Value, cancellationToken);
        return null;
    }

    /// <summary>Gives a prize's money back: the prize first, so that nobody wins or claims what is not there.</summary>
    public async Task<string?> ReleaseAsync(PrizeStep step, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        Giveaway giveaway = (await giveaways.FindAsync(step.Giveaway, cancellationToken))!;
        Prize prize = (await prizes.FindAsync(step.Giveaway, step.Prize, cancellationToken))!;
        if (prize.State is PrizeState.Open && !await prizes.ReleaseAsync(prize, reason, cancellationToken))
        {
            return $"{prize.Id} was won meanwhile.";
        }

        EscrowResult result = await escrows.ReleaseAsync(giveaway.Tenant, step.EscrowId, reason, cancellationToken);
        return result.IsDone || result.Escrow?.State == EscrowState.Released ? null
            : result.Code == EscrowCode.Busy ? throw new TimeoutException($"{step.EscrowId} is busy.")
            : $"{step.EscrowId}: {result.Code} {result.Refusal}";
    }

    /// <summary>Tells every winner once what to claim, and until when.</summary>
    public async Task NoticeAsync(SettlementEnd end, int round, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        List<Winner> winners = await attempts.WinnersAsync(end.Giveaway, cancellationToken);
        Dictionary<string, Prize> won = (await prizes.AllAsync(end.Giveaway, cancellationToken))
            .Where(prize => prize.WinnerId is not null).ToDictionary(prize => prize.WinnerId!);
        foreach (Winner winner in winners.Where(winner => winner.Round == round))
        {
            if (won.TryGetValue(winner.Id, out Prize? prize))
            {
                // Its id is the winner's: one that is there already was told before.
                OutboxMessage notice = GiveawayMessages.Notice(winner, prize.ClaimBy, time);
                await documents.CreateAsync(end.Giveaway, notice, cancellationToken);
            }
        }
    }

    /// <summary>The giveaway is past, or what was called off is settled.</summary>
    public async Task EndAsync(SettlementEnd end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        int winners = (await attempts.WinnersAsync(end.Giveaway, cancellationToken)).Count;
        if (await giveaways.FindAsync(end.Giveaway, cancellationToken) is { State: GiveawayState.Cancelled })
        {
            await draws.DiscloseAsync(end.Giveaway, cancellationToken);
        }

        await giveaways.ChangeAsync(
            end.Giveaway,
            before => before.SettledAt is not null ? null : Ended(before, end, winners),
            cancellationToken,
            message: after => GiveawayMessages.Ended(after, winners, time));
    }

    private Giveaway Ended(Giveaway before, SettlementEnd end, int winners)
    {
        DateTimeOffset now = time.GetUtcNow();
        Giveaway ended = before.State == GiveawayState.Cancelled
            ? before with { Revision = before.Revision + 1, ChangedAt = now }
            : before.After(GiveawayEvent.Finish, now) with { EndedAt = now };
        return ended with
        {
            SettledAt = now,
            ClaimBy = winners > 0 ? end.ClaimBy : null,
            CompletedAt = winners > 0 ? null : now,
        };
    }
}
