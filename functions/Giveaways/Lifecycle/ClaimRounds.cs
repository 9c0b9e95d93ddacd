using FinVault.Escrow;
using FinVault.Giveaways.Draw;

namespace FinVault.Giveaways;

/// <summary>
/// What happens to prizes that were not claimed in time: they lapse, so that nobody can claim them any more; their
/// money goes back; and those for which the draw has runners-up go to these, with an escrow of their own. Each step may
/// be repeated.
/// </summary>
public sealed class ClaimRounds(
    GiveawayStore giveaways, PrizeStore prizes, ParticipantStore participants, Escrows escrows, Draws draws,
    SettlementSteps settlement, TimeProvider time)
{
    /// <summary>Lapses what was not claimed and finds who is next.</summary>
    public async Task<ReclaimPlan> PlanAsync(ClaimRound round, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(round);
        Giveaway giveaway = (await giveaways.FindAsync(round.Giveaway, cancellationToken))!;
        foreach (Prize prize in await prizes.AllAsync(giveaway.Id, cancellationToken))
        {
            if (prize.State == PrizeState.Won)
            {
                await prizes.LapseAsync(prize, cancellationToken);
            }
        }

        List<Prize> all = await prizes.AllAsync(giveaway.Id, cancellationToken);
        Prize[] lapsed = [.. all.Where(prize => prize.State == PrizeState.Lapsed)];
        Dictionary<string, string> next = await NextAsync(giveaway, round, all, lapsed, cancellationToken);
        DateTimeOffset claimBy = time.GetUtcNow().AddHours(giveaway.Plan.ClaimHours);
        return new(
            [.. lapsed.Select(prize => new PrizeStep(
                giveaway.Id, prize.Id, prize.EscrowId!, TransferId: $"{prize.EscrowId}-RELEASE"))],
            [.. lapsed.Where(prize => next.ContainsKey(prize.Id)).Select(prize =>
            {
                string escrow = Prize.EscrowOf(giveaway, prize.Id, $"claims/{round.Round}");
                return new HandOn(
                    giveaway.Id, round.Round, prize.Id, escrow, $"{escrow}-HOLD", next[prize.Id], claimBy);
            })],
            claimBy);
    }

    /// <summary>Gives back the escrow of a winner who did not claim.</summary>
    public async Task<string?> UndoAllocationAsync(PrizeStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        Prize prize = (await prizes.FindAsync(step.Giveaway, step.Prize, cancellationToken))!;
        if (prize is { State: PrizeState.Lapsed, WinnerId: { } winner })
        {
            await prizes.LostAsync(step.Giveaway, winner, cancellationToken);
        }

        return await settlement.ReleaseAsync(step, "not claimed in time", cancellationToken);
    }

    /// <summary>
    /// Gives a prize to a runner-up. Null also when there is no money for it any more: then it goes back.
    /// </summary>
    public async Task<string?> HandOnAsync(HandOn hand, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hand);
        Giveaway giveaway = (await giveaways.FindAsync(hand.Giveaway, cancellationToken))!;
        Prize prize = (await prizes.FindAsync(hand.Giveaway, hand.Prize, cancellationToken))!;
        if (prize.State == PrizeState.Released)
        {
            return null;
        }

        if (prize.State == PrizeState.Lapsed)
        {
            Participant? next = await participants.FindAsync(hand.Giveaway, hand.Participant, cancellationToken);
            EscrowResult held = await escrows.CreateAsync(
                FundingSteps.RequestOf(giveaway, prize, hand.EscrowId), cancellationToken);
            if (next is null || !held.IsDone)
            {
                await prizes.ReleaseAsync(prize, "no runner-up could get it", cancellationToken);
                return null;
            }

            await prizes.SetEscrowAsync(hand.Giveaway, prize.Id, hand.EscrowId, prize.EscrowId, cancellationToken);
            Winner winner = new(
                Winner.IdOf(next.Id, next.Prizes + 1), hand.Giveaway, next.Id, Winner.Mask(next.Name), prize.Id,
                prize.Title, time.GetUtcNow(), Round: hand.Round);
            await prizes.GiveAsync(prize, winner, cancellationToken);
        }

        PrizeStep step = new(hand.Giveaway, hand.Prize, hand.EscrowId, hand.ClaimBy);
        return await settlement.AllocateAsync(step, cancellationToken);
    }

    /// <summary>The round is over: runners-up may claim, or all is done.</summary>
    public async Task EndAsync(ClaimRoundEnd end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        List<Prize> all = await prizes.AllAsync(end.Giveaway, cancellationToken);
        foreach (Prize prize in all.Where(prize => prize.State == PrizeState.Lapsed))
        {
            await prizes.ReleaseAsync(prize, "not claimed in time", cancellationToken);
        }

        bool someWait = end.ClaimBy is not null && all.Any(prize => prize.State == PrizeState.Won);
        DateTimeOffset now = time.GetUtcNow();
        await giveaways.ChangeAsync(
            end.Giveaway,
            before => before.ClaimRounds >= end.Round ? null : before with
            {
                Revision = before.Revision + 1,
                ChangedAt = now,
                ClaimRounds = end.Round,
                ClaimBy = someWait ? end.ClaimBy : before.ClaimBy,
                CompletedAt = someWait ? null : now,
            },
            cancellationToken);
    }

    /// <summary>Who gets which prize, by the draw's own list: no one is chosen here.</summary>
    private async Task<Dictionary<string, string>> NextAsync(
        Giveaway giveaway, ClaimRound round, List<Prize> all, Prize[] lapsed, CancellationToken cancellationToken)
    {
        HashSet<string> keepers = [.. all.Where(p => p.State == PrizeState.Claimed).Select(p => p.Winner!)];
        // Who has claimed another prize keeps that one, and the draw takes all of somebody's prizes or none.
        string[] removed = [.. lapsed.Select(prize => prize.Winner!).Distinct().Where(one => !keepers.Contains(one))];
        bool drawn = giveaway.Draw is { State: DrawState.Revealed, Rules.RunnersUp: > 0 };
        if (!drawn || removed.Length == 0)
        {
            return [];
        }

        DrawRecord record = await draws.ReplaceAsync(
            giveaway.Id, $"claims-{round.Round}", ReplacementKind.RunnersUp, removed, "Not claimed in time.",
            cancellationToken);
        HashSet<string> open = [.. lapsed.Select(prize => prize.Id)];
        return record.Replacements
            .Last(one => one.Removed.SequenceEqual(removed)).Winners
            .Where(pick => pick.Prize is not null && open.Contains(pick.Prize))
            .ToDictionary(pick => pick.Prize!, pick => pick.Entry);
    }
}
