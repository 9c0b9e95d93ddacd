namespace FinVault.Escrow;

/// <summary>
/// Everything that the ledger can say to a command. The first five mean that it is done; after any other nothing has
/// changed. A store that does not answer is no result but an exception: call again with the same id.
/// </summary>
public enum TransferCode
{
    /// <summary>The hold stands.</summary>
    Created,

    /// <summary>The money has moved.</summary>
    Posted,

    /// <summary>The hold was given back.</summary>
    Voided,

    /// <summary>The hold was given back, because it was over.</summary>
    Expired,

    /// <summary>The same command was taken before, and is done.</summary>
    AlreadyDone,

    /// <summary>The id belongs to a transfer of other content.</summary>
    DifferentContent,

    /// <summary>An id or reference has not the form that it must have.</summary>
    InvalidId,

    /// <summary>Not from 1 to <see cref="TransferRequest.MaxAmount"/>.</summary>
    InvalidAmount,

    /// <summary>A hold lasts more than nothing and at most <see cref="Ledger.MaxHold"/>.</summary>
    InvalidLifetime,

    /// <summary>No currency of ISO 4217.</summary>
    UnknownCurrency,

    /// <summary>Both accounts are the same.</summary>
    SameAccount,

    /// <summary>One of the accounts was never opened.</summary>
    UnknownAccount,

    /// <summary>The transfer's currency is not that of both accounts.</summary>
    CurrencyMismatch,

    /// <summary>Less is available than the transfer takes.</summary>
    InsufficientFunds,

    /// <summary>
    /// The account that may be overdrawn would be by more than <see cref="LedgerAccount.MaxOverdraft"/>.
    /// </summary>
    OverdraftLimit,

    /// <summary>There is no transfer with this id.</summary>
    UnknownTransfer,

    /// <summary>More was to be posted than is held.</summary>
    ExceedsHold,

    /// <summary>It is posted already, or with another amount.</summary>
    AlreadyPosted,

    /// <summary>It was given back.</summary>
    AlreadyVoided,

    /// <summary>It was over before that.</summary>
    AlreadyExpired,

    /// <summary>The hold is not over yet.</summary>
    NotDue,

    /// <summary>Only what is posted can be reversed.</summary>
    NotPosted,

    /// <summary>A reversal is not reversed; make the transfer anew.</summary>
    NotReversible,
}

/// <summary>What became of a command.</summary>
/// <param name="Code">The outcome.</param>
/// <param name="Transfer">The transfer as it stands, if there is one.</param>
/// <param name="Refusal">The transition that does not exist, if that was the reason.</param>
public sealed record TransferResult(TransferCode Code, Transfer? Transfer = null, TransitionRefusal? Refusal = null)
{
    /// <summary>True if what was asked for is so now.</summary>
    public bool IsDone => Code <= TransferCode.AlreadyDone;
}

/// <summary>What became of the opening of an account.</summary>
public enum AccountCode
{
    Created,
    AlreadyDone,

    /// <summary>The account has another kind or currency.</summary>
    DifferentContent,
    InvalidId,
    UnknownCurrency,
}
