namespace FinVault.Escrow;

/// <summary>
/// What an escrow needs next, by its state and intent, until nothing is left to do that needs no outside event. Each step
/// does what can be done again and then writes, under a condition, that it is done; so any number of callers may walk
/// the same escrow at once, and whoever is killed is overtaken by the next.
/// </summary>
internal sealed class EscrowSteps(EscrowStore store, EscrowMoney money, CardStock stock, GiftCards cards)
{
    /// <summary>The escrow where it rests.</summary>
    public async Task<EscrowDocument> AdvanceAsync(EscrowDocument from, CancellationToken cancellationToken)
    {
        EscrowDocument now = from;
        while (await StepAsync(now, cancellationToken))
        {
            now = await store.ReadAsync(now, cancellationToken);
        }

        return now;
    }

    /// <summary>Takes one step; false when it rests where it is.</summary>
    private async Task<bool> StepAsync(EscrowDocument now, CancellationToken cancellationToken)
    {
        switch (now.State, now.Intent)
        {
            case (EscrowState.Pending, EscrowIntent.None):
                await ReserveAsync(now, cancellationToken);
                return true;
            case (EscrowState.Pending, EscrowIntent.Fail):
                await store.FailAsync(now, cancellationToken);
                return true;
            case (EscrowState.Failed, _) when now.DueAt is not null:
                await GiveBackAsync(now, cancellationToken);
                return false;
            case (EscrowState.Held or EscrowState.Allocated, EscrowIntent.Release):
                await ReleaseAsync(now, cancellationToken);
                return true;
            case (EscrowState.Allocated, EscrowIntent.None) when now.DueAt != now.ExpiresAt.ToUnixTimeMilliseconds():
                await IssueAsync(now, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    private async Task ReserveAsync(EscrowDocument now, CancellationToken cancellationToken)
    {
        if (now.IsGiftCard && !await stock.TakeAsync(now.Backing.CardId!, now.Id, cancellationToken))
        {
            await store.BeginFailureAsync(now, EscrowCode.OutOfStock, cancellationToken);
        }
        else if (!await money.HoldAsync(now, cancellationToken))
        {
            await store.BeginFailureAsync(now, EscrowCode.InsufficientFunds, cancellationToken);
        }
        else
        {
            await store.HoldAsync(now, cancellationToken);
        }
    }

    // Another caller may have found money where this one found none, and be between its transfer and this state.
    // Whichever of the two sees both gives it back; recovery looks once more when all callers must be through.
    private async Task GiveBackAsync(EscrowDocument failed, CancellationToken cancellationToken)
    {
        if (await money.HasHoldAsync(failed, cancellationToken))
        {
            await money.GiveBackAsync(failed, cancellationToken);
        }

        if (failed.IsGiftCard)
        {
            await stock.GiveBackAsync(failed.Backing.CardId!, failed.Id, cancellationToken);
        }
    }

    private async Task ReleaseAsync(EscrowDocument now, CancellationToken cancellationToken)
    {
        if (now is { IsGiftCard: true, State: EscrowState.Allocated })
        {
            await cards.VoidAsync(now, cancellationToken);
        }

        await money.GiveBackAsync(now, cancellationToken);
        if (now.IsGiftCard)
        {
            await stock.GiveBackAsync(now.Backing.CardId!, now.Id, cancellationToken);
        }

        await store.EndAsync(now, EscrowState.Released, null, cancellationToken);
    }

    private async Task IssueAsync(EscrowDocument now, CancellationToken cancellationToken)
    {
        if (now.IsGiftCard)
        {
            await cards.IssueAsync(now, cancellationToken);
        }

        await store.PostponeAsync(now, now.ExpiresAt.ToUnixTimeMilliseconds(), cancellationToken);
    }
}
