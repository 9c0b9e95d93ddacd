using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>A symbol whose closes, or a currency whose rates, have changed; in a partition for all of a kind.</summary>
[NotAudited("It is an order to reckon anew, and gone when that is done.")]
internal sealed record LateCloseDocument(string Account, string Id, DateOnly Day, DateTimeOffset At)
{
    public const string Closes = "late-closes";
    public const string Rates = "late-rates";
    public const string DocumentType = "lateClose";

    public string Type { get; init; } = DocumentType;
}

/// <summary>Symbols whose closes, and currencies whose rates, have changed, and the accounts that must know.</summary>
public sealed class LateCloseStore(PortfolioDocuments documents)
{
    private const int AtOnce = 8;

    /// <summary>Marks of one run; what is left has its turn at the next.</summary>
    private const int MarksARun = 200;

    /// <summary>Notes a symbol or a currency; of two days the earlier one stays.</summary>
    internal async Task MarkAsync(
        string kind, string symbol, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string text = SnapshotDocument.IdOf(day);
        while (!await documents.PatchAsync(
            kind, symbol, null, cancellationToken, PatchOperation.Set("/at", now)))
        {
            if (await documents.CreateAsync(
                kind, new LateCloseDocument(kind, symbol, day, now), cancellationToken))
            {
                return;
            }
        }

        await documents.PatchAsync(
            kind, symbol, $"FROM c WHERE c.day > '{text}'", cancellationToken,
            PatchOperation.Set("/day", text));
    }

    /// <summary>Sends the accounts back that rest on what was noted last before a time.</summary>
    internal async Task RewindDueAsync(string kind, DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (LateMark mark in await DueAsync(kind, before, cancellationToken))
        {
            await RewindAsync(kind, mark, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<LateMark>> DueAsync(
        string kind, DateTimeOffset before, CancellationToken cancellationToken)
    {
        List<LateCloseDocument> rows = await documents.ListAsync<LateCloseDocument>(
            kind, new("SELECT * FROM c WHERE c.type = 'lateClose'"), cancellationToken);
        return
        [
            .. rows.Where(row => row.At <= before).OrderBy(row => row.At).Take(MarksARun)
                .Select(row => new LateMark(row.Id, row.Day, row.At)),
        ];
    }

    /// <summary>Sends the accounts back that rest on it, and then forgets the mark unless it was made again.</summary>
    private async Task RewindAsync(string kind, LateMark mark, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        string good = SnapshotDocument.IdOf(mark.Day.AddDays(-1));
        string condition = $"FROM c WHERE c.snapshotsThrough >= '{SnapshotDocument.IdOf(mark.Day)}'";
        IEnumerable<string> accounts = kind == LateCloseDocument.Rates
            ? await ConvertingAsync(mark, cancellationToken)
            : await AccountsAsync(mark, cancellationToken);
        await Parallel.ForEachAsync(accounts, options, async (account, token) =>
            await documents.PatchAsync(
                account, AccountDocument.DocumentId, condition, token, PatchOperation.Set("/snapshotsThrough", good)));
        Versioned<LateCloseDocument>? now = await documents.FindVersionedAsync<LateCloseDocument>(
            kind, mark.Symbol, cancellationToken);
        if (now?.Document.At == mark.At)
        {
            await documents.DeleteAsync(kind, mark.Symbol, now.ETag, cancellationToken);
        }
    }

    // A holding may tell its exchange apart from its symbol.
    private async Task<IEnumerable<string>> AccountsAsync(LateMark mark, CancellationToken cancellationToken)
    {
        string[] names = [mark.Symbol, mark.Symbol[(mark.Symbol.IndexOf(':', StringComparison.Ordinal) + 1)..]];
        List<AccountRow> rows = await documents.ListAsync<AccountRow>(
            null,
            new QueryDefinition(
                "SELECT DISTINCT c.account FROM c WHERE c.type = 'transaction' AND ARRAY_CONTAINS(@symbols, c.symbol)")
                .WithParameter("@symbols", names),
            cancellationToken);
        return rows.Select(row => row.Account).Distinct(StringComparer.Ordinal);
    }

    // Accounts whose snapshots are older than what is noted of them may rest on any.
    private async Task<IEnumerable<string>> ConvertingAsync(LateMark mark, CancellationToken cancellationToken)
    {
        List<AccountRow> rows = await documents.ListAsync<AccountRow>(
            null,
            new QueryDefinition(
                "SELECT c.account FROM c WHERE c.type = 'account' AND c.snapshotsThrough >= @day AND "
                + "(ARRAY_CONTAINS(c.converts, @currency) OR NOT IS_DEFINED(c.converts) OR IS_NULL(c.converts))")
                .WithParameter("@day", SnapshotDocument.IdOf(mark.Day))
                .WithParameter("@currency", mark.Symbol),
            cancellationToken);
        return rows.Select(row => row.Account);
    }

    private sealed record AccountRow(string Account);
}
