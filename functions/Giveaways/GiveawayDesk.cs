using FinVault.Escrow;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What a host does with a giveaway, but for what its lifecycle does by itself.</summary>
public sealed class GiveawayDesk(
    GiveawayStore store, Draws draws, Ledger ledger, GiveawayPictures pictures, GiveawayOptions options,
    TimeProvider time)
{
    private const int MaxReason = 500;

    /// <summary>Makes a draft.</summary>
    /// <exception cref="ProblemException">invalid_giveaway, too_many_giveaways.</exception>
    public async Task<Giveaway> CreateAsync(CurrentUser user, GiveawayPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        GiveawayPlan complete = PlanRules.Complete(plan, options, time);
        if (await store.CountLiveAsync(user.TenantId, cancellationToken) >= options.MaxLive)
        {
            throw Problems.TooManyGiveaways.With($"A tenant has at most {options.MaxLive} that are not over.");
        }

        Giveaway draft = new(
            Ids.New(Giveaway.Prefix, time), user.TenantId, user.UserId, complete, GiveawayState.Draft,
            time.GetUtcNow());
        await store.CreateAsync(draft, cancellationToken);
        await pictures.ClaimAsync(draft, cancellationToken);
        return draft;
    }

    /// <exception cref="ProblemException">invalid_giveaway, invalid_transition, changed_meanwhile.</exception>
    public async Task<Giveaway> EditAsync(Giveaway own, GiveawayEdit edit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(edit);
        GiveawayPlan complete = PlanRules.Complete(edit.Plan, options, time);
        Giveaway edited = await store.ChangeAsync(
            own.Id,
            before => before.Revision == edit.Revision
                ? before.Edit(complete, time.GetUtcNow())
                : throw Problems.ChangedMeanwhile.With($"It is at revision {before.Revision} by now."),
            cancellationToken);
        await pictures.ClaimAsync(edited, cancellationToken);
        return edited;
    }

    /// <exception cref="ProblemException">invalid_transition.</exception>
    public async Task DeleteAsync(Giveaway own, CancellationToken cancellationToken)
    {
        if (!own.MayDelete() || !await store.DeleteAsync(own, cancellationToken))
        {
            throw Problems.InvalidTransition.With("Only a draft can be removed; cancel anything else.");
        }
    }

    /// <summary>Begins to reserve every prize, after a look at the wallet (GIV-13); the saga looks once more.</summary>
    /// <exception cref="ProblemException">invalid_transition, invalid_giveaway, insufficient_funds.</exception>
    public async Task<Giveaway> BeginFundingAsync(Giveaway own, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(own);
        if (own.State == GiveawayState.Draft && !own.IsFunding)
        {
            PlanRules.Complete(own.Plan, options, time);
            string wallet = Wallets.AccountOf(own.Tenant, own.Plan.Currency);
            long available = (await ledger.FindAccountAsync(wallet, cancellationToken))?.Available ?? 0;
            if (available < own.Plan.Value())
            {
                throw Problems.InsufficientFunds.With(
                    $"The prizes take {own.Plan.Value()} and the wallet has {available}, in minor units.");
            }
        }

        return await store.ChangeAsync(own.Id, before => before.BeginFunding(time.GetUtcNow()), cancellationToken);
    }

    /// <exception cref="ProblemException">invalid_transition, invalid_giveaway.</exception>
    public async Task<Giveaway> RescheduleAsync(Giveaway own, Rescheduling times, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(times);
        DateTimeOffset now = time.GetUtcNow();
        Giveaway moved = own.Reschedule(times.StartsAt, times.EndsAt, now);
        PlanRules.Complete(moved.Plan, options, time);
        if (times.StartsAt <= now)
        {
            throw Problems.InvalidGiveaway.With("It starts in the future.");
        }

        DrawNotice notice = await draws.CommitAsync(moved.ToDrawPlan(), cancellationToken);
        return await store.ChangeAsync(
            own.Id,
            before => before.Reschedule(times.StartsAt, times.EndsAt, time.GetUtcNow()) with { Draw = notice },
            cancellationToken);
    }

    /// <exception cref="ProblemException">invalid_transition.</exception>
    public Task<Giveaway> ChangeAsync(
        Giveaway own, Func<Giveaway, DateTimeOffset, Giveaway> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(own);
        return store.ChangeAsync(own.Id, before => change(before, time.GetUtcNow()), cancellationToken);
    }

    /// <exception cref="ProblemException">invalid_transition, invalid_request.</exception>
    public Task<Giveaway> CancelAsync(Giveaway own, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason.Trim().Length is < 1 or > MaxReason
            ? throw Problems.InvalidRequest.With($"The reason has 1 to {MaxReason} characters.")
            : ChangeAsync(own, (before, now) => before.Cancel(reason.Trim(), now), cancellationToken);
    }
}

/// <summary>What the draw must know of a giveaway.</summary>
public static class GiveawayDraws
{
    public static DrawPlan ToDrawPlan(this Giveaway giveaway)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        GiveawayPlan plan = giveaway.Plan;
        SlotOdds? odds = plan is { Mode: DrawMode.SlotMachine, Slots: { } slots }
            ? new(slots.ExpectedAttempts, slots.CapPercent / 100, TimeSpan.FromSeconds(slots.FinalWindowSeconds))
            : null;
        return new(
            giveaway.Id, plan.Mode, plan.Odds, [.. Prize.UnitsOf(giveaway).Select(prize => prize.Id)], plan.RunnersUp,
            plan.StartsAt, plan.EndsAt, plan.MinPoints, odds);
    }
}
