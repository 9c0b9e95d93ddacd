using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Plans for accounts: made, reviewed, and carried out whole. What a confirmation records it records in one batch with
/// the account's head; orders beyond a batch are decided by that and written out by <see cref="UnfinishedWorks"/>.
/// </summary>
public sealed class Rebalances(
    AccountWork work, UnfinishedWorks unfinished, RebalanceStore store, RebalanceDrafts drafts,
    TimeProvider time)
{
    public const int MaxTargets = 500;

    private const decimal LeastStep = 0.0001m;
    private const int MostOrdersTogether = PortfolioDocuments.MaxBatch - 10;

    /// <exception cref="ProblemException">unknown_portfolio, invalid_targets.</exception>
    internal async Task<RebalanceTargets> SetTargetsAsync(
        CurrentUser user, string account, RebalanceTargets targets, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        if (Fault(targets.Rules) is { } fault)
        {
            throw Problems.InvalidTargets.With(fault);
        }

        string night = (await store.FindTargetsAsync(account, cancellationToken))?.Night ?? "";
        await store.SetTargetsAsync(new(account, targets, targets.Nightly, night, time.GetUtcNow()), cancellationToken);
        return targets;
    }

    /// <exception cref="ProblemException">unknown_portfolio, no_targets.</exception>
    internal async Task<RebalanceTargets> TargetsAsync(CurrentUser user, string account, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        return (await TargetsOfAsync(account, cancellationToken)).Targets;
    }

    /// <summary>Makes a plan for the owner to review.</summary>
    /// <exception cref="ProblemException">unknown_portfolio, no_targets, plan_open, plan_unavailable.</exception>
    internal async Task<RebalancePlanView> PlanAsync(CurrentUser user, string account, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        TargetsDocument targets = await TargetsOfAsync(account, cancellationToken);
        Versioned<PlanSlot>? slot = await store.FindSlotAsync(account, cancellationToken);
        if (slot is not null
            && await store.FindAsync(account, slot.Document.Plan, cancellationToken) is { } open
            && await drafts.FaultAsync(open, targets.At, cancellationToken) is null)
        {
            throw IsOpen(open.Id);
        }

        PlanDocument plan = await drafts.MakeAsync(account, targets, PlanTrigger.Owner, cancellationToken);
        return await store.OpenAsync(plan, slot, null, cancellationToken) ? plan.View(time.GetUtcNow()) : throw IsOpen(null);
    }

    /// <exception cref="ProblemException">unknown_portfolio, unknown_plan.</exception>
    internal async Task<RebalancePlanView> ReadAsync(
        CurrentUser user, string account, string plan, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        return (await FindAsync(account, plan, cancellationToken)).View(time.GetUtcNow());
    }

    /// <exception cref="ProblemException">unknown_portfolio, invalid_cursor.</exception>
    internal async Task<Page<RebalancePlanSummary>> ListAsync(
        CurrentUser user, string account, PageRequest page, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        Page<RebalancePlanSummary> found = await store.ListAsync(account, page, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return found with { Data = [.. found.Data.Select(plan => plan.At(now))] };
    }

    /// <summary>Records a plan's orders as pending transactions, all or none. Said again, it is done.</summary>
    /// <exception cref="ProblemException">unknown_portfolio, unknown_plan, plan_outdated.</exception>
    internal async Task<RebalancePlanView> ConfirmAsync(
        CurrentUser user, string account, string plan, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        await work.ChangeAsync(account, async now =>
        {
            PlanDocument found = await FindAsync(account, plan, cancellationToken);
            if (found.State == PlanState.Confirmed)
            {
                return null;
            }

            DateTimeOffset? targetsAt = (await store.FindTargetsAsync(account, cancellationToken))?.At;
            string? fault = found.State != PlanState.Open ? "closed"
                : await drafts.FaultAsync(found, targetsAt, cancellationToken);
            if (fault is null)
            {
                return ChangeOf(now, found, null);
            }

            // Who confirms the same and was faster has changed the holdings: then it is done, and not out of date.
            return (await FindAsync(account, plan, cancellationToken)).State == PlanState.Confirmed
                ? null
                : throw Outdated(fault);
        }, cancellationToken);
        await unfinished.FinishAsync(account, cancellationToken);
        return await ReadAsync(user, account, plan, cancellationToken);
    }

    /// <exception cref="ProblemException">unknown_portfolio, unknown_plan, plan_outdated (it was confirmed).</exception>
    internal async Task<RebalancePlanView> CancelAsync(
        CurrentUser user, string account, string plan, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        PlanDocument found = await FindAsync(account, plan, cancellationToken);
        if (found.State == PlanState.Open)
        {
            await store.CancelAsync(found, cancellationToken);
            found = await FindAsync(account, plan, cancellationToken);
        }

        return found.State == PlanState.Confirmed ? throw Outdated("confirmed") : found.View(time.GetUtcNow());
    }

    /// <summary>What the night does with an account, once however often it is told to.</summary>
    /// <returns>Whether it made a plan; null where it had dealt with the account before.</returns>
    /// <exception cref="ProblemException">plan_unavailable: not now.</exception>
    internal async Task<bool?> NightAsync(string account, string night, CancellationToken cancellationToken)
    {
        bool? isPlanned = false;
        await work.ChangeAsync(account, async now =>
        {
            isPlanned = false;
            TargetsDocument? targets = await store.FindTargetsAsync(account, cancellationToken);
            Versioned<PlanSlot>? slot = await store.FindSlotAsync(account, cancellationToken);
            if (targets is null or { State: NightlyMode.OnRequest } || string.CompareOrdinal(targets.Night, night) >= 0)
            {
                isPlanned = targets?.Night == night ? null : false;
                return null;
            }

            // Whoever reviews a plan is not disturbed.
            if (slot?.Document.ExpiresAt > time.GetUtcNow())
            {
                await store.MarkAsync(account, night, cancellationToken);
                return null;
            }

            PlanDocument plan = await drafts.MakeAsync(account, targets, PlanTrigger.Nightly, cancellationToken);
            plan = plan with { Night = night };
            if (plan.Plan.Plan.Orders.Count == 0)
            {
                await store.MarkAsync(account, night, cancellationToken);
                return null;
            }

            isPlanned = true;
            if (targets.State == NightlyMode.Propose)
            {
                isPlanned = await store.OpenAsync(plan, slot, night, cancellationToken);
                return null;
            }

            if (slot is not null)
            {
                await store.CancelAsync((await store.FindAsync(account, slot.Document.Plan, cancellationToken))!, cancellationToken);
            }

            return ChangeOf(now, plan, night);
        }, cancellationToken);
        if (isPlanned == true)
        {
            await unfinished.FinishAsync(account, cancellationToken);
        }

        return isPlanned;
    }

    private AccountChange ChangeOf(Versioned<AccountDocument> now, PlanDocument plan, string? night)
    {
        DateTimeOffset at = time.GetUtcNow();
        DateTimeOffset tradesAt = drafts.TradesAt(plan, at);
        AccountDocument head = now.Document;
        PortfolioTransaction[] orders = [.. RebalanceStore.Orders(plan, head.Sequence, at, tradesAt)];
        string[] ids = [.. orders.Select(order => order.Id)];
        (Action<TransactionalBatch> Write, int Operations) documents = night is null
            ? RebalanceStore.Confirming(plan, tradesAt, ids)
            : RebalanceStore.Making(plan with { State = PlanState.Confirmed, TradesAt = tradesAt, Transactions = ids }, night);
        bool fits = orders.Length <= MostOrdersTogether;
        UnfinishedWork[] later = fits ? [] : [new(UnfinishedKind.RecordOrders, plan.Id, head.Sequence, at)];
        return new(now, head with { Sequence = head.Sequence + orders.Length, Unfinished = [.. head.Unfinished, .. later] })
        {
            Added = fits ? orders : [],
            Plan = documents,
        };
    }

    private async Task<TargetsDocument> TargetsOfAsync(string account, CancellationToken cancellationToken) =>
        await store.FindTargetsAsync(account, cancellationToken)
        ?? throw Problems.NoTargets.With("Set the account's targets first.");

    private async Task<PlanDocument> FindAsync(string account, string plan, CancellationToken cancellationToken) =>
        await store.FindAsync(account, plan, cancellationToken)
        ?? throw Problems.UnknownPlan.With("The account has no such plan.");

    private static ProblemException IsOpen(string? plan) => Problems.PlanOpen.With(
        "Confirm or cancel the plan that is open.", new Dictionary<string, object?> { ["plan"] = plan });

    private static ProblemException Outdated(string reason) => Problems.PlanOutdated.With(
        "It cannot be confirmed as it was reviewed. Make another plan.",
        new Dictionary<string, object?> { ["reason"] = reason });

    private static string? Fault(RebalanceRules rules) =>
        rules.Targets.Count is 0 or > MaxTargets ? $"There are 1 to {MaxTargets} targets."
        : rules.Targets.Keys.FirstOrDefault(symbol => !TransactionRules.IsSymbol(symbol)) is not null ? "A symbol is not valid."
        : rules.Step is < LeastStep or > 1_000_000 || rules.MinimumTrade > MinorUnits.Max || rules.CashKept > MinorUnits.Max
            ? $"A step is {LeastStep} to 1,000,000; amounts are {MinorUnits.Max} minor units at most."
        : rules.Fault();
}
