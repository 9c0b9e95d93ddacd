using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// What a holding, or one lot of it, has earned. It has no snapshots: its transactions are replayed and valued at stored
/// daily closes, which costs the account, one query, and a few reads of bars however long the window is.
/// </summary>
public sealed class HoldingPerformances(
    AccountWork work, PortfolioStore store, Performances performances, SnapshotWorlds worlds, SnapshotCalendar calendar)
{
    /// <param name="user">Who asks.</param>
    /// <param name="account">The account.</param>
    /// <param name="symbol">The holding.</param>
    /// <param name="lot">One lot of it; null for all of it.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">unknown_portfolio, unknown_holding, invalid_date, range_too_long.</exception>
    public async Task<PerformanceView> ReadAsync(
        CurrentUser user, string account, string symbol, string? lot, PerformanceQuery query,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        PortfolioAccount head = (await work.OpenAsync(user, account, cancellationToken)).Document.Data;
        PortfolioTransaction[] all = TransactionRules.IsSymbol(symbol)
            ? [.. PortfolioTransaction.InForce(await store.TransactionsAsync(account, symbol, cancellationToken))]
            : [];
        if (all.Length == 0)
        {
            throw Problems.UnknownHolding.With("The account never held it.");
        }

        DateOnly through = calendar.LastClosed();
        (DateOnly From, DateOnly To) window = query.Window(through);
        DateOnly begin = calendar.OnOrBefore(window.From);
        DateOnly first = AccountReplay.DateOf(all[0]);
        DateOnly[] days = [.. calendar.Between(first > begin ? first : begin.AddDays(1), window.To)];
        SnapshotWorld world = await WorldAsync(head, symbol, all, begin, days, cancellationToken);
        PieceHistory history = HistoryOf(head, symbol, lot, all, world);
        PerformanceDays measured =
            new PieceDays(head.Currency, symbol, history, world).Make(begin, window.From, SinceItBegan(history, days));
        PerformanceView view = PerformanceReport.Of(
            account, head.Currency, window, measured, through, query,
            await performances.BenchmarkAsync(query, window, cancellationToken));
        return view with { Symbol = symbol, Lot = lot };
    }

    private static PieceHistory HistoryOf(
        PortfolioAccount account, string symbol, string? lot, PortfolioTransaction[] all, SnapshotWorld world)
    {
        long? WorthOf(DateOnly date, decimal units)
        {
            DayWorth worth = new(account.Currency, date, world);
            worth.AddUnits(symbol, units, DateOnly.MinValue);
            return worth.Total;
        }

        LotRules rules = LotRules.Of(account);
        PieceHistory history = lot is null
            ? PieceHistory.OfHolding(all, rules, WorthOf)
            : PieceHistory.OfLot(all, rules, lot, WorthOf);
        return history.First is null ? throw Problems.UnknownHolding.With("It never had that lot.") : history;
    }

    private static DateOnly[] SinceItBegan(PieceHistory history, DateOnly[] days) =>
        [.. days.SkipWhile(day => day < history.First)];

    /// <summary>Of the days that are measured, and of those on which something was moved to or from elsewhere.</summary>
    private Task<SnapshotWorld> WorldAsync(
        PortfolioAccount account, string symbol, PortfolioTransaction[] all, DateOnly begin, DateOnly[] days,
        CancellationToken cancellationToken)
    {
        IEnumerable<DateOnly> moved = all
            .Where(t => t.Kind is TransactionKind.TransferIn or TransactionKind.TransferOut).Select(AccountReplay.DateOf);
        DateOnly[] read = [.. days.Append(begin).Concat(moved.Where(day => day >= begin)).Distinct().Order()];
        return worlds.ReadAsync(
            account.Currency,
            new Dictionary<string, string?> { [symbol] = SnapshotWorlds.ExchangeOf(all, symbol) },
            all.Select(t => t.Currency), read, cancellationToken);
    }
}
