using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FinVault.Giveaways;

/// <summary>
/// The saga that puts every prize into escrow, or leaves nothing behind (GIV-12 to GIV-15): looks at the wallet, makes
/// one escrow a prize, and only then schedules. Where a step fails it gives back every escrow of this run, one failure
/// not stopping the others, clears the prizes' escrow ids in any case, and fails.
/// </summary>
public sealed class FundingFunctions(FundingSteps steps)
{
    // Escrows of one wallet queue up at its account, so more at once would only wait.
    private const int AtOnce = 16;

    [Function(nameof(FundGiveaway))]
    public static async Task FundGiveaway([OrchestrationTrigger] TaskOrchestrationContext context, FundingRun run)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(run);
        List<FundingHold> tried = [];
        string? failure;
        try
        {
            FundingPlan plan = await context.CallActivityAsync<FundingPlan>(nameof(PlanFunding), run, Retries.Step);
            failure = plan.Refusal ?? await HoldAllAsync(context, plan.Holds, tried);
            if (failure is null && !await context.CallActivityAsync<bool>(nameof(MarkScheduled), run, Retries.Step))
            {
                failure = "cancelled: it was called off meanwhile.";
            }
        }
        catch (TaskFailedException failed)
        {
            failure = $"unavailable: {failed.TaskName} could not be done.";
        }

        if (failure is not null)
        {
            await UndoAsync(context, run, tried, failure);
            throw new FundingFailedException(failure);
        }
    }

    [Function(nameof(PlanFunding))]
    public Task<FundingPlan> PlanFunding([ActivityTrigger] FundingRun run, CancellationToken cancellationToken) =>
        steps.PlanAsync(run, cancellationToken);

    [Function(nameof(HoldPrize))]
    public Task<string?> HoldPrize([ActivityTrigger] FundingHold hold, CancellationToken cancellationToken) =>
        steps.HoldAsync(hold, cancellationToken);

    [Function(nameof(MarkScheduled))]
    public Task<bool> MarkScheduled([ActivityTrigger] FundingRun run, CancellationToken cancellationToken) =>
        steps.ScheduleAsync(run, cancellationToken);

    [Function(nameof(UndoHoldPrize))]
    public Task UndoHoldPrize([ActivityTrigger] FundingHold hold, CancellationToken cancellationToken) =>
        steps.UndoHoldAsync(hold, cancellationToken);

    [Function(nameof(UndoEscrowIds))]
    public Task UndoEscrowIds([ActivityTrigger] EscrowsToForget escrows, CancellationToken cancellationToken) =>
        steps.ForgetAsync(escrows, cancellationToken);

    [Function(nameof(MarkFundingFailed))]
    public Task MarkFundingFailed([ActivityTrigger] FundingFailure failure, CancellationToken cancellationToken) =>
        steps.FailAsync(failure, cancellationToken);

    /// <summary>
    /// Null when every escrow is made. Notes what it tries before it does, to be undone whatever came of it.
    /// </summary>
    private static async Task<string?> HoldAllAsync(
        TaskOrchestrationContext context, IReadOnlyList<FundingHold> holds, List<FundingHold> tried)
    {
        foreach (FundingHold[] wave in holds.Chunk(AtOnce))
        {
            tried.AddRange(wave);
            string?[] failures = await Task.WhenAll(wave.Select(hold => HoldAsync(context, hold)));
            if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            {
                return first;
            }
        }

        return null;
    }

    private static async Task<string?> HoldAsync(TaskOrchestrationContext context, FundingHold hold)
    {
        try
        {
            return await context.CallActivityAsync<string?>(nameof(HoldPrize), hold, Retries.Step);
        }
        catch (TaskFailedException)
        {
            return "unavailable: a prize could not be reserved.";
        }
    }

    private static async Task UndoAsync(
        TaskOrchestrationContext context, FundingRun run, List<FundingHold> tried, string failure)
    {
        // Last in, first out.
        List<string> unreleased = [];
        foreach (FundingHold[] wave in Enumerable.Reverse(tried).Chunk(AtOnce))
        {
            bool[] released = await Task.WhenAll(wave.Select(hold => UndoneAsync(context, hold)));
            unreleased.AddRange(wave.Where((_, i) => !released[i]).Select(hold => hold.EscrowId));
        }

        if (tried.Count > 0)
        {
            EscrowsToForget forget = new(run.Giveaway, [.. tried.Select(hold => hold.EscrowId)]);
            await context.CallActivityAsync(nameof(UndoEscrowIds), forget, Retries.Undo);
        }

        await context.CallActivityAsync(
            nameof(MarkFundingFailed), new FundingFailure(run.Giveaway, run.Run, failure, unreleased), Retries.Undo);
    }

    private static async Task<bool> UndoneAsync(TaskOrchestrationContext context, FundingHold hold)
    {
        try
        {
            await context.CallActivityAsync(nameof(UndoHoldPrize), hold, Retries.Undo);
            return true;
        }
        catch (TaskFailedException)
        {
            return false;
        }
    }
}

/// <summary>A try to fund a giveaway failed, and nothing of it is left.</summary>
public sealed class FundingFailedException(string message) : Exception(message);
