using FinVault.Giveaways.Draw;

namespace FinVault.Giveaways;

/// <summary>What a giveaway's lifecycle does next.</summary>
public enum LifecycleAction
{
    /// <summary>Nothing any more.</summary>
    End,

    /// <summary>Wait for a time, or for somebody who changes something.</summary>
    Wait,
    Fund,
    Start,
    Close,

    /// <summary>Close the entries and publish their root.</summary>
    Seal,

    /// <summary>Draw, once the beacon has spoken.</summary>
    Reveal,

    /// <summary>Give winners their prizes and the host what is left.</summary>
    Settle,

    /// <summary>Give what was not claimed to runners-up, or back.</summary>
    Reclaim,
}

/// <summary>What is done next.</summary>
/// <param name="Action">The step.</param>
/// <param name="Until">For a wait: until when at most.</param>
/// <param name="Number">The run or round that makes a saga's instance id.</param>
public sealed record LifecycleStep(LifecycleAction Action, DateTimeOffset? Until = null, int Number = 0);

/// <summary>
/// What follows for a giveaway as it stands. Pure, and asked anew after every step and every change, so that a change
/// that was told twice, late or not at all makes no difference.
/// </summary>
public static class LifecycleRules
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <param name="giveaway">As it stands.</param>
    /// <param name="soldOut">Whether no prize is left.</param>
    /// <param name="now">The time.</param>
    /// <param name="verifyUntil">Until when what was sent before the close may still be verified; null when nothing is.</param>
    public static LifecycleStep Next(
        Giveaway giveaway, bool soldOut, DateTimeOffset now, DateTimeOffset? verifyUntil = null)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return giveaway.State switch
        {
            GiveawayState.Draft => giveaway.IsFunding
                ? new(LifecycleAction.Fund, null, giveaway.Funding!.Run)
                : new(LifecycleAction.End),
            GiveawayState.Scheduled => Scheduled(giveaway, now),
            GiveawayState.Active => soldOut || now >= giveaway.Plan.EndsAt
                ? new(LifecycleAction.Close)
                : new(LifecycleAction.Wait, giveaway.Plan.EndsAt),
            GiveawayState.Drawing => Drawing(giveaway, now, verifyUntil),
            GiveawayState.Past or GiveawayState.Cancelled => Over(giveaway, now),
            _ => throw new ArgumentOutOfRangeException(nameof(giveaway), giveaway.State, null),
        };
    }

    // One that is held over its start begins when it is let go, and at its end at the latest, to be closed then.
    private static LifecycleStep Scheduled(Giveaway giveaway, DateTimeOffset now)
    {
        DateTimeOffset start = giveaway.IsPaused ? giveaway.Plan.EndsAt : giveaway.Plan.StartsAt;
        return now >= start ? new(LifecycleAction.Start) : new(LifecycleAction.Wait, start);
    }

    private static LifecycleStep Drawing(Giveaway giveaway, DateTimeOffset now, DateTimeOffset? verifyUntil)
    {
        DrawNotice draw = giveaway.Draw!;
        return draw.State switch
        {
            DrawState.Committed when now < verifyUntil =>
                new(LifecycleAction.Wait, now + Look < verifyUntil ? now + Look : verifyUntil),
            DrawState.Committed => new(LifecycleAction.Seal),
            DrawState.Closed when Draws.RevealAt(draw) is var at && now < at => new(LifecycleAction.Wait, at),
            DrawState.Closed => new(LifecycleAction.Reveal),
            _ => new(LifecycleAction.Settle),
        };
    }

    private static LifecycleStep Over(Giveaway giveaway, DateTimeOffset now) => giveaway switch
    {
        { IsPublic: false } or { CompletedAt: not null } => new(LifecycleAction.End),
        { SettledAt: null } => new(LifecycleAction.Settle),
        { ClaimBy: { } until } when now < until => new(LifecycleAction.Wait, until),
        _ => new(LifecycleAction.Reclaim, null, giveaway.ClaimRounds + 1),
    };
}
