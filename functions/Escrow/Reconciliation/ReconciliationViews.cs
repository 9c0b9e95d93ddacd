using System.Globalization;
using FinVault.Audit;

namespace FinVault.Escrow;

/// <summary>Whether a run has been worked through.</summary>
public enum ReconciliationState
{
    /// <summary>Its caller died in the middle; the same call completes it.</summary>
    Open,
    Done,
}

/// <summary>Whether somebody has looked into an unmatched item.</summary>
public enum UnmatchedState
{
    Open,
    Resolved,
}

/// <summary>A statement held against the books.</summary>
/// <param name="Id">The caller's own.</param>
/// <param name="Account">The provider's account.</param>
/// <param name="From">The statement's first day, UTC.</param>
/// <param name="To">Its last day.</param>
/// <param name="State">Whether it is complete.</param>
/// <param name="Lines">Lines of the statement.</param>
/// <param name="Matched">Lines that the books agree with.</param>
/// <param name="InStatementOnly">Lines without an entry.</param>
/// <param name="InBooksOnly">Entries of the period without a line.</param>
/// <param name="AmountDiffers">Lines and entries that agree but for the amount.</param>
/// <param name="Resolved">Unmatched items that somebody has looked into.</param>
/// <param name="LastSequence">The account's entries up to here were looked at.</param>
/// <param name="CreatedBy">User id.</param>
/// <param name="CreatedAt">When.</param>
public sealed record Reconciliation(
    string Id, string Account, DateOnly From, DateOnly To, ReconciliationState State, int Lines, int Matched,
    int InStatementOnly, int InBooksOnly, int AmountDiffers, int Resolved, long LastSequence, string CreatedBy,
    DateTimeOffset CreatedAt)
{
    internal static Reconciliation Of(ReconciliationRun run) => new(
        run.Reconciliation, run.ProviderAccount, run.Period.From, run.Period.To, run.State, run.Lines, run.Matched,
        run.InStatementOnly, run.InBooksOnly, run.AmountDiffers, run.Resolved, run.LastSequence, run.CreatedBy,
        run.CreatedAt);
}

/// <summary>Something that does not match, and what came of it.</summary>
/// <param name="Id">Within its run.</param>
/// <param name="Kind">How it does not match.</param>
/// <param name="Line">The statement's line, if it has one.</param>
/// <param name="Booked">The books' movement, if they have one.</param>
/// <param name="State">Whether somebody has looked into it.</param>
/// <param name="ResolvedBy">Who: a user id.</param>
/// <param name="ResolvedAt">When.</param>
/// <param name="Note">Why it is settled.</param>
public sealed record UnmatchedItem(
    string Id, UnmatchedKind Kind, StatementLine? Line, BookedMovement? Booked, UnmatchedState State,
    string? ResolvedBy = null, DateTimeOffset? ResolvedAt = null, string? Note = null);

/// <summary>A run as it is stored, in a partition of its own of the container <c>ledger</c>.</summary>
[NotAudited("It is a count of lines, each of which keeps its own story.")]
internal sealed record ReconciliationRun(
    string Id, string Account, string Reconciliation, string ProviderAccount, StatementPeriod Period,
    string Fingerprint, long LastSequence, string CreatedBy, DateTimeOffset CreatedAt,
    ReconciliationState State = ReconciliationState.Open, int Lines = 0, int Matched = 0, int InStatementOnly = 0,
    int InBooksOnly = 0, int AmountDiffers = 0, int Resolved = 0)
{
    public const string DocumentId = "run";

    public string Type { get; init; } = "reconciliation";

    // No account's id has a colon.
    public static string PartitionOf(string id) => $"reconciliation:{id}";
}

/// <summary>An item as it is stored, beside its run.</summary>
[NotAudited("It keeps who resolved it and why, and its postings are the journal's.")]
internal sealed record UnmatchedDocument(
    string Id, string Account, int Sequence, UnmatchedKind Kind, StatementLine? Line, BookedMovement? Booked,
    UnmatchedState State = UnmatchedState.Open, string? ResolvedBy = null, DateTimeOffset? ResolvedAt = null,
    string? Note = null)
{
    public string Type { get; init; } = "unmatched";

    public static UnmatchedDocument Of(string reconciliation, int number, Mismatch mismatch) => new(
        string.Create(CultureInfo.InvariantCulture, $"item-{number:D5}"),
        ReconciliationRun.PartitionOf(reconciliation), number, mismatch.Kind, mismatch.Line, mismatch.Booked);

    public UnmatchedItem ToItem() => new(Id, Kind, Line, Booked, State, ResolvedBy, ResolvedAt, Note);
}
