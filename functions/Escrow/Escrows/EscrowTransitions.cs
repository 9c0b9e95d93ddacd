namespace FinVault.Escrow;

/// <summary>Where an escrow stands.</summary>
public enum EscrowState
{
    /// <summary>Written down; no money has moved.</summary>
    Pending,

    /// <summary>The money is reserved, and so is the card.</summary>
    Held,

    /// <summary>Somebody has won it.</summary>
    Allocated,

    /// <summary>It was paid out. Terminal.</summary>
    Settled,

    /// <summary>The money went back. Terminal.</summary>
    Released,

    /// <summary>There was no money or no card for it. Terminal.</summary>
    Failed,
}

/// <summary>What can happen to an escrow.</summary>
public enum EscrowEvent
{
    Hold,
    Fail,
    Allocate,
    Settle,
    Release,
}

/// <summary>Why an escrow stays as it is.</summary>
/// <param name="From">The state it is in.</param>
/// <param name="To">The state that the event leads to.</param>
/// <param name="Event">What was tried.</param>
public sealed record EscrowRefusal(EscrowState From, EscrowState To, EscrowEvent Event)
{
    public override string ToString() => $"An escrow that is {From} cannot become {To} by {Event}.";
}

/// <summary>Every transition that there is: state × event → state (ESC-03). Whatever is not here is refused.</summary>
public static class EscrowTransitions
{
    /// <summary>The next state, or null and why not.</summary>
    public static EscrowState? Next(EscrowState from, EscrowEvent happened, out EscrowRefusal? refusal)
    {
        EscrowState? next = (from, happened) switch
        {
            (EscrowState.Pending, EscrowEvent.Hold) => EscrowState.Held,
            (EscrowState.Pending, EscrowEvent.Fail) => EscrowState.Failed,
            (EscrowState.Held, EscrowEvent.Allocate) => EscrowState.Allocated,
            (EscrowState.Held, EscrowEvent.Release) => EscrowState.Released,
            (EscrowState.Allocated, EscrowEvent.Settle) => EscrowState.Settled,
            (EscrowState.Allocated, EscrowEvent.Release) => EscrowState.Released,
            _ => null,
        };
        refusal = next is null ? new(from, Target(happened), happened) : null;
        return next;
    }

    public static bool IsTerminal(EscrowState state) =>
        state is EscrowState.Settled or EscrowState.Released or EscrowState.Failed;

    /// <summary>Where an event leads.</summary>
    public static EscrowState Target(EscrowEvent happened) => happened switch
    {
        EscrowEvent.Hold => EscrowState.Held,
        EscrowEvent.Fail => EscrowState.Failed,
        EscrowEvent.Allocate => EscrowState.Allocated,
        EscrowEvent.Settle => EscrowState.Settled,
        EscrowEvent.Release => EscrowState.Released,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };
}
