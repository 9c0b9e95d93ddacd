namespace FinVault.Escrow;

/// <summary>Where a withdrawal stands.</summary>
public enum WithdrawalState
{
    /// <summary>Written down; nothing is held yet.</summary>
    Requested,

    /// <summary>Held; a second person decides.</summary>
    AwaitingApproval,

    /// <summary>Held and to be paid: the provider is called, or has been and its answer is not known.</summary>
    Approved,

    /// <summary>The provider has taken it; its event will say how it ends.</summary>
    Sent,

    /// <summary>Turned down; what is held is being given back.</summary>
    Rejecting,

    /// <summary>Paid. Terminal.</summary>
    Completed,

    /// <summary>The provider could not pay, and the money is back. Terminal.</summary>
    Failed,

    /// <summary>Turned down, and the money is back. Terminal.</summary>
    Rejected,

    /// <summary>There was not enough money; nothing was held. Terminal.</summary>
    Refused,
}

/// <summary>What can happen to a withdrawal.</summary>
public enum WithdrawalEvent
{
    /// <summary>The money is held, and nobody else need look at it.</summary>
    Hold,

    /// <summary>The money is held, and it is above the limit.</summary>
    HoldForApproval,

    /// <summary>The ledger has not enough to hold.</summary>
    Refuse,
    Approve,
    Reject,

    /// <summary>Nobody decided in time.</summary>
    Lapse,

    /// <summary>What was held is given back.</summary>
    Return,

    /// <summary>The provider has taken it.</summary>
    Send,
    Succeed,
    Fail,
}

/// <summary>Every transition that there is: state × event → state. Whatever is not here is refused.</summary>
public static class WithdrawalTransitions
{
    /// <summary>The next state; null where there is none.</summary>
    public static WithdrawalState? Next(WithdrawalState from, WithdrawalEvent happened) => (from, happened) switch
    {
        (WithdrawalState.Requested, WithdrawalEvent.Hold) => WithdrawalState.Approved,
        (WithdrawalState.Requested, WithdrawalEvent.HoldForApproval) => WithdrawalState.AwaitingApproval,
        (WithdrawalState.Requested, WithdrawalEvent.Refuse) => WithdrawalState.Refused,
        (WithdrawalState.AwaitingApproval, WithdrawalEvent.Approve) => WithdrawalState.Approved,
        (WithdrawalState.AwaitingApproval, WithdrawalEvent.Reject or WithdrawalEvent.Lapse) =>
            WithdrawalState.Rejecting,
        (WithdrawalState.Rejecting, WithdrawalEvent.Return) => WithdrawalState.Rejected,
        (WithdrawalState.Approved, WithdrawalEvent.Send) => WithdrawalState.Sent,
        // The event may come before the answer to the call.
        (WithdrawalState.Approved or WithdrawalState.Sent, WithdrawalEvent.Succeed) => WithdrawalState.Completed,
        (WithdrawalState.Approved or WithdrawalState.Sent, WithdrawalEvent.Fail) => WithdrawalState.Failed,
        _ => null,
    };

    /// <summary>Where an event leads to, for those who are told that it does not.</summary>
    public static WithdrawalState Target(WithdrawalEvent happened) => happened switch
    {
        WithdrawalEvent.Hold or WithdrawalEvent.Approve => WithdrawalState.Approved,
        WithdrawalEvent.HoldForApproval => WithdrawalState.AwaitingApproval,
        WithdrawalEvent.Refuse => WithdrawalState.Refused,
        WithdrawalEvent.Reject or WithdrawalEvent.Lapse => WithdrawalState.Rejecting,
        WithdrawalEvent.Return => WithdrawalState.Rejected,
        WithdrawalEvent.Send => WithdrawalState.Sent,
        WithdrawalEvent.Succeed => WithdrawalState.Completed,
        WithdrawalEvent.Fail => WithdrawalState.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };

    public static bool IsTerminal(WithdrawalState state) => state is WithdrawalState.Completed
        or WithdrawalState.Failed or WithdrawalState.Rejected or WithdrawalState.Refused;
}
