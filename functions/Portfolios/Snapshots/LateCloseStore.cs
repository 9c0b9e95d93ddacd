using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>A symbol whose closes have changed, in a partition for all of them.</summary>
[NotAudited("It is an order to reckon anew, and gone when that is done.")]
internal sealed record LateCloseDocument(string Account, string Id, DateOnly Day, DateTimeOffset At)
{
    public const string Partition = "late-closes";
    public const string DocumentType = "lateClose";

    public string Type { get; init; } = DocumentType;
}

/// <summary>Symbols whose closes have changed, and the accounts that must know.</summary>
public sealed class LateCloseStore(PortfolioDocuments documents)
{
    private const int AtOnce = 8;

    /// <summary>Notes a symbol; of two days the earlier one stays.</summary>
    internal async Task MarkAsync(string symbol, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string text = SnapshotDocument.IdOf(day);
        while (!await documents.PatchAsync(
            LateCloseDocument.Partition, symbol, null, cancellationToken, PatchOperation.Set("/at", now)))
        {
            if (await documents.CreateAsync(
                LateCloseDocument.Partition, new LateCloseDocument(LateCloseDocument.Partition, symbol, day, now),
                cancellationToken))
            {
                return;
            }
        }

        await documents.PatchAsync(
            LateCloseDocument.Partition, symbol, $"FROM c WHERE c.day > '{text}'", cancellationToken,
            PatchOperation.Set("/day", text));
    }

    /// <summary>Those that were noted last before a time.</summary>
    internal async Task<IReadOnlyList<LateMark>> DueAsync(
        DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        List<LateCloseDocument> rows = await documents.ListAsync<LateCloseDocument>(
            LateCloseDocument.Partition, new("SELECT * FROM c WHERE c.type = 'lateClose'"), cancellationToken);
        return
        [
            .. rows.Where(row => row.At <= before).OrderBy(row => row.At).Take(limit)
                .Select(row => new LateMark(row.Id, row.Day, row.At)),
        ];
    }

    /// <summary>Sends the accounts back that had the symbol, and then forgets the mark unless it was made again.</summary>
    internal async Task RewindAsync(LateMark mark, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        string good = SnapshotDocument.IdOf(mark.Day.AddDays(-1));
        string condition = $"FROM c WHERE c.snapshotsThrough >= '{SnapshotDocument.IdOf(mark.Day)}'";
        await Parallel.ForEachAsync(await AccountsAsync(mark, cancellationToken), options, async (account, token) =>
            await documents.PatchAsync(
                account, AccountDocument.DocumentId, condition, token, PatchOperation.Set("/snapshotsThrough", good)));
        Versioned<LateCloseDocument>? now = await documents.FindVersionedAsync<LateCloseDocument>(
            LateCloseDocument.Partition, mark.Symbol, cancellationToken);
        if (now?.Document.At == mark.At)
        {
            await documents.DeleteAsync(LateCloseDocument.Partition, mark.Symbol, now.ETag, cancellationToken);
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

    private sealed record AccountRow(string Account);
}
