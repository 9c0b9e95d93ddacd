namespace FinVault.Escrow;

/// <summary>Hands prizes to their winners: the code of a gift card, or airtime for a phone.</summary>
internal sealed class EscrowClaims(EscrowStore store, EscrowSteps steps, GiftCards cards, AirtimeGifts airtime)
{
    public async Task<PrizeClaim> ClaimAsync(
        string tenant, string escrowId, ClaimDetails details, CancellationToken cancellationToken)
    {
        EscrowDocument? found = await store.FindAsync(tenant, escrowId, cancellationToken);
        if (found is null)
        {
            return new(EscrowCode.UnknownEscrow);
        }

        EscrowDocument won = await steps.AdvanceAsync(found, cancellationToken);
        bool payable = EscrowTransitions.Next(won.State, EscrowEvent.Settle, out EscrowRefusal? refusal) is not null;
        if (!payable && won.State != EscrowState.Settled)
        {
            // What became of airtime is told also when it could not be loaded.
            return new(EscrowCode.Refused, won.View(), refusal, null, await airtime.StateAsync(won, cancellationToken));
        }

        if (won.Holder?.ParticipantId != details.ParticipantId)
        {
            return new(EscrowCode.DifferentContent, won.View());
        }

        return won.IsGiftCard
            ? await ShowAsync(won, cancellationToken)
            : await airtime.ClaimAsync(won, details.Phone, cancellationToken);
    }

    public Task RecoverAsync(CancellationToken cancellationToken) => airtime.RecoverAsync(cancellationToken);

    private async Task<PrizeClaim> ShowAsync(EscrowDocument won, CancellationToken cancellationToken)
    {
        bool first = won.ClaimedAt is null && await store.ClaimAsync(won, cancellationToken);
        EscrowDocument now = first ? await store.ReadAsync(won, cancellationToken) : won;
        return new(first ? EscrowCode.Done : EscrowCode.AlreadyDone, now.View(), null, cards.CodeOf(won));
    }
}
