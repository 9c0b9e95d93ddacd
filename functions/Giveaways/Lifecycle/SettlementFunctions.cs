using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FinVault.Giveaways;

/// <summary>
/// The saga that ends a giveaway, past or called off: every winner gets their escrow, what nobody won goes back to the
/// host, winners are told, and only then it is over. It only goes forward: a step that fails does not keep the others
/// from being done, and is tried again for most of a day; after that the saga fails where it stands, for an operator.
/// </summary>
public sealed class SettlementFunctions(SettlementSteps steps)
{
    private const int AtOnce = 16;

    [Function(nameof(FinaliseGiveaway))]
    public static async Task FinaliseGiveaway(
        [OrchestrationTrigger] TaskOrchestrationContext context, string giveaway)
    {
        ArgumentNullException.ThrowIfNull(context);
        SettlementPlan plan = await context.CallActivityAsync<SettlementPlan>(
            nameof(PlanSettlement), giveaway, Retries.Undo);
        List<string> failures = [];
        failures.AddRange(await EachAsync(context, nameof(AllocatePrize), plan.Won));
        failures.AddRange(await EachAsync(context, nameof(ReleasePrize), plan.Left));
        SettlementEnd end = new(giveaway, plan.ClaimBy);
        await context.CallActivityAsync(nameof(NoticeWinners), end, Retries.Undo);
        if (failures.Count > 0)
        {
            throw new SettlementFailedException(string.Join(' ', failures));
        }

        await context.CallActivityAsync(nameof(EndGiveaway), end, Retries.Undo);
    }

    [Function(nameof(PlanSettlement))]
    public Task<SettlementPlan> PlanSettlement(
        [ActivityTrigger] string giveaway, CancellationToken cancellationToken) =>
        steps.PlanAsync(giveaway, cancellationToken);

    [Function(nameof(AllocatePrize))]
    public Task<string?> AllocatePrize([ActivityTrigger] PrizeStep step, CancellationToken cancellationToken) =>
        steps.AllocateAsync(step, cancellationToken);

    [Function(nameof(ReleasePrize))]
    public Task<string?> ReleasePrize([ActivityTrigger] PrizeStep step, CancellationToken cancellationToken) =>
        steps.ReleaseAsync(step, "nobody won it", cancellationToken);

    [Function(nameof(NoticeWinners))]
    public Task NoticeWinners([ActivityTrigger] SettlementEnd end, CancellationToken cancellationToken) =>
        steps.NoticeAsync(end, 0, cancellationToken);

    [Function(nameof(EndGiveaway))]
    public Task EndGiveaway([ActivityTrigger] SettlementEnd end, CancellationToken cancellationToken) =>
        steps.EndAsync(end, cancellationToken);

    /// <summary>All of them, a few at once; answers what could not be done.</summary>
    internal static async Task<List<string>> EachAsync<T>(
        TaskOrchestrationContext context, string activity, IReadOnlyList<T> each)
    {
        List<string> failures = [];
        foreach (T[] wave in each.Chunk(AtOnce))
        {
            string?[] outcomes = await Task.WhenAll(wave.Select(one => OutcomeAsync(context, activity, one)));
            failures.AddRange(outcomes.OfType<string>());
        }

        return failures;
    }

    private static async Task<string?> OutcomeAsync<T>(TaskOrchestrationContext context, string activity, T input)
    {
        try
        {
            return await context.CallActivityAsync<string?>(activity, input, Retries.Undo);
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.TaskName}: {failed.FailureDetails.ErrorMessage}";
        }
    }
}

/// <summary>Some prizes could not be given out or back; the rest was.</summary>
public sealed class SettlementFailedException(string message) : Exception(message);
