using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What each event makes of a giveaway. Pure: the store writes what comes out, under its ETag.</summary>
public static class GiveawayChanges
{
    /// <summary>The giveaway after an event; refuses what the table does not have.</summary>
    /// <exception cref="ProblemException">invalid_transition, with from, to and event.</exception>
    public static Giveaway After(this Giveaway giveaway, GiveawayEvent happened, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        GiveawayState next = GiveawayTransitions.Next(giveaway.State, happened, out GiveawayRefusal? refusal)
            ?? throw Refused(refusal!);
        return giveaway with { State = next, Revision = giveaway.Revision + 1, ChangedAt = now };
    }

    public static Giveaway Edit(this Giveaway giveaway, GiveawayPlan plan, DateTimeOffset now)
    {
        RefuseFunding(giveaway);
        return giveaway.After(GiveawayEvent.Edit, now) with { Plan = plan };
    }

    /// <summary>A new try to fund it; what it plans is fixed while that runs.</summary>
    public static Giveaway BeginFunding(this Giveaway giveaway, DateTimeOffset now)
    {
        RefuseFunding(giveaway);

        // Refuses where scheduling is not possible; the state itself changes when the money is there.
        _ = giveaway.After(GiveawayEvent.Schedule, now);
        return giveaway with
        {
            Revision = giveaway.Revision + 1,
            ChangedAt = now,
            Funding = new((giveaway.Funding?.Run ?? 0) + 1, FundingState.Running),
            BucketSeconds = Math.Max(60, (int)((giveaway.Plan.EndsAt - giveaway.Plan.StartsAt).TotalSeconds / 500)),
            Nudge = true,
        };
    }

    public static Giveaway Reschedule(
        this Giveaway giveaway, DateTimeOffset startsAt, DateTimeOffset endsAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        GiveawayPlan plan = giveaway.Plan with { StartsAt = startsAt, EndsAt = endsAt };
        return giveaway.After(GiveawayEvent.Reschedule, now) with { Plan = plan, Nudge = true };
    }

    public static Giveaway Pause(this Giveaway giveaway, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        Giveaway paused = giveaway.After(GiveawayEvent.Pause, now) with { PausedAt = now, Nudge = true };
        return giveaway.IsPaused ? throw Problems.InvalidTransition.With("It is paused already.") : paused;
    }

    /// <summary>
    /// Lets it go on. The end stays where it was: the draw's beacon round and the odds were fixed by it before the
    /// start, and a later end would let somebody know the one and change the other.
    /// </summary>
    public static Giveaway Resume(this Giveaway giveaway, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        Giveaway resumed = giveaway.After(GiveawayEvent.Resume, now) with { PausedAt = null, Nudge = true };
        return giveaway.IsPaused ? resumed : throw Problems.InvalidTransition.With("It is not paused.");
    }

    public static Giveaway Cancel(this Giveaway giveaway, string reason, DateTimeOffset now) =>
        giveaway.After(GiveawayEvent.Cancel, now) with
        {
            CancelReason = reason, PausedAt = null, EndedAt = now, ClosedAt = giveaway.ClosedAt ?? now, Nudge = true,
        };

    public static Giveaway Start(this Giveaway giveaway, DateTimeOffset now) =>
        giveaway.After(GiveawayEvent.Start, now) with { StartedAt = now };

    public static Giveaway Close(this Giveaway giveaway, DateTimeOffset now) =>
        giveaway.After(GiveawayEvent.Close, now) with { ClosedAt = now, PausedAt = null };

    public static Giveaway Schedule(this Giveaway giveaway, DrawNotice draw, string joinCode, DateTimeOffset now)
    {
        Giveaway scheduled = giveaway.After(GiveawayEvent.Schedule, now);
        return scheduled with
        {
            Funding = scheduled.Funding! with { State = FundingState.Done }, Draw = draw, JoinCode = joinCode,
        };
    }

    /// <summary>Whether a draft may be removed; anything else stays for the record.</summary>
    public static bool MayDelete(this Giveaway giveaway)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return giveaway is { State: GiveawayState.Draft, IsFunding: false };
    }

    public static ProblemException Refused(GiveawayRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return Problems.InvalidTransition.With(
            refusal.ToString(),
            new Dictionary<string, object?>
            {
                ["from"] = refusal.From, ["to"] = refusal.To, ["event"] = refusal.Event,
            });
    }

    private static void RefuseFunding(Giveaway giveaway)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        if (giveaway is { State: GiveawayState.Draft, IsFunding: true })
        {
            throw Problems.InvalidTransition.With("Its prizes are being reserved at this moment.");
        }
    }
}
