using FinVault.Escrow;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>A file as it was read against an account.</summary>
/// <param name="Preview">What becomes of its rows.</param>
/// <param name="Rows">The transactions of those that are ready.</param>
internal sealed record ReadFile(ImportPreview Preview, IReadOnlyList<PortfolioTransaction> Rows);

/// <summary>Reads brokers' files against an account: what is wrong, what is there already, what would be new.</summary>
public sealed class ImportFiles(Transactions transactions, ImportStore imports, Bookkeeping books, TimeProvider time)
{
    public const int MaxRows = 5_000;

    // One sale of what was never bought may make others impossible: so many are told apart.
    private const int MaxRefusals = 25;
    private const int MaxName = 100;
    private const int MaxDateFormat = 40;

    /// <exception cref="ProblemException">invalid_import.</exception>
    internal async Task<ReadFile> ReadAsync(
        AccountDocument account, ImportRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        (string preset, List<ImportRow> rows) = Parse(request, account.Data.Currency);
        List<Draft> drafts = [];
        // A file that begins with the newest is told backwards, so that a day's trades are in order.
        long count = rows.Count;
        bool isBackwards = rows.Count > 1 && rows[0].Transaction?.TradedAt > rows[^1].Transaction?.TradedAt;
        for (int i = 0; i < rows.Count; i++)
        {
            long sequence = account.Sequence + (isBackwards ? count - i : i + 1);
            drafts.Add(await DraftAsync(account.Data, rows[i], sequence, cancellationToken));
        }

        await FindDuplicatesAsync(account.Account, drafts, request.Duplicates, cancellationToken);
        await FindRefusalsAsync(account, drafts, cancellationToken);
        ImportRowView[] views = [.. drafts.Select(draft => draft.View())];
        ImportPreview preview = new(
            preset, views.Count(v => v.State == ImportRowState.Ready), views.Count(v => v.State == ImportRowState.Duplicate),
            views.Count(v => v.State == ImportRowState.Error), views);
        return new(preview, [.. drafts.Where(draft => draft.IsReady).Select(draft => draft.Made!)]);
    }

    private (string Preset, List<ImportRow> Rows) Parse(ImportRequest request, string currency)
    {
        try
        {
            string text = request.Content.TrimStart('\uFEFF', ' ', '\r', '\n');
            if (request.Preset == ImportPreset.Activities || (request.Preset is null && text.StartsWith('{')))
            {
                RowReader json = new(ImportPreset.Activities, time.GetUtcNow());
                return (ImportPreset.Activities, [
                    .. JsonActivities.Read(text, MaxRows).Select(row => row.Wrong ?? json.Read(row.Text!))]);
            }

            List<CsvRow> table = CsvTable.Read(text, MaxRows);
            if (table.Count < 2)
            {
                throw new FormatException("It is neither JSON nor a table with a header and rows.");
            }

            ImportPreset preset = ImportPreset.Find(request.Preset, table[0].Cells)
                ?? throw new FormatException("There is no such preset.");
            RowReader reader = new(preset.Name, time.GetUtcNow());
            return (preset.Name, [
                .. CsvActivities.Read(table, preset, request.Mapping, request.Currency ?? preset.Currency ?? currency)
                    .Select(reader.Read)]);
        }
        catch (FormatException wrong)
        {
            throw Problems.InvalidImport.With(wrong.Message);
        }
    }

    private async Task<Draft> DraftAsync(
        PortfolioAccount account, ImportRow row, long sequence, CancellationToken cancellationToken)
    {
        if (row.Fault is not null)
        {
            return new(row) { Fault = row.Fault };
        }

        try
        {
            PortfolioTransaction made =
                await transactions.MakeAsync(account, row.Transaction!, sequence, cancellationToken);
            return new(row) { Made = made with { ImportRow = row.Number } };
        }
        catch (ProblemException refused)
        {
            return new(row) { Fault = new(refused.Problem.Code, refused.Detail) };
        }
    }

    // What is there twice in a file is two trades, unless the account has as many already.
    private async Task FindDuplicatesAsync(
        string account, List<Draft> drafts, DuplicateHandling handling, CancellationToken cancellationToken)
    {
        Draft[] sound = [.. drafts.Where(draft => draft.Made is not null)];
        if (sound.Length == 0 || handling == DuplicateHandling.Keep)
        {
            return;
        }

        Dictionary<string, int> known = await imports.PrintsAsync(
            account, sound.Min(d => d.Made!.TradedAt).AddDays(-1), sound.Max(d => d.Made!.TradedAt).AddDays(1),
            cancellationToken);
        foreach (Draft draft in sound)
        {
            string print = TransactionDocument.PrintOf(draft.Made!);
            if (known.GetValueOrDefault(print) > 0)
            {
                known[print]--;
                draft.IsDuplicate = true;
            }
        }
    }

    private async Task FindRefusalsAsync(
        AccountDocument account, List<Draft> drafts, CancellationToken cancellationToken)
    {
        for (int found = 0; found < MaxRefusals; found++)
        {
            PortfolioTransaction[] ready = [.. drafts.Where(draft => draft.IsReady).Select(draft => draft.Made!)];
            Booked booked = await books.BookAsync(account, ready, [], cancellationToken);
            if (booked.Refusal is not { } refusal)
            {
                return;
            }

            // A row before what is recorded may make that impossible: then the last row of the symbol is told.
            Draft told = drafts.Find(draft => draft.Made?.Id == refusal.Transaction) ?? drafts.Last(draft => draft.IsReady);
            told.Fault = new(Booked.CodeOf(refusal), refusal.Detail);
        }
    }

    private static void Check(ImportRequest request)
    {
        bool isNamed = request.Name is null || (request.Name.Length <= MaxName && !request.Name.Any(char.IsControl));
        bool isKnown = request.Currency is null || Currencies.Exists(request.Currency);
        if (!isNamed || !isKnown || request.Mapping?.DateFormat is { Length: > MaxDateFormat or 0 })
        {
            throw Problems.InvalidImport.With(
                $"name has {MaxName} characters at most, currency is a code of ISO 4217, dateFormat is short.");
        }
    }

    private sealed class Draft(ImportRow row)
    {
        public PortfolioTransaction? Made { get; init; }

        public TransactionFault? Fault { get; set; }

        public bool IsDuplicate { get; set; }

        public bool IsReady => Made is not null && Fault is null && !IsDuplicate;

        public ImportRowView View() => new(
            row.Number,
            Fault is not null ? ImportRowState.Error : IsDuplicate ? ImportRowState.Duplicate : ImportRowState.Ready,
            Fault?.Code, Fault?.Detail, row.Transaction);
    }
}
