namespace FinVault.Escrow;

/// <summary>Where a transfer stands.</summary>
public enum TransferState
{
    /// <summary>Held, not decided.</summary>
    Pending,

    /// <summary>Decided and debited; the credit follows, whatever happens. The money is in clearing.</summary>
    Posting,

    /// <summary>Debited and credited. Terminal.</summary>
    Posted,

    /// <summary>Given back. Terminal.</summary>
    Voided,

    /// <summary>Given back, because nobody decided in time. Terminal.</summary>
    Expired,
}

/// <summary>What can happen to a transfer.</summary>
public enum TransferEvent
{
    Post,
    Void,
    Expire,

    /// <summary>The receiver's journal has the credit.</summary>
    Credit,
}

/// <summary>Why a transfer stays as it is.</summary>
/// <param name="From">The state it is in.</param>
/// <param name="To">The state that the event leads to.</param>
/// <param name="Event">What was tried.</param>
public sealed record TransitionRefusal(TransferState From, TransferState To, TransferEvent Event)
{
    public override string ToString() => $"A transfer that is {From} cannot become {To} by {Event}.";
}

/// <summary>Every transition that there is: state × event → state. Whatever is not here is refused.</summary>
public static class TransferTransitions
{
    /// <summary>The next state, or null and why not.</summary>
    public static TransferState? Next(TransferState from, TransferEvent happened, out TransitionRefusal? refusal)
    {
        TransferState? next = (from, happened) switch
        {
            (TransferState.Pending, TransferEvent.Post) => TransferState.Posting,
            (TransferState.Pending, TransferEvent.Void) => TransferState.Voided,
            (TransferState.Pending, TransferEvent.Expire) => TransferState.Expired,
            (TransferState.Posting, TransferEvent.Credit) => TransferState.Posted,
            _ => null,
        };
        refusal = next is null ? new(from, Target(happened), happened) : null;
        return next;
    }

    public static bool IsTerminal(TransferState state) =>
        state is TransferState.Posted or TransferState.Voided or TransferState.Expired;

    /// <summary>Where an event leads in the end.</summary>
    public static TransferState Target(TransferEvent happened) => happened switch
    {
        TransferEvent.Post or TransferEvent.Credit => TransferState.Posted,
        TransferEvent.Void => TransferState.Voided,
        TransferEvent.Expire => TransferState.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };

    /// <summary>The journal entry that an event of a pending transfer makes.</summary>
    internal static Leg LegOf(TransferEvent happened) => happened switch
    {
        TransferEvent.Post => Leg.Post,
        TransferEvent.Void => Leg.Void,
        TransferEvent.Expire => Leg.Expire,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };
}
