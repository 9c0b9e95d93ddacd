using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Escrow;

/// <summary>Settles confirmed redemptions: one orchestration each, whose id is the redemption's.</summary>
public sealed class SettlementFunctions(Settlements settlements)
{
    private static readonly TaskOptions Persistent =
        TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1), 2));

    /// <summary>
    /// Takes the escrow, pays both legs at the provider, books them, ends the escrow and the redemption. While nothing is
    /// paid a refusal steps back; once the first leg is paid there is only forward, by this run or the next.
    /// </summary>
    [Function(nameof(SettleRedemption))]
    public static async Task<bool> SettleRedemption(
        [OrchestrationTrigger] TaskOrchestrationContext context, SettlementOrder order)
    {
        ArgumentNullException.ThrowIfNull(context);
        SettlementPlan? plan = await context.CallActivityAsync<SettlementPlan?>(nameof(BeginSettlement), order, Persistent);
        if (plan is null)
        {
            return false;
        }

        LegResult net = await context.CallActivityAsync<LegResult>(nameof(PayMerchantNet), plan, Persistent);
        if (!net.IsPaid)
        {
            await context.CallActivityAsync(nameof(UndoBeginSettlement), plan, Persistent);
            return false;
        }

        LegResult fee = await context.CallActivityAsync<LegResult>(nameof(PayPlatformFee), plan, Persistent);
        if (!fee.IsPaid)
        {
            // The merchant's leg is paid. Recovery begins anew, and the provider does only what is not done.
            throw new InvalidOperationException($"The provider refuses the fee of {plan.EscrowId}.");
        }

        await context.CallActivityAsync(nameof(BookSettlement), plan, Persistent);
        await context.CallActivityAsync(nameof(SettleEscrow), plan, Persistent);
        await context.CallActivityAsync(nameof(CompleteRedemption), plan, Persistent);
        return true;
    }

    [Function(nameof(BeginSettlement))]
    public Task<SettlementPlan?> BeginSettlement(
        [ActivityTrigger] SettlementOrder order, CancellationToken cancellationToken) =>
        settlements.BeginAsync(order, cancellationToken);

    [Function(nameof(PayMerchantNet))]
    public Task<LegResult> PayMerchantNet([ActivityTrigger] SettlementPlan plan, CancellationToken cancellationToken) =>
        settlements.PayNetAsync(plan, cancellationToken);

    [Function(nameof(PayPlatformFee))]
    public Task<LegResult> PayPlatformFee([ActivityTrigger] SettlementPlan plan, CancellationToken cancellationToken) =>
        settlements.PayFeeAsync(plan, cancellationToken);

    [Function(nameof(UndoBeginSettlement))]
    public Task UndoBeginSettlement([ActivityTrigger] SettlementPlan plan, CancellationToken cancellationToken) =>
        settlements.UndoAsync(plan, "The payment was refused. Try again.", cancellationToken);

    [Function(nameof(BookSettlement))]
    public Task BookSettlement([ActivityTrigger] SettlementPlan plan, CancellationToken cancellationToken) =>
        settlements.BookAsync(plan, cancellationToken);

    [Function(nameof(SettleEscrow))]
    public Task SettleEscrow([ActivityTrigger] SettlementPlan plan, CancellationToken cancellationToken) =>
        settlements.SettleAsync(plan, cancellationToken);

    [Function(nameof(CompleteRedemption))]
    public Task CompleteRedemption([ActivityTrigger] SettlementPlan plan, CancellationToken cancellationToken) =>
        settlements.CompleteAsync(plan, cancellationToken);

    /// <summary>Ends redemptions that nobody confirmed, and begins settlements anew that failed or never began.</summary>
    [Function(nameof(RecoverRedemptions))]
    public async Task RecoverRedemptions(
        [TimerTrigger("55 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        foreach (SettlementOrder order in await settlements.RecoverAsync(cancellationToken))
        {
            await StartAsync(client, order, cancellationToken);
        }
    }

    /// <summary>Begins the settlement unless it runs; one that failed begins anew, under the same id.</summary>
    internal static async Task StartAsync(
        DurableTaskClient client, SettlementOrder order, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? there = await client.GetInstanceAsync(order.RedemptionId, cancellationToken);
        if (there is not null && !there.IsCompleted)
        {
            return;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(SettleRedemption), order, new StartOrchestrationOptions(order.RedemptionId), cancellationToken);
        }
        catch (DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else began it in this moment, which is as good.
            return;
        }
    }
}
