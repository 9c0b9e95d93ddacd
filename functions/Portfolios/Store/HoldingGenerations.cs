using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Whole sets of an account's holdings, for changes that no batch can hold: a set is written under a name of its own,
/// and counts from the moment that the account names it.
/// </summary>
public sealed class HoldingGenerations(PortfolioDocuments documents, TimeProvider time)
{
    private const string Prefix = "GEN";

    /// <summary>What a writer that died has left behind is dropped after so long.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>The account and its holdings in one read; null when there is no such account.</summary>
    internal async Task<(AccountDocument Account, IReadOnlyList<HoldingDocument> Holdings)?> ReadAsync(
        string account, CancellationToken cancellationToken)
    {
        List<AccountOrHolding> rows = await documents.ListAsync<AccountOrHolding>(
            account, new("SELECT * FROM c WHERE c.type IN ('account', 'holding')"), cancellationToken);
        if (rows.Find(row => row.Data is not null) is not { } head)
        {
            return null;
        }

        HoldingDocument[] holdings =
        [
            .. rows.Where(row => row.Position is not null && row.Generation == head.Generation)
                .Select(row => new HoldingDocument(account, row.Generation, row.Position!, row.Exchange))
                .OrderBy(holding => holding.Position.Symbol, StringComparer.Ordinal),
        ];
        return (new AccountDocument(account, head.Data!, head.Sequence, head.Generation, head.Cash!, head.Unfinished!), holdings);
    }

    /// <summary>Writes the whole set as it is after a change, under a new name; the name.</summary>
    internal async Task<string> WriteAsync(AccountChange change, CancellationToken cancellationToken)
    {
        string generation = Ids.New(Prefix, time);
        Dictionary<string, HoldingDocument> set = new(StringComparer.Ordinal);
        if (!change.ReplacesAll)
        {
            var now = await ReadAsync(change.Account, cancellationToken);
            foreach (HoldingDocument holding in now?.Holdings ?? [])
            {
                set[holding.Position.Symbol] = holding;
            }
        }

        foreach (HoldingDocument holding in change.Holdings)
        {
            set[holding.Position.Symbol] = holding;
        }

        foreach (HoldingDocument[] some in set.Values.Chunk(PortfolioDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(change.Account);
            foreach (HoldingDocument holding in some)
            {
                batch.CreateItem(new HoldingDocument(change.Account, generation, holding.Position, holding.Exchange));
            }

            await Documents.ExecuteAsync(batch, cancellationToken);
        }

        return generation;
    }

    /// <summary>Deletes a set that no longer counts, or never did.</summary>
    internal async Task DropAsync(string account, string generation, CancellationToken cancellationToken)
    {
        string before = Ids.New(Prefix, time.GetUtcNow() - Abandoned);
        List<HoldingKey> rows = await documents.ListAsync<HoldingKey>(
            account, new("SELECT c.id, c.generation FROM c WHERE c.type = 'holding'"), cancellationToken);
        string current = (await documents.FindAsync<AccountDocument>(
            account, AccountDocument.DocumentId, cancellationToken))!.Generation;
        foreach (HoldingKey[] some in rows
            .Where(row => row.Generation != current
                && (row.Generation == generation || string.CompareOrdinal(row.Generation, before) < 0))
            .Chunk(PortfolioDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(account);
            foreach (HoldingKey row in some)
            {
                batch.DeleteItem(row.Id);
            }

            await Documents.ExecuteAsync(batch, cancellationToken);
        }
    }

    private sealed record HoldingKey(string Id, string Generation);

    /// <summary>Either of the two documents, for one query.</summary>
    private sealed record AccountOrHolding(
        string Generation, PortfolioAccount? Data = null, long Sequence = 0,
        IReadOnlyDictionary<string, long>? Cash = null, IReadOnlyList<UnfinishedWork>? Unfinished = null,
        Position? Position = null, string? Exchange = null);
}
