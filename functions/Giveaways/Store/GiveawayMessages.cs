using System.Globalization;
using FinVault.Platform.Outbox;

namespace FinVault.Giveaways;

/// <summary>What giveaways tell, by the outbox only. Ids follow from what happened, so nothing is told twice.</summary>
public static class GiveawayMessages
{
    /// <summary>To a room: state, times or plan have changed.</summary>
    public const string ChangedKind = "giveaway.changed";

    /// <summary>To a room: somebody has won (GIV-16).</summary>
    public const string WinnerKind = "giveaway.winner";

    /// <summary>To a room: it is over (GIV-16).</summary>
    public const string EndedKind = "giveaway.ended";

    /// <summary>To the winner alone.</summary>
    public const string NoticeKind = "giveaway.winnerNotice";

    public static OutboxMessage Changed(Giveaway giveaway, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        ArgumentNullException.ThrowIfNull(time);
        GiveawayChanged payload = new(
            giveaway.Id, giveaway.State, giveaway.IsPaused, giveaway.Revision, giveaway.Plan.StartsAt,
            giveaway.Plan.EndsAt, giveaway.RemainingTimeSeconds(time.GetUtcNow()));
        string id = string.Create(CultureInfo.InvariantCulture, $"CHANGED-{giveaway.Revision}");
        return OutboxMessage.OfGiveaway(giveaway.Id, ChangedKind, payload, time, id);
    }

    public static OutboxMessage Won(Winner winner, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(winner);
        return OutboxMessage.OfGiveaway(
            winner.Giveaway, WinnerKind, WinnerView.Of(winner), time, $"WON-{winner.Id}");
    }

    public static OutboxMessage Ended(Giveaway giveaway, int winners, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return OutboxMessage.OfGiveaway(
            giveaway.Id, EndedKind, new GiveawayEnded(giveaway.Id, giveaway.State, winners), time, "ENDED")
            with { Owner = giveaway.Tenant };
    }

    public static OutboxMessage Notice(Winner winner, DateTimeOffset? claimBy, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(winner);
        WinnerNotice payload = new(winner.Giveaway, winner.Participant, winner.Prize, winner.PrizeTitle, claimBy);
        return OutboxMessage.OfGiveaway(winner.Giveaway, NoticeKind, payload, time, $"NOTICE-{winner.Id}");
    }
}

/// <summary>What a room is told of a change.</summary>
public sealed record GiveawayChanged(
    string Giveaway, GiveawayState State, bool Paused, int Revision, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    long RemainingTimeSeconds);

/// <summary>What a room is told at the end.</summary>
public sealed record GiveawayEnded(string Giveaway, GiveawayState State, int Winners);

/// <summary>What a winner is told; the participant's document says where.</summary>
public sealed record WinnerNotice(
    string Giveaway, string Participant, string Prize, string PrizeTitle, DateTimeOffset? ClaimBy);
