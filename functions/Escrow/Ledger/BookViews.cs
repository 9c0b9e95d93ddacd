namespace FinVault.Escrow;

/// <summary>The books at a glance.</summary>
/// <param name="At">When they were read.</param>
/// <param name="Balanced">True if every row's total is zero.</param>
/// <param name="Currencies">A row a currency, by code.</param>
public sealed record TrialBalance(
    DateTimeOffset At, bool Balanced, IReadOnlyList<CurrencyBalance> Currencies);

/// <summary>The sums of all accounts of a currency, in minor units.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Available">What can be spent; the provider's side is negative.</param>
/// <param name="Held">Reserved by pending transfers.</param>
/// <param name="Clearing">In flight: debited and not yet credited.</param>
public sealed record CurrencyBalance(string Currency, long Available, long Held, long Clearing)
{
    /// <summary>How many accounts are summed.</summary>
    public int Accounts { get; init; }

    /// <summary>Zero.</summary>
    public long Total => checked(Available + Held + Clearing);

    public static CurrencyBalance operator +(CurrencyBalance sum, CurrencyBalance one)
    {
        ArgumentNullException.ThrowIfNull(sum);
        ArgumentNullException.ThrowIfNull(one);
        return checked(new(
            sum.Currency, sum.Available + one.Available, sum.Held + one.Held, sum.Clearing + one.Clearing)
        {
            Accounts = sum.Accounts + 1,
        });
    }

    internal CurrencyBalance Counted() => this with { Accounts = 1 };
}

/// <summary>An account's balance at an instant, in minor units.</summary>
/// <param name="Account">The account.</param>
/// <param name="Kind">Whose money it holds.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Exponent">Decimal digits of the minor unit.</param>
/// <param name="Available">What can be spent.</param>
/// <param name="Held">Reserved by pending transfers.</param>
/// <param name="Clearing">The counter-balance of the two, this account's share of the clearing account.</param>
/// <param name="Sequence">Entries up to then.</param>
/// <param name="At">When the last of them was made; without any, when the account was opened.</param>
public sealed record BalanceView(
    string Account, AccountKind Kind, string Currency, int Exponent,
    long Available, long Held, long Clearing, long Sequence, DateTimeOffset At)
{
    internal static BalanceView Of(LedgerAccount account) => new(
        account.Account, account.Kind, account.Currency, Currencies.Exponents[account.Currency],
        account.Available, account.Held, account.Clearing, account.Sequence, account.At);

    internal static BalanceView Of(LedgerAccount account, LedgerEntry? last) => Of(account) with
    {
        Available = last?.Available ?? 0,
        Held = last?.Held ?? 0,
        Clearing = last?.Clearing ?? 0,
        Sequence = last?.Sequence ?? 0,
        At = last?.At ?? account.CreatedAt,
    };
}

/// <summary>What following a journal found.</summary>
/// <param name="Account">Whose journal.</param>
/// <param name="Intact">True if every entry is as it was written and none is missing.</param>
/// <param name="Entries">Entries that were found good, from the first on.</param>
/// <param name="BrokenAt">Sequence of the first one that is not; null when intact.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record JournalCheck(string Account, bool Intact, long Entries, long? BrokenAt, string? Reason);
