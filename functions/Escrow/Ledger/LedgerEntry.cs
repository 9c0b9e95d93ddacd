using System.Security.Cryptography;
using System.Text.Json;
using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>Which step of a transfer an entry is; with the transfer's id it names the entry.</summary>
public enum Leg
{
    /// <summary>available → held.</summary>
    Hold,

    /// <summary>held → clearing, and what is not posted back to available.</summary>
    Post,

    /// <summary>held → available.</summary>
    Void,

    /// <summary>held → available, because nobody decided in time.</summary>
    Expire,

    /// <summary>available → clearing.</summary>
    Debit,

    /// <summary>clearing → available, in the account that receives.</summary>
    Credit,
}

/// <summary>What one step changes in one account. The three changes sum to zero.</summary>
internal sealed record JournalStep(
    string Account, string Transfer, Leg Leg, string Counterparty, string Reference,
    long Available, long Held, long Clearing)
{
    public string EntryId => LedgerEntry.IdOf(Transfer, Leg);

    public static JournalStep Of(Transfer transfer, Leg leg, long posted)
    {
        long amount = transfer.Amount;
        (long available, long held, long clearing) = leg switch
        {
            Leg.Hold => (-amount, amount, 0L),
            Leg.Debit => (-amount, 0L, amount),
            Leg.Post => (amount - posted, -amount, posted),
            Leg.Void or Leg.Expire => (amount, -amount, 0L),
            Leg.Credit => (posted, 0L, -posted),
            _ => throw new ArgumentOutOfRangeException(nameof(leg), leg, null),
        };
        (string account, string other) = leg == Leg.Credit
            ? (transfer.CreditAccount, transfer.Account)
            : (transfer.Account, transfer.CreditAccount);
        return new(account, transfer.Id, leg, other, transfer.Reference, available, held, clearing);
    }
}

/// <summary>
/// One line of an account's journal, never changed once written. Amounts are minor units.
/// </summary>
/// <param name="Id"><c>TRANSFER:leg</c>, so that a step that is repeated meets itself.</param>
/// <param name="Account">Whose journal.</param>
/// <param name="Sequence">1, 2, 3, … without a gap.</param>
/// <param name="Transfer">The transfer that it is a step of.</param>
/// <param name="Leg">Which step.</param>
/// <param name="Counterparty">The transfer's other account.</param>
/// <param name="Reference">The transfer's reference.</param>
/// <param name="AvailableChange">With the two next: what it changed, sum zero.</param>
/// <param name="Available">With the two next: the balance after it.</param>
/// <param name="At">To the millisecond; never before the entry ahead of it.</param>
/// <param name="PreviousHash">Hash of the entry ahead, or of the account's opening.</param>
/// <param name="Hash">SHA-256, lower-case hex, over this entry as JSON with an empty hash.</param>
[NotAudited("The journal is chained by itself.")]
public sealed record LedgerEntry(
    string Id, string Account, long Sequence, string Transfer, Leg Leg, string Counterparty, string Reference,
    long AvailableChange, long HeldChange, long ClearingChange, long Available, long Held, long Clearing,
    DateTimeOffset At, string PreviousHash, string Hash)
{
    public string Type { get; init; } = "entry";

    /// <summary>For queries: instants as text sort wrongly where fractions are trimmed.</summary>
    public long AtMilliseconds => At.ToUnixTimeMilliseconds();

    internal static string IdOf(string transfer, Leg leg) => $"{transfer}:{leg.ToString().ToLowerInvariant()}";

    internal static LedgerEntry After(LedgerAccount head, JournalStep step, DateTimeOffset now)
    {
        // A clock of another instance may be ahead; the journal's time does not run backwards.
        DateTimeOffset at = now > head.At ? now : head.At;
        LedgerEntry entry = new(
            step.EntryId, step.Account, head.Sequence + 1, step.Transfer, step.Leg, step.Counterparty, step.Reference,
            step.Available, step.Held, step.Clearing,
            head.Available + step.Available, head.Held + step.Held, head.Clearing + step.Clearing,
            at, head.Hash, "");
        return entry with { Hash = entry.ComputeHash() };
    }

    internal string ComputeHash() => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Hash = "" }, Json.Options)));
}
