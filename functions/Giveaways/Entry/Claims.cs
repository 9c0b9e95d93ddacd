using FinVault.Escrow;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What a winner gives to get a prize.</summary>
/// <param name="Phone">For airtime, where it goes, with its country (<c>+9198…</c>).</param>
public sealed record ClaimRequest(string? Phone = null);

/// <summary>A prize, as its winner gets it.</summary>
/// <param name="Prize">The prize.</param>
/// <param name="Title">What it is.</param>
/// <param name="Kind">Gift card, or airtime.</param>
/// <param name="State">Claimed.</param>
/// <param name="Code">The gift card's, to be shown at a branch; the same each time.</param>
/// <param name="Airtime">How far the airtime came.</param>
public sealed record ClaimAnswer(
    string Prize, string Title, PrizeKind Kind, PrizeState State, string? Code, AirtimeState? Airtime);

/// <summary>Winners claim their prizes, as soon as they have won and until the deadline.</summary>
public sealed class Claims(
    GiveawayStore giveaways, ParticipantStore participants, PrizeStore prizes, Escrows escrows, TimeProvider time)
{
    /// <exception cref="ProblemException">
    /// unknown_giveaway, invalid_participant, unknown_prize, claim_over, and what the escrow refuses.
    /// </exception>
    public async Task<ClaimAnswer> ClaimAsync(
        string id, string prizeId, ParticipantToken token, ClaimRequest wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        Giveaway giveaway = await giveaways.ReadPublicAsync(id, cancellationToken);
        Participant winner = await participants.ReadAsync(giveaway.Id, token, cancellationToken);
        Prize prize = await ReadAsync(giveaway, winner, prizeId, cancellationToken);
        await TakeAsync(giveaway, winner, prize, cancellationToken);
        PrizeClaim claim = await escrows.ClaimAsync(
            giveaway.Tenant, prize.EscrowId!, new ClaimDetails(winner.Id, wanted.Phone), cancellationToken);
        return claim.IsDone
            ? new(prize.Id, prize.Title, prize.Kind, PrizeState.Claimed, claim.GiftCode, claim.Airtime)
            : throw Refusal(claim.Code);
    }

    private static ProblemException Refusal(EscrowCode code) => code switch
    {
        EscrowCode.InvalidRequest => Problems.InvalidRequest.With("Give the phone that the airtime goes to."),
        EscrowCode.Busy => Problems.Unavailable.With("The prize is being moved. Try again shortly."),
        _ => Problems.ClaimOver.With("The prize is not there any more."),
    };

    /// <summary>
    /// Makes the prize the winner's for good before anything leaves the escrow: from then on the deadline cannot take
    /// it, and whoever dies here calls again.
    /// </summary>
    private async Task TakeAsync(
        Giveaway giveaway, Participant winner, Prize prize, CancellationToken cancellationToken)
    {
        if (prize.State == PrizeState.Claimed)
        {
            return;
        }

        DateTimeOffset? until = prize.ClaimBy ?? giveaway.ClaimBy;
        if (prize.State != PrizeState.Won || until <= time.GetUtcNow())
        {
            throw Problems.ClaimOver.With("It was not claimed in time.");
        }

        EscrowResult allocated = await escrows.AllocateAsync(
            giveaway.Tenant, prize.EscrowId!, new EscrowHolder(winner.Id, winner.Contact), cancellationToken);
        if (!allocated.IsDone)
        {
            throw Refusal(allocated.Code);
        }

        if (!await prizes.ClaimAsync(prize, cancellationToken)
            && (await ReadAsync(giveaway, winner, prize.Id, cancellationToken)).State != PrizeState.Claimed)
        {
            throw Problems.ClaimOver.With("It was not claimed in time.");
        }
    }

    private async Task<Prize> ReadAsync(
        Giveaway giveaway, Participant winner, string prizeId, CancellationToken cancellationToken) =>
        Ids.IsValid(prizeId, Prize.Prefix)
            && await prizes.FindAsync(giveaway.Id, prizeId, cancellationToken) is { } prize && prize.Winner == winner.Id
            ? prize
            : throw Problems.UnknownPrize.With("You have won no such prize.");
}
