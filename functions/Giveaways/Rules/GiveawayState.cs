namespace FinVault.Giveaways;

/// <summary>Where a giveaway stands.</summary>
public enum GiveawayState
{
    /// <summary>Being written; nothing is reserved.</summary>
    Draft,

    /// <summary>Every prize is in escrow, rules and commitment are public.</summary>
    Scheduled,

    /// <summary>It runs.</summary>
    Active,

    /// <summary>No more entries or attempts; winners are being drawn and told.</summary>
    Drawing,

    /// <summary>Winners are known. Terminal.</summary>
    Past,

    /// <summary>Called off. Terminal.</summary>
    Cancelled,
}

/// <summary>What can happen to a giveaway.</summary>
public enum GiveawayEvent
{
    /// <summary>The host changes the plan.</summary>
    Edit,

    /// <summary>Every prize is in escrow.</summary>
    Schedule,

    /// <summary>The host moves start or end.</summary>
    Reschedule,

    /// <summary>The host holds it.</summary>
    Pause,

    /// <summary>The host lets it go on.</summary>
    Resume,

    /// <summary>The time to start has come.</summary>
    Start,

    /// <summary>The time to end has come, or the last prize is gone.</summary>
    Close,

    /// <summary>Winners have their prizes, the rest is given back.</summary>
    Finish,

    /// <summary>The host calls it off.</summary>
    Cancel,
}

/// <summary>Why a giveaway stays as it is.</summary>
/// <param name="From">The state it is in.</param>
/// <param name="To">The state that the event leads to; null for one that leads to none.</param>
/// <param name="Event">What was tried.</param>
public sealed record GiveawayRefusal(GiveawayState From, GiveawayState? To, GiveawayEvent Event)
{
    public override string ToString() => To is { } to
        ? $"A giveaway that is {From} cannot become {to} by {Event}."
        : $"{Event} is not possible for a giveaway that is {From}.";
}

/// <summary>Every transition that there is: state × event → state. Whatever is not here is refused.</summary>
public static class GiveawayTransitions
{
    /// <summary>The next state, or null and why not.</summary>
    public static GiveawayState? Next(GiveawayState from, GiveawayEvent happened, out GiveawayRefusal? refusal)
    {
        GiveawayState? next = (from, happened) switch
        {
            (GiveawayState.Draft, GiveawayEvent.Edit) => GiveawayState.Draft,
            (GiveawayState.Draft, GiveawayEvent.Schedule) => GiveawayState.Scheduled,
            (GiveawayState.Draft, GiveawayEvent.Cancel) => GiveawayState.Cancelled,
            (GiveawayState.Scheduled, GiveawayEvent.Reschedule) => GiveawayState.Scheduled,
            (GiveawayState.Scheduled, GiveawayEvent.Pause) => GiveawayState.Scheduled,
            (GiveawayState.Scheduled, GiveawayEvent.Resume) => GiveawayState.Scheduled,
            (GiveawayState.Scheduled, GiveawayEvent.Start) => GiveawayState.Active,
            (GiveawayState.Scheduled, GiveawayEvent.Cancel) => GiveawayState.Cancelled,
            (GiveawayState.Active, GiveawayEvent.Pause) => GiveawayState.Active,
            (GiveawayState.Active, GiveawayEvent.Resume) => GiveawayState.Active,
            (GiveawayState.Active, GiveawayEvent.Close) => GiveawayState.Drawing,
            (GiveawayState.Active, GiveawayEvent.Cancel) => GiveawayState.Cancelled,
            (GiveawayState.Drawing, GiveawayEvent.Finish) => GiveawayState.Past,
            _ => null,
        };
        refusal = next is null ? new(from, Target(happened), happened) : null;
        return next;
    }

    public static bool IsTerminal(GiveawayState state) => state is GiveawayState.Past or GiveawayState.Cancelled;

    /// <summary>Where an event leads; null for one that changes no state.</summary>
    public static GiveawayState? Target(GiveawayEvent happened) => happened switch
    {
        GiveawayEvent.Schedule => GiveawayState.Scheduled,
        GiveawayEvent.Start => GiveawayState.Active,
        GiveawayEvent.Close => GiveawayState.Drawing,
        GiveawayEvent.Finish => GiveawayState.Past,
        GiveawayEvent.Cancel => GiveawayState.Cancelled,
        GiveawayEvent.Edit or GiveawayEvent.Reschedule or GiveawayEvent.Pause or GiveawayEvent.Resume => null,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };
}
