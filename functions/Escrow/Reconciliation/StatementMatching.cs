namespace FinVault.Escrow;

/// <summary>What the books say of one movement between a provider's account and another.</summary>
/// <param name="Transfer">Its transfer.</param>
/// <param name="Reference">The transfer's reference.</param>
/// <param name="Amount">Minor units: above zero came in through the provider, below zero went out.</param>
/// <param name="At">When it was booked.</param>
public sealed record BookedMovement(string Transfer, string Reference, long Amount, DateTimeOffset At)
{
    /// <summary>
    /// Null for an entry that moves nothing out of the account or into it, as holds do. Money that came in left the
    /// provider's account for another, so what it put into clearing is the amount.
    /// </summary>
    internal static BookedMovement? Of(LedgerEntry entry) => entry.ClearingChange == 0
        ? null
        : new(entry.Transfer, entry.Reference, entry.ClearingChange, entry.At);
}

/// <summary>What does not match, and how.</summary>
public enum UnmatchedKind
{
    /// <summary>The provider has it, the books have not.</summary>
    InStatementOnly,

    /// <summary>The books have it, the provider has not.</summary>
    InBooksOnly,

    /// <summary>Both have it, with other amounts.</summary>
    AmountDiffers,
}

/// <summary>A line, an entry, or both.</summary>
internal sealed record Mismatch(UnmatchedKind Kind, StatementLine? Line, BookedMovement? Booked);

/// <summary>What matching found: how many lines matched, and what did not.</summary>
internal sealed record MatchResult(int Matched, IReadOnlyList<Mismatch> Mismatches);

/// <summary>
/// Holds a statement against the books. Pure, and the same for the same statement and entries.
/// <para>
/// First every line takes an entry of its amount: that of the transfer which its reference names, else the oldest of
/// those with the same reference. Then a line that has none takes an entry of another amount by the same rule, and the
/// amounts differ. No entry is taken twice, so a line that the provider repeats is in the statement only.
/// </para>
/// </summary>
internal sealed class StatementMatching
{
    private readonly HashSet<BookedMovement> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, BookedMovement> _byTransfer = [];
    private readonly Dictionary<(string Reference, long Amount), Queue<BookedMovement>> _byAmount = [];
    private readonly Dictionary<string, Queue<BookedMovement>> _byReference = [];

    private StatementMatching(IEnumerable<BookedMovement> booked)
    {
        foreach (BookedMovement one in booked)
        {
            _byTransfer[one.Transfer] = one;
            if (one.Reference.Length > 0)
            {
                Add(_byAmount, (one.Reference, one.Amount), one);
                Add(_byReference, one.Reference, one);
            }
        }
    }

    /// <param name="lines">In the statement's order.</param>
    /// <param name="booked">The account's movements in and around the period, oldest first.</param>
    /// <param name="period">Entries outside of it match late or early lines, and are not missed.</param>
    public static MatchResult Match(
        IReadOnlyList<StatementLine> lines, IReadOnlyList<BookedMovement> booked, StatementPeriod period)
    {
        StatementMatching books = new(booked);
        bool[] matched = [.. lines.Select(books.TakeEqual)];
        List<Mismatch> mismatches = [];
        foreach (StatementLine line in lines.Where((_, index) => !matched[index]))
        {
            BookedMovement? other = books.TakeOther(line);
            UnmatchedKind kind = other is null ? UnmatchedKind.InStatementOnly : UnmatchedKind.AmountDiffers;
            mismatches.Add(new(kind, line, other));
        }

        mismatches.AddRange(booked
            .Where(one => !books._taken.Contains(one) && period.Has(one.At))
            .Select(one => new Mismatch(UnmatchedKind.InBooksOnly, null, one)));
        return new(matched.Count(one => one), mismatches);
    }

    private bool TakeEqual(StatementLine line)
    {
        bool named = _byTransfer.TryGetValue(line.Reference, out BookedMovement? one) && one.Amount == line.Amount;
        return (named && _taken.Add(one!)) || Take(_byAmount, (line.Reference, line.Amount)) is not null;
    }

    private BookedMovement? TakeOther(StatementLine line) =>
        _byTransfer.TryGetValue(line.Reference, out BookedMovement? one) && _taken.Add(one)
            ? one
            : Take(_byReference, line.Reference);

    private BookedMovement? Take<TKey>(Dictionary<TKey, Queue<BookedMovement>> index, TKey key) where TKey : notnull
    {
        while (index.TryGetValue(key, out Queue<BookedMovement>? queue)
            && queue.TryDequeue(out BookedMovement? oldest))
        {
            if (_taken.Add(oldest))
            {
                return oldest;
            }
        }

        return null;
    }

    private static void Add<TKey>(
        Dictionary<TKey, Queue<BookedMovement>> index, TKey key, BookedMovement one) where TKey : notnull
    {
        if (!index.TryGetValue(key, out Queue<BookedMovement>? queue))
        {
            index[key] = queue = new();
        }

        queue.Enqueue(one);
    }
}
