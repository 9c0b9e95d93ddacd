using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FinVault.Giveaways;

/// <summary>
/// The saga after a deadline to claim: what was not claimed goes back, and to runners-up where the draw has some. It
/// only goes forward, as the settlement does.
/// </summary>
public sealed class ClaimFunctions(ClaimRounds rounds, SettlementSteps settlement)
{
    [Function(nameof(ReclaimPrizes))]
    public static async Task ReclaimPrizes([OrchestrationTrigger] TaskOrchestrationContext context, ClaimRound round)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(round);
        ReclaimPlan plan = await context.CallActivityAsync<ReclaimPlan>(nameof(PlanReclaim), round, Retries.Undo);
        List<string> failures = await SettlementFunctions.EachAsync(context, nameof(UndoAllocation), plan.Back);
        failures.AddRange(await SettlementFunctions.EachAsync(context, nameof(HandOnPrize), plan.HandOn));
        if (failures.Count > 0)
        {
            throw new SettlementFailedException(string.Join(' ', failures));
        }

        ClaimRoundEnd end = new(round.Giveaway, round.Round, plan.HandOn.Count > 0 ? plan.ClaimBy : null);
        await context.CallActivityAsync(nameof(NoticeRunnersUp), end, Retries.Undo);
        await context.CallActivityAsync(nameof(EndClaimRound), end, Retries.Undo);
    }

    [Function(nameof(PlanReclaim))]
    public Task<ReclaimPlan> PlanReclaim([ActivityTrigger] ClaimRound round, CancellationToken cancellationToken) =>
        rounds.PlanAsync(round, cancellationToken);

    [Function(nameof(UndoAllocation))]
    public Task<string?> UndoAllocation([ActivityTrigger] PrizeStep step, CancellationToken cancellationToken) =>
        rounds.UndoAllocationAsync(step, cancellationToken);

    [Function(nameof(HandOnPrize))]
    public Task<string?> HandOnPrize([ActivityTrigger] HandOn hand, CancellationToken cancellationToken) =>
        rounds.HandOnAsync(hand, cancellationToken);

    [Function(nameof(NoticeRunnersUp))]
    public Task NoticeRunnersUp([ActivityTrigger] ClaimRoundEnd end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        return end.ClaimBy is { } claimBy
            ? settlement.NoticeAsync(new(end.Giveaway, claimBy), end.Round, cancellationToken)
            : Task.CompletedTask;
    }

    [Function(nameof(EndClaimRound))]
    public Task EndClaimRound([ActivityTrigger] ClaimRoundEnd end, CancellationToken cancellationToken) =>
        rounds.EndAsync(end, cancellationToken);
}
