using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>
/// Redeeming a gift card at a branch in two steps: somebody enters the code, somebody permitted confirms. What is
/// confirmed is settled by <see cref="SettlementFunctions"/>.
/// </summary>
public sealed class Redemptions
{
    private readonly RedemptionStore _store;
    private readonly GiftCards _cards;
    private readonly EscrowStore _escrows;
    private readonly Merchants _merchants;
    private readonly Branches _branches;
    private readonly CodeAttempts _attempts;
    private readonly EscrowOptions _options;
    private readonly TimeProvider _time;

    internal Redemptions(
        RedemptionStore store, GiftCards cards, EscrowStore escrows, Merchants merchants, Branches branches,
        CodeAttempts attempts, EscrowOptions options, TimeProvider time)
    {
        (_store, _cards, _escrows, _merchants) = (store, cards, escrows, merchants);
        (_branches, _attempts, _options, _time) = (branches, attempts, options, time);
    }

    /// <summary>Looks the code up and shows what it is worth. A code of another merchant is no code here.</summary>
    /// <exception cref="ProblemException">
    /// not_found, forbidden, merchant_not_approved, too_many_attempts, unknown_gift_card, gift_card_not_good,
    /// gift_card_in_use.
    /// </exception>
    public async Task<RedemptionView> InitiateAsync(
        CurrentUser user, RedemptionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(request);
        Branch branch = await BranchAsync(user, request.BranchId, Permissions.RedemptionInitiate, cancellationToken);
        if (branch.State == BranchState.Closed)
        {
            throw Problems.Forbidden.With("The branch is closed.");
        }

        await _merchants.ApprovedAsync(user.TenantId, cancellationToken);
        GiftCardDocument card = await LookUpAsync(branch, user, request.Code, cancellationToken);
        DateTimeOffset now = _time.GetUtcNow();
        EscrowDocument? escrow = await _escrows.FindAsync(card.EscrowTenant, card.Escrow, cancellationToken);
        bool good = card.State == GiftCardState.Active && card.ExpiresAt > now
            && escrow is { State: EscrowState.Allocated, Intent: EscrowIntent.None or EscrowIntent.Settle };
        if (!good)
        {
            throw Problems.GiftCardNotGood.With("The card was redeemed, or it is over.");
        }

        DateTimeOffset until = now + TimeSpan.FromMinutes(_options.RedemptionMinutes);
        Redemption redemption = new(
            Ids.New("REDEMPTION", now), user.TenantId, card.Merchant, branch.Id, card.Card, card.Name, card.Id, card.Escrow,
            card.EscrowTenant, card.Amount, card.Currency, RedemptionState.Initiated, user.UserId, null, null, null, now,
            until, until.ToUnixTimeMilliseconds());
        return await _store.BeginAsync(redemption, cancellationToken)
            ? redemption.View()
            : throw Problems.GiftCardInUse.With("The card is in another redemption. Confirm or cancel that one.");
    }

    /// <exception cref="ProblemException">not_found, forbidden.</exception>
    public async Task<RedemptionView> FindAsync(CurrentUser user, string id, CancellationToken cancellationToken) =>
        (await ReadAsync(user, id, Permissions.RedemptionInitiate, cancellationToken)).View();

    /// <summary>The merchant's redemptions, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor, not_found, forbidden.</exception>
    public async Task<Page<RedemptionView>> ListAsync(
        CurrentUser user, string? branchId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (branchId is not null)
        {
            await BranchAsync(user, branchId, Permissions.RedemptionInitiate, cancellationToken);
        }
        else if (!user.Has(Roles.Merchant))
        {
            throw Problems.Forbidden.With("Name the branch where you work.");
        }

        return await _store.ListAsync(user.TenantId, branchId, page, cancellationToken);
    }

    /// <summary>Confirms it, once; the settlement is to begin, or has begun.</summary>
    /// <exception cref="ProblemException">not_found, forbidden, redemption_over.</exception>
    public async Task<RedemptionView> ConfirmAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            Redemption now = await ReadAsync(user, id, Permissions.RedemptionConfirm, cancellationToken);
            if (now.State is RedemptionState.Settling or RedemptionState.Completed)
            {
                return now.View();
            }

            if (now.State == RedemptionState.Initiated && now.ExpiresAt <= _time.GetUtcNow())
            {
                await _store.FreeAsync(now, RedemptionEvent.Expire, null, null, cancellationToken);
            }
            else if (RedemptionTransitions.Next(now.State, RedemptionEvent.Confirm) is null)
            {
                throw Problems.RedemptionOver.With($"It is {now.State.ToString().ToLowerInvariant()}.");
            }
            else if (await _store.ConfirmAsync(now, user.UserId, cancellationToken))
            {
                return (now with { State = RedemptionState.Settling, ConfirmedBy = user.UserId }).View();
            }
        }
    }

    /// <summary>Calls it off, while nobody has confirmed.</summary>
    /// <exception cref="ProblemException">not_found, forbidden, redemption_over.</exception>
    public async Task<RedemptionView> CancelAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        Redemption now = await ReadAsync(user, id, Permissions.RedemptionInitiate, cancellationToken);
        if (now.State == RedemptionState.Cancelled
            || (now.State == RedemptionState.Initiated
                && await _store.FreeAsync(now, RedemptionEvent.Cancel, null, null, cancellationToken)))
        {
            return (now with { State = RedemptionState.Cancelled }).View();
        }

        throw Problems.RedemptionOver.With("It is confirmed, or over.");
    }

    private async Task<GiftCardDocument> LookUpAsync(
        Branch branch, CurrentUser user, string typed, CancellationToken cancellationToken)
    {
        if (!await _attempts.TakeAsync(branch, user.UserId, cancellationToken))
        {
            throw Problems.TooManyAttempts.With("Wait a quarter of an hour before another try.");
        }

        // The look-up is made also for what cannot be a code, so that both take the same way.
        string code = GiftCode.Normalize(typed) ?? "";
        GiftCardDocument card = await _cards.FindAsync(user.TenantId, code, cancellationToken)
            ?? throw Problems.UnknownGiftCard.With("There is no such card here. Check the code.");
        await _attempts.GiveBackAsync(branch, user.UserId, cancellationToken);
        return card;
    }

    private async Task<Redemption> ReadAsync(
        CurrentUser user, string id, string permission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        Redemption found = await _store.FindAsync(user.TenantId, id, cancellationToken)
            ?? throw Problems.NotFound.With($"There is no redemption {id}.");
        await BranchAsync(user, found.Branch, permission, cancellationToken);
        return found;
    }

    private async Task<Branch> BranchAsync(
        CurrentUser user, string branchId, string permission, CancellationToken cancellationToken)
    {
        Branch branch = await _branches.FindAsync(user.TenantId, branchId, cancellationToken)
            ?? throw Problems.NotFound.With($"There is no branch {branchId}.");
        return branch.Allows(user, permission)
            ? branch
            : throw Problems.Forbidden.With("You do not work at this branch, or not in a role that may do this.");
    }
}
