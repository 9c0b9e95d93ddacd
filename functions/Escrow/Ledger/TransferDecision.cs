namespace FinVault.Escrow;

/// <summary>
/// What an event does to a transfer in its state: a new state with an entry, or a code that says why not.
/// </summary>
/// <param name="Code">The result.</param>
/// <param name="Became">The transfer with its next state; null when it stays as it is.</param>
/// <param name="Leg">The entry that the change makes.</param>
/// <param name="Refusal">The transition that there is not, if that is the reason.</param>
internal sealed record TransferDecision(
    TransferCode Code, Transfer? Became = null, Leg Leg = default, TransitionRefusal? Refusal = null)
{
    public static TransferDecision Of(Transfer transfer, TransferEvent wanted, long? amount, bool due)
    {
        if (TransferTransitions.Next(transfer.State, wanted, out TransitionRefusal? refusal) is not { } next)
        {
            bool repeats = Repeats(transfer, wanted, amount);
            return repeats ? new(TransferCode.AlreadyDone) : new(InTheWay(transfer.State)) { Refusal = refusal };
        }

        long posted = wanted == TransferEvent.Post ? amount ?? transfer.Amount : 0;
        TransferCode? wrong = (wanted, posted) switch
        {
            (TransferEvent.Post, _) when posted > transfer.Amount => TransferCode.ExceedsHold,
            (TransferEvent.Expire, _) when !due => TransferCode.NotDue,
            _ => null,
        };
        return wrong is { } code
            ? new(code)
            : new(
                Success(wanted),
                transfer with { State = next, PostedAmount = posted },
                TransferTransitions.LegOf(wanted));
    }

    // The same decision once more, by a caller who did not hear the first answer. A direct transfer had none.
    private static bool Repeats(Transfer transfer, TransferEvent wanted, long? amount)
    {
        TransferState ends = transfer.State == TransferState.Posting ? TransferState.Posted : transfer.State;
        return TransferTransitions.Target(wanted) == ends
            && (wanted != TransferEvent.Post
                || (transfer.ExpiresAt is not null && transfer.PostedAmount == (amount ?? transfer.Amount)));
    }

    private static TransferCode InTheWay(TransferState state) => state switch
    {
        TransferState.Posting or TransferState.Posted => TransferCode.AlreadyPosted,
        TransferState.Voided => TransferCode.AlreadyVoided,
        TransferState.Expired => TransferCode.AlreadyExpired,
        _ => throw new InvalidOperationException($"A transfer that is {state} refuses nothing."),
    };

    private static TransferCode Success(TransferEvent wanted) => wanted switch
    {
        TransferEvent.Post => TransferCode.Posted,
        TransferEvent.Void => TransferCode.Voided,
        TransferEvent.Expire => TransferCode.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(wanted), wanted, null),
    };
}
