using System.Runtime.CompilerServices;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>What the books say: sums, statements, past balances, and whether they are untouched. Only reads.</summary>
public sealed class LedgerBooks
{
    private readonly Container _ledger;
    private readonly TimeProvider _time;

    public LedgerBooks(CosmosClient cosmos, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(cosmos);
        _ledger = cosmos.GetContainer(Containers.Database, Containers.Ledger);
        _time = time;
    }

    /// <summary>
    /// The sums of all accounts, a row a currency. <c>Total</c> is zero however many transfers run while it is read,
    /// since it is zero in every account (see <see cref="LedgerAccount"/>).
    /// </summary>
    public async Task<TrialBalance> TrialBalanceAsync(CancellationToken cancellationToken)
    {
        // Summed here: the store adds in floating point, which is not exact above 2^53.
        QueryDefinition query = new(
            "SELECT c.currency, c.available, c.held, c.clearing FROM c WHERE c.type = 'balance'");
        SortedDictionary<string, CurrencyBalance> sums = new(StringComparer.Ordinal);
        await foreach (CurrencyBalance one in QueryAsync<CurrencyBalance>(query, null, cancellationToken))
        {
            sums[one.Currency] = sums.TryGetValue(one.Currency, out CurrencyBalance? sum) ? sum + one : one.Counted();
        }

        return new(LedgerClock.Now(_time), sums.Values.All(sum => sum.Total == 0), [.. sums.Values]);
    }

    /// <summary>
    /// The balance after the last entry up to and including an instant; null before the account was opened.
    /// </summary>
    public async Task<BalanceView?> BalanceAtAsync(
        LedgerAccount account, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (at < account.CreatedAt)
        {
            return null;
        }

        QueryDefinition query = new QueryDefinition(
            "SELECT TOP 1 * FROM c WHERE c.type = 'entry' AND c.atMilliseconds <= @at ORDER BY c.sequence DESC")
            .WithParameter("@at", at.ToUnixTimeMilliseconds());
        await foreach (LedgerEntry last in QueryAsync<LedgerEntry>(query, account.Account, cancellationToken))
        {
            return BalanceView.Of(account, last);
        }

        return BalanceView.Of(account, null);
    }

    /// <summary>An account's entries, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<LedgerEntry>> StatementAsync(
        string account, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string kind = $"statement:{account}";
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'entry' AND c.sequence < @before ORDER BY c.sequence DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@before", page.After<StatementPlace>(kind)?.Before ?? LedgerAccount.MaxOverdraft);
        List<LedgerEntry> rows = [];
        await foreach (LedgerEntry entry in QueryAsync<LedgerEntry>(query, account, cancellationToken))
        {
            rows.Add(entry);
        }

        LedgerEntry[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new StatementPlace(data[^1].Sequence)) : null);
    }

    /// <summary>Follows an account's chain from its opening to its balance.</summary>
    public async Task<JournalCheck> VerifyAsync(LedgerAccount account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        JournalWalk walk = new(account);
        // Entries that came since the account was read are not its head's.
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.type = 'entry' AND c.sequence <= @last ORDER BY c.sequence")
            .WithParameter("@last", account.Sequence);
        await foreach (LedgerEntry entry in QueryAsync<LedgerEntry>(query, account.Account, cancellationToken))
        {
            if (walk.Next(entry) is { } broken)
            {
                return broken;
            }
        }

        return walk.End();
    }

    /// <summary>An account's entries of a time, oldest first, as far as its journal went at a sequence.</summary>
    internal IAsyncEnumerable<LedgerEntry> EntriesAsync(
        string account, DateTimeOffset from, DateTimeOffset before, long lastSequence,
        CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.type = 'entry' AND c.sequence <= @last AND c.atMilliseconds >= @from "
            + "AND c.atMilliseconds < @before ORDER BY c.sequence")
            .WithParameter("@last", lastSequence)
            .WithParameter("@from", from.ToUnixTimeMilliseconds())
            .WithParameter("@before", before.ToUnixTimeMilliseconds());
        return QueryAsync<LedgerEntry>(query, account, cancellationToken);
    }

    /// <summary>Transfers that are debited and not credited, and holds that are over.</summary>
    internal async IAsyncEnumerable<Transfer> OpenTransfersAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.type = 'transfer' AND (c.state = 'posting' "
            + "OR (c.state = 'pending' AND c.expiresAtMilliseconds <= @now))")
            .WithParameter("@now", now.ToUnixTimeMilliseconds());
        await foreach (Transfer transfer in QueryAsync<Transfer>(query, null, cancellationToken))
        {
            yield return transfer;
        }
    }

    private async IAsyncEnumerable<T> QueryAsync<T>(
        QueryDefinition query, string? account, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryRequestOptions options = account is null ? new() : new() { PartitionKey = new PartitionKey(account) };
        using FeedIterator<T> pages = _ledger.GetItemQueryIterator<T>(query, requestOptions: options);
        while (pages.HasMoreResults)
        {
            foreach (T row in await pages.ReadNextAsync(cancellationToken))
            {
                yield return row;
            }
        }
    }

    private sealed record StatementPlace(long Before);
}
