namespace FinVault.Escrow;

/// <summary>
/// Follows a journal entry by entry: numbers without gap, each chained to the one ahead, each hash that of its content,
/// each balance the sum so far, and the account's balance the last of them.
/// </summary>
internal sealed class JournalWalk(LedgerAccount account)
{
    private string _hash = LedgerAccount.Genesis(account.Account, account.Kind, account.Currency, account.CreatedAt);
    private long _sequence;
    private long _available;
    private long _held;
    private long _clearing;

    /// <summary>Null while all is well.</summary>
    public JournalCheck? Next(LedgerEntry entry)
    {
        _available += entry.AvailableChange;
        _held += entry.HeldChange;
        _clearing += entry.ClearingChange;
        string? reason = entry switch
        {
            _ when entry.Sequence != _sequence + 1 => "An entry is missing or there twice.",
            _ when entry.PreviousHash != _hash => "It does not follow the entry ahead.",
            _ when entry.Hash != entry.ComputeHash() => "It is not what was written.",
            _ when entry.AvailableChange + entry.HeldChange + entry.ClearingChange != 0 =>
                "Its changes do not balance.",
            _ when (entry.Available, entry.Held, entry.Clearing) != (_available, _held, _clearing) =>
                "Its balance is not the sum of the entries.",
            _ => null,
        };
        if (reason is not null)
        {
            return Broken(reason);
        }

        (_sequence, _hash) = (entry.Sequence, entry.Hash);
        return null;
    }

    /// <summary>After the last entry: is it what the account's balance says?</summary>
    public JournalCheck End()
    {
        string? reason = account switch
        {
            _ when account.Sequence != _sequence => "Entries are missing at the end.",
            _ when account.Hash != _hash => "The account's hash is not that of its last entry.",
            _ when (account.Available, account.Held, account.Clearing) != (_available, _held, _clearing) =>
                "The account's balance is not the sum of its entries.",
            _ => null,
        };
        return reason is null ? new(account.Account, true, _sequence, null, null) : Broken(reason);
    }

    private JournalCheck Broken(string reason) => new(account.Account, false, _sequence, _sequence + 1, reason);
}
