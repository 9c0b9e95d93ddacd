using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Brings brokers' files into accounts: looked at first, then whole or not at all, and taken back whole.</summary>
public sealed class Imports(
    AccountWork work, ImportFiles files, ImportStore imports, PortfolioStore store, Bookkeeping books,
    UnfinishedWorks unfinished, TimeProvider time)
{
    private const int MaxTries = 3;
    private const int MaxErrorsTold = 1_000;

    /// <summary>A writer that has not finished by then has died.</summary>
    private static readonly TimeSpan LongestWriting = TimeSpan.FromHours(1);

    /// <exception cref="ProblemException">unknown_portfolio, invalid_import.</exception>
    public async Task<ImportPreview> PreviewAsync(
        CurrentUser user, string account, ImportRequest request, CancellationToken cancellationToken)
    {
        AccountDocument now = (await work.OpenAsync(user, account, cancellationToken)).Document;
        return (await files.ReadAsync(now, request, cancellationToken)).Preview;
    }

    /// <summary>Records every row that is not there yet; with one that is wrong, none.</summary>
    /// <exception cref="ProblemException">unknown_portfolio, invalid_import, import_refused.</exception>
    public async Task<ImportView> RunAsync(
        CurrentUser user, string account, ImportRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await work.OpenAsync(user, account, cancellationToken);
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            Versioned<AccountDocument> now = await unfinished.FinishAsync(account, cancellationToken);
            ReadFile file = await files.ReadAsync(now.Document, request, cancellationToken);
            Refuse(file.Preview, request);
            if (await WriteAsync(now, file, request.Name, cancellationToken) is { } import)
            {
                return import.View();
            }
        }

        throw Problems.Unavailable.With("The account is being changed by others. Try again shortly.");
    }

    /// <summary>Takes an import back: every transaction that it brought is reversed. May be repeated.</summary>
    /// <exception cref="ProblemException">
    /// unknown_portfolio, unknown_import, not_reversible, transaction_refused (something later leans on it).
    /// </exception>
    public async Task<ImportView> UndoAsync(
        CurrentUser user, string account, string id, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        ImportDocument? undone = null;
        await work.ChangeAsync(account, async now =>
        {
            ImportDocument import = await imports.FindAsync(account, id, cancellationToken)
                ?? throw Problems.UnknownImport.With("The account has no such import.");
            undone = import with { State = ImportState.Undone };
            return import.State switch
            {
                ImportState.Undone => null,
                ImportState.Completed => await UndoAsync(now, undone, cancellationToken),
                _ => throw Problems.NotReversible.With("The import never counted."),
            };
        }, cancellationToken);
        await unfinished.FinishAsync(account, cancellationToken);
        return undone!.View();
    }

    /// <exception cref="ProblemException">unknown_portfolio.</exception>
    public async Task<IReadOnlyList<ImportView>> ListAsync(
        CurrentUser user, string account, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        return [.. (await imports.ListAsync(account, cancellationToken)).Select(import => import.View())];
    }

    /// <summary>Gives up what writers that died have left behind.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - LongestWriting;
        foreach (ImportDocument left in await imports.LeftBehindAsync(before, cancellationToken))
        {
            await imports.AbandonAsync(left, cancellationToken);
        }
    }

    // Null when the account has changed meanwhile; then nothing is left of it.
    private async Task<ImportDocument?> WriteAsync(
        Versioned<AccountDocument> now, ReadFile file, string? name, CancellationToken cancellationToken)
    {
        DateTimeOffset at = time.GetUtcNow();
        ImportDocument import = new(
            Ids.New(ImportDocument.Prefix, at), now.Document.Account, ImportState.Staging, name, file.Preview.Preset,
            file.Rows.Count, file.Preview.Duplicates, at.ToUnixTimeMilliseconds());
        PortfolioTransaction[] rows = [.. file.Rows.Select(row => row with { Import = import.Id })];
        await imports.StageAsync(import, rows, cancellationToken);
        Booked booked = await books.BookAsync(now.Document, rows, [], cancellationToken);
        AccountDocument after = now.Document with
        {
            Sequence = now.Document.Sequence + rows.Length,
            Cash = booked.Cash,
            Unfinished = [.. now.Document.Unfinished, new(UnfinishedKind.CompleteImport, import.Id, 0, at)],
        };
        ImportDocument done = import with { State = ImportState.Completed };
        if (!await store.CommitAsync(
            new(now, after) { Holdings = booked.Holdings, Import = (done, ImportState.Staging) }, cancellationToken))
        {
            await imports.AbandonAsync(import, cancellationToken);
            return null;
        }

        await unfinished.FinishAsync(import.Account, cancellationToken);
        return done;
    }

    private async Task<AccountChange> UndoAsync(
        Versioned<AccountDocument> now, ImportDocument undone, CancellationToken cancellationToken)
    {
        IReadOnlyList<PortfolioTransaction> rows =
            await imports.RowsAsync(undone.Account, undone.Id, cancellationToken);
        Amended[] amended =
            [.. rows.Where(row => row is { Reverses: null, ReversedBy: null })
                .Select(row => new Amended(row, row with { ReversedBy = undone.Id }))];
        Booked booked = await books.BookAsync(now.Document, [], amended, cancellationToken);
        if (booked.Refusal is { } refusal)
        {
            throw Booked.Refuse(refusal);
        }

        UnfinishedWork reversals = new(UnfinishedKind.UndoImport, undone.Id, now.Document.Sequence, time.GetUtcNow());
        return new(now, now.Document with
        {
            Sequence = now.Document.Sequence + rows.Count,
            Cash = booked.Cash,
            Unfinished = [.. now.Document.Unfinished, reversals],
        })
        {
            Holdings = booked.Holdings,
            Import = (undone, ImportState.Completed),
        };
    }

    private static void Refuse(ImportPreview preview, ImportRequest request)
    {
        ImportRowError[] wrong =
        [
            .. preview.Rows
                .Where(row => row.State == ImportRowState.Error
                    || (row.State == ImportRowState.Duplicate && request.Duplicates == DuplicateHandling.Refuse))
                .Select(row => new ImportRowError(
                    row.Row, row.Code ?? "duplicate", row.Detail ?? "The account has it already.")),
        ];
        if (wrong.Length > 0)
        {
            throw Problems.ImportRefused.With(
                $"{wrong.Length} of {preview.Rows.Count} rows are not valid; nothing was recorded.",
                new Dictionary<string, object?> { ["rows"] = wrong.Take(MaxErrorsTold).ToArray() });
        }
    }
}
