namespace FinVault.Escrow;

/// <summary>Where a subscription stands. In a trial it is Active, with nothing paid.</summary>
public enum SubscriptionState
{
    /// <summary>Its first payment is under way.</summary>
    Pending,

    /// <summary>Paid, or in its trial.</summary>
    Active,

    /// <summary>A renewal was declined; it is tried again until the days of grace are over.</summary>
    PastDue,

    /// <summary>Not renewed any more; it lasts as long as it is paid.</summary>
    Cancelled,

    /// <summary>Over. Terminal: whoever subscribes again has another one.</summary>
    Ended,
}

/// <summary>What can happen to a subscription.</summary>
public enum SubscriptionEvent
{
    /// <summary>A month was paid.</summary>
    Pay,

    /// <summary>A payment was declined for good; the next one is another.</summary>
    Decline,

    Cancel,

    /// <summary>A cancellation is taken back, or a declined payment is to be tried again now.</summary>
    Renew,

    /// <summary>What was paid is over, and nothing is paid any more.</summary>
    Lapse,
}

/// <summary>Every transition that there is: state × event → state. Whatever is not here is refused.</summary>
public static class SubscriptionTransitions
{
    /// <summary>The next state; null where there is none.</summary>
    public static SubscriptionState? Next(SubscriptionState from, SubscriptionEvent happened) => (from, happened) switch
    {
        (SubscriptionState.Pending, SubscriptionEvent.Pay) => SubscriptionState.Active,
        (SubscriptionState.Pending, SubscriptionEvent.Decline) => SubscriptionState.Ended,
        (SubscriptionState.Active or SubscriptionState.PastDue, SubscriptionEvent.Pay) => SubscriptionState.Active,
        (SubscriptionState.Active or SubscriptionState.PastDue, SubscriptionEvent.Decline) => SubscriptionState.PastDue,
        (SubscriptionState.PastDue, SubscriptionEvent.Renew) => SubscriptionState.PastDue,
        // A payment that was under way when it was cancelled still ends one way or the other.
        (SubscriptionState.Cancelled, SubscriptionEvent.Pay or SubscriptionEvent.Decline) => SubscriptionState.Cancelled,
        (SubscriptionState.Cancelled, SubscriptionEvent.Renew) => SubscriptionState.Active,
        (SubscriptionState.Pending or SubscriptionState.Active or SubscriptionState.PastDue, SubscriptionEvent.Cancel) =>
            SubscriptionState.Cancelled,
        (not SubscriptionState.Ended, SubscriptionEvent.Lapse) => SubscriptionState.Ended,
        _ => null,
    };

    /// <summary>Where an event leads to, for those who are told that it does not.</summary>
    public static SubscriptionState Target(SubscriptionEvent happened) => happened switch
    {
        SubscriptionEvent.Pay or SubscriptionEvent.Renew => SubscriptionState.Active,
        SubscriptionEvent.Decline => SubscriptionState.PastDue,
        SubscriptionEvent.Cancel => SubscriptionState.Cancelled,
        SubscriptionEvent.Lapse => SubscriptionState.Ended,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };
}
