using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>A statement to be reconciled.</summary>
/// <param name="Id">The caller's own.</param>
/// <param name="Account">The provider's account.</param>
/// <param name="Period">The statement's days.</param>
/// <param name="Body">Its lines of JSON.</param>
/// <param name="By">User id.</param>
public sealed record StatementRequest(string Id, string Account, StatementPeriod Period, byte[] Body, string By)
{
    /// <summary>The same for the same content, and for no other.</summary>
    internal string Fingerprint()
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Account}\n{Period.From:O}\n{Period.To:O}\n"));
        return Convert.ToHexStringLower(SHA256.HashData([.. head, .. Body]));
    }
}

/// <summary>
/// Reconciles statements. A run first notes how far the journal went, so that whoever completes it after a crash finds
/// the same items under the same ids.
/// </summary>
public sealed class Reconciliations
{
    // 10,000 lines stand against so many entries at most; more are for statements of fewer days.
    private const int MaxEntries = 100_000;

    private readonly Ledger _ledger;
    private readonly LedgerBooks _books;
    private readonly ReconciliationStore _store;
    private readonly TimeProvider _time;

    public Reconciliations(Ledger ledger, LedgerBooks books, ReconciliationStore store, TimeProvider time) =>
        (_ledger, _books, _store, _time) = (ledger, books, store, time);

    /// <summary>The run of a statement, made now or before.</summary>
    /// <exception cref="ProblemException">
    /// unknown_account, invalid_statement, different_content, reconciliation_too_large.
    /// </exception>
    public async Task<Reconciliation> RunAsync(StatementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        LedgerAccount account = await _ledger.FindAccountAsync(request.Account, cancellationToken)
            ?? throw Problems.UnknownAccount.With($"There is no account {request.Account}.");
        if (account.Kind != AccountKind.Provider)
        {
            throw Problems.InvalidRequest.With($"{request.Account} is no provider's account.");
        }

        List<StatementLine> lines = StatementLine.ReadAll(request.Body, account.Currency, request.Period);
        string fingerprint = request.Fingerprint();
        ReconciliationRun run = await _store.ClaimAsync(
            new(
                ReconciliationRun.DocumentId, ReconciliationRun.PartitionOf(request.Id), request.Id, request.Account,
                request.Period, fingerprint, account.Sequence, request.By, LedgerClock.Now(_time)),
            cancellationToken);
        if (run.Fingerprint != fingerprint)
        {
            throw Problems.DifferentContent.With($"The reconciliation {request.Id} is of another statement.");
        }

        return Reconciliation.Of(run.State == ReconciliationState.Done
            ? run
            : await CompleteAsync(run, lines, cancellationToken));
    }

    /// <summary>Notes that an item has been looked into; the same note by the same user once more is fine.</summary>
    /// <exception cref="ProblemException">unknown_unmatched_item, already_resolved.</exception>
    public async Task<UnmatchedItem> ResolveAsync(
        string id, string item, string note, string by, CancellationToken cancellationToken)
    {
        UnmatchedDocument? found = TransferRequest.IsId(item)
            ? await _store.ResolveAsync(id, item, note, by, LedgerClock.Now(_time), cancellationToken)
            : null;
        return found switch
        {
            null => throw Problems.UnknownUnmatchedItem.With($"The reconciliation {id} has no item {item}."),
            _ when found.Note == note && found.ResolvedBy == by => found.ToItem(),
            _ => throw Problems.AlreadyResolved.With($"{found.ResolvedBy} resolved {item} at {found.ResolvedAt:O}."),
        };
    }

    private async Task<ReconciliationRun> CompleteAsync(
        ReconciliationRun run, List<StatementLine> lines, CancellationToken cancellationToken)
    {
        List<BookedMovement> booked = await MovementsAsync(run, cancellationToken);
        MatchResult result = StatementMatching.Match(lines, booked, run.Period);
        UnmatchedDocument[] items =
            [.. result.Mismatches.Select((one, index) => UnmatchedDocument.Of(run.Reconciliation, index + 1, one))];
        await _store.AddItemsAsync(run.Account, items, cancellationToken);
        int Count(UnmatchedKind kind) => result.Mismatches.Count(one => one.Kind == kind);
        return await _store.FinishAsync(
            run with
            {
                State = ReconciliationState.Done,
                Lines = lines.Count,
                Matched = result.Matched,
                InStatementOnly = Count(UnmatchedKind.InStatementOnly),
                InBooksOnly = Count(UnmatchedKind.InBooksOnly),
                AmountDiffers = Count(UnmatchedKind.AmountDiffers),
            },
            cancellationToken);
    }

    private async Task<List<BookedMovement>> MovementsAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        List<BookedMovement> booked = [];
        IAsyncEnumerable<LedgerEntry> entries = _books.EntriesAsync(
            run.ProviderAccount, run.Period.SearchFrom, run.Period.SearchBefore, run.LastSequence, cancellationToken);
        await foreach (LedgerEntry entry in entries)
        {
            if (BookedMovement.Of(entry) is { } movement)
            {
                booked.Add(movement);
            }

            if (booked.Count > MaxEntries)
            {
                throw Problems.ReconciliationTooLarge.With($"The period has more than {MaxEntries} entries.");
            }
        }

        return booked;
    }
}
