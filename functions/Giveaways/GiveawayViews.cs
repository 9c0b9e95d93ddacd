using FinVault.Escrow;
using FinVault.Giveaways.Draw;

namespace FinVault.Giveaways;

/// <summary>A change of a plan.</summary>
/// <param name="Revision">Of the giveaway that was changed; refused when somebody changed it since.</param>
/// <param name="Plan">All of the new plan.</param>
public sealed record GiveawayEdit(int Revision, GiveawayPlan Plan);

/// <summary>New times of a scheduled giveaway.</summary>
public sealed record Rescheduling(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>Why something is called off, for everybody to read.</summary>
/// <param name="Reason">1 to 500 characters.</param>
public sealed record Cancellation(string Reason);

/// <summary>A giveaway as its host sees it.</summary>
/// <param name="Id"><c>EVENT_&lt;ULID&gt;</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Paused">Whether the host holds it.</param>
/// <param name="Revision">To be named in an edit.</param>
/// <param name="Plan">What is planned.</param>
/// <param name="PrizeCount">Prizes in all.</param>
/// <param name="Value">What they cost together, in minor units.</param>
/// <param name="Funding">The last try to put every prize into escrow.</param>
/// <param name="ServerTime">Now, by the clock that decides.</param>
/// <param name="RemainingTimeSeconds">Whole seconds to the end.</param>
/// <param name="StartsInSeconds">Whole seconds to the start.</param>
/// <param name="JoinCode">What participants type or scan.</param>
/// <param name="Draw">Rules and commitment.</param>
public sealed record GiveawayView(
    string Id, GiveawayState State, bool Paused, int Revision, GiveawayPlan Plan, int PrizeCount, long Value,
    Funding? Funding, DateTimeOffset ServerTime, long RemainingTimeSeconds, long StartsInSeconds,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? StartedAt, DateTimeOffset? ClosedAt,
    DateTimeOffset? EndedAt, DateTimeOffset? SettledAt, DateTimeOffset? ClaimBy, DateTimeOffset? CompletedAt,
    string? CancelReason, string? JoinCode, DrawNotice? Draw)
{
    public static GiveawayView Of(Giveaway giveaway, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return new(
            giveaway.Id, giveaway.State, giveaway.IsPaused, giveaway.Revision, giveaway.Plan,
            giveaway.Plan.PrizeCount(), giveaway.Plan.Value(), giveaway.Funding, now,
            giveaway.RemainingTimeSeconds(now), giveaway.StartsInSeconds(now), giveaway.CreatedAt, giveaway.ChangedAt,
            giveaway.StartedAt, giveaway.ClosedAt, giveaway.EndedAt, giveaway.SettledAt, giveaway.ClaimBy,
            giveaway.CompletedAt, giveaway.CancelReason, giveaway.JoinCode, giveaway.Draw);
    }
}

/// <summary>A giveaway as everybody sees it.</summary>
/// <param name="Id"><c>EVENT_&lt;ULID&gt;</c>.</param>
/// <param name="Mode">How winners come about.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Paused">Whether the host holds it.</param>
/// <param name="ServerTime">Now, by the clock that decides.</param>
/// <param name="RemainingTimeSeconds">Whole seconds to the end: the time to count down from.</param>
/// <param name="StartsInSeconds">Whole seconds to the start; 0 once it has started.</param>
/// <param name="TakesEntries">Whether one can register now.</param>
/// <param name="Participants">How many take part.</param>
/// <param name="Prizes">What can be won.</param>
/// <param name="PrizesLeft">How many prizes nobody has won.</param>
/// <param name="AttemptsPerParticipant">In slot-machine mode, else 0.</param>
/// <param name="Draw">Rules with their odds, and the commitment.</param>
public sealed record PublicGiveaway(
    string Id, string Title, string Description, string Terms, DrawMode Mode, GiveawayState State, bool Paused,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset ServerTime, long RemainingTimeSeconds,
    long StartsInSeconds, bool TakesEntries, int Participants, int MaxParticipants, IReadOnlyList<PublicPrize> Prizes,
    int PrizeCount, int PrizesLeft, int PrizesPerParticipant, int AttemptsPerParticipant, int ClaimHours,
    string JoinCode, string? CancelReason, Uri? ImageUrl, DrawNotice Draw)
{
    public static PublicGiveaway Of(Giveaway giveaway, PublicFigures figures, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        ArgumentNullException.ThrowIfNull(figures);
        GiveawayPlan plan = giveaway.Plan;
        return new(
            giveaway.Id, plan.Title, plan.Description, plan.Terms, plan.Mode, giveaway.State, giveaway.IsPaused,
            plan.StartsAt, plan.EndsAt, now, giveaway.RemainingTimeSeconds(now), giveaway.StartsInSeconds(now),
            giveaway.TakesEntries(now), figures.Participants, plan.MaxParticipants,
            [.. plan.Prizes.Select(line => PublicPrize.Of(line, plan.Currency, figures))], plan.PrizeCount(),
            figures.PrizesLeft, plan.PrizesPerParticipant, plan.Attempts(), plan.ClaimHours, giveaway.JoinCode!,
            giveaway.CancelReason, figures.Images.GetValueOrDefault(giveaway.Id), giveaway.Draw!);
    }
}

/// <summary>What everybody may know beside the giveaway itself.</summary>
/// <param name="Participants">How many take part.</param>
/// <param name="PrizesLeft">How many prizes nobody has won.</param>
/// <param name="Images">By the id of the giveaway or of a line of prizes.</param>
public sealed record PublicFigures(int Participants, int PrizesLeft, IReadOnlyDictionary<string, Uri> Images);

/// <summary>A line of prizes as everybody sees it.</summary>
/// <param name="Amount">Minor units each.</param>
public sealed record PublicPrize(
    string Id, string Title, PrizeKind Kind, long Amount, string Currency, int Quantity, Uri? ImageUrl)
{
    public static PublicPrize Of(PrizeLine line, string currency, PublicFigures figures)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(figures);
        return new(
            line.Id!, line.Title, line.Kind, line.Amount, currency, line.Quantity,
            figures.Images.GetValueOrDefault(line.Id!));
    }
}

/// <summary>A participant as the host sees it.</summary>
public sealed record ParticipantRow(
    string Id, string Name, string Contact, DateTimeOffset At, int Attempts, int Prizes, long Points)
{
    public static ParticipantRow Of(Participant participant)
    {
        ArgumentNullException.ThrowIfNull(participant);
        return new(
            participant.Id, participant.Name, participant.Contact, participant.At, participant.AttemptCount,
            participant.Prizes, participant.Points);
    }
}

/// <summary>A registration's answer.</summary>
/// <param name="Participant">The participant's id, as it stands in the draw's record.</param>
/// <param name="Token">To be sent as <c>X-Participant-Token</c>; shown this once.</param>
public sealed record Registered(string Participant, string Token);

/// <summary>What a participant sees of themselves.</summary>
public sealed record OwnEntry(
    string Participant, string Name, DateTimeOffset At, int AttemptsMade, int AttemptsLeft, long Points,
    IReadOnlyList<AttemptAnswer> Attempts, IReadOnlyList<OwnPrize> Prizes);

/// <summary>A prize as its winner sees it.</summary>
public sealed record OwnPrize(
    string Prize, string Title, PrizeKind Kind, long Amount, string Currency, PrizeState State, DateTimeOffset? WonAt,
    DateTimeOffset? ClaimBy, DateTimeOffset? ClaimedAt)
{
    public static OwnPrize Of(Prize prize)
    {
        ArgumentNullException.ThrowIfNull(prize);
        return new(
            prize.Id, prize.Title, prize.Kind, prize.Amount, prize.Currency, prize.State, prize.WonAt, prize.ClaimBy,
            prize.ClaimedAt);
    }
}
