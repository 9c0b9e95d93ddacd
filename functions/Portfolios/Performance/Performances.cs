using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// What accounts have earned, from their snapshots alone: the account, two snapshots and one query, however long the
/// window is. Nothing is valued; only a benchmark has its closes read.
/// </summary>
public sealed class Performances(
    AccountWork work, PortfolioStore accounts, SnapshotStore snapshots, SnapshotCalendar calendar, DailyCloses closes,
    FxRates rates)
{
    private const string DefaultCurrency = "INR";

    /// <exception cref="ProblemException">unknown_portfolio, invalid_date, range_too_long.</exception>
    public async Task<PerformanceView> ReadAsync(
        CurrentUser user, string account, PerformanceQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        AccountDocument head = (await work.OpenAsync(user, account, cancellationToken)).Document;
        DateOnly through = ThroughOf(head);
        (DateOnly From, DateOnly To) window = query.Window(through);
        (PerformanceDays days, _) = await DaysAsync(head.Account, window, cancellationToken);
        PerformanceView view = PerformanceReport.Of(
            head.Account, head.Data.Currency, window, days, through, query,
            await BenchmarkAsync(query, window, cancellationToken));
        return view with { Pending = IsPending(head) };
    }

    /// <summary>All of a user's accounts together.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="currency">ISO 4217; null for that of the first account.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">invalid_date, range_too_long.</exception>
    public async Task<PerformanceView> ReadAllAsync(
        CurrentUser user, string? currency, PerformanceQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(query);
        return await ReadAllAsync(await HeadsAsync(user, cancellationToken), currency, query, cancellationToken);
    }

    /// <summary>All of a user's accounts, oldest first.</summary>
    internal async Task<AccountDocument[]> HeadsAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await accounts.AccountsOfAsync(user.TenantId, user.UserId, cancellationToken);
        Versioned<AccountDocument>?[] found =
            await Task.WhenAll(ids.Select(id => accounts.FindAccountAsync(id, cancellationToken)));
        return [.. found.OfType<Versioned<AccountDocument>>().Select(one => one.Document)];
    }

    /// <summary>Some accounts together.</summary>
    internal async Task<PerformanceView> ReadAllAsync(
        AccountDocument[] heads, string? currency, PerformanceQuery query, CancellationToken cancellationToken)
    {
        DateOnly through = heads.Length == 0 ? calendar.LastClosed() : heads.Min(ThroughOf);
        (DateOnly From, DateOnly To) window = query.Window(through);
        string told = CurrencyOf(heads, currency);
        AccountDays[] days = await Task.WhenAll(heads.Select(async head => await ConvertAsync(
            head, await RowsAsync(head, window, cancellationToken), told, null, cancellationToken)));
        PerformanceView view = PerformanceReport.Of(
            null, told, window, PerformanceDays.Sum(days, window.From), through, query,
            await BenchmarkAsync(query, window, cancellationToken));
        return view with { Pending = heads.Any(IsPending) };
    }

    /// <summary>An account's days of a window, and the snapshot that ends it.</summary>
    internal async Task<(PerformanceDays Days, SnapshotDocument? End)> DaysAsync(
        string account, (DateOnly From, DateOnly To) window, CancellationToken cancellationToken)
    {
        (DateOnly first, DateOnly last) = (calendar.OnOrBefore(window.From), calendar.OnOrBefore(window.To));
        Task<List<SnapshotRow>> rows = snapshots.RowsAsync(account, first, last, cancellationToken);
        Task<SnapshotDocument?> begin = snapshots.FindAsync(account, first, cancellationToken);
        Task<SnapshotDocument?> end = snapshots.FindAsync(account, last, cancellationToken);
        return (PerformanceDays.Of(await rows, window.From, await begin, await end), await end);
    }

    internal async Task<SymbolCloses?> BenchmarkAsync(
        PerformanceQuery query, (DateOnly From, DateOnly To) window, CancellationToken cancellationToken) =>
        query.Benchmark is { } symbol
            ? await closes.ReadAsync(symbol, window.From, window.To, cancellationToken)
            : null;

    /// <summary>The last day that an account's snapshots can be relied on, and is over.</summary>
    internal DateOnly ThroughOf(AccountDocument head)
    {
        DateOnly closed = calendar.LastClosed();
        DateOnly through = head.SnapshotsThrough < closed ? head.SnapshotsThrough : closed;
        return through.Year < 1970 ? calendar.OnOrBefore(new(1970, 1, 2)) : calendar.OnOrBefore(through);
    }

    internal bool IsPending(AccountDocument head) => head.SnapshotsThrough < calendar.LastClosed();

    internal static string CurrencyOf(AccountDocument[] heads, string? told) =>
        told ?? heads.FirstOrDefault()?.Data.Currency ?? DefaultCurrency;

    internal Task<List<SnapshotRow>> RowsAsync(
        AccountDocument head, (DateOnly From, DateOnly To) window, CancellationToken cancellationToken) =>
        snapshots.RowsAsync(head.Account, calendar.OnOrBefore(window.From), window.To, cancellationToken);

    /// <summary>An account's days in another currency.</summary>
    /// <param name="head">The account.</param>
    /// <param name="rows">Its days, ascending.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="now">The rate of the last of the days, where that is not over yet; null for the daily one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<AccountDays> ConvertAsync(
        AccountDocument head, List<SnapshotRow> rows, string currency, decimal? now, CancellationToken cancellationToken)
    {
        string own = head.Data.Currency;
        Dictionary<DateOnly, ConvertedDay> days = [];
        (long Total, decimal Rate)? before = null;
        foreach (SnapshotRow row in rows)
        {
            decimal? rate = (row == rows[^1] ? now : null) ?? await RateAsync(own, currency, row.Day, cancellationToken);
            List<DateFlow> flows = [];
            foreach (SnapshotFlow flow in row.Flows.Where(flow => flow.In != 0 || flow.Out != 0))
            {
                decimal paid = await RateAsync(own, currency, flow.Date, cancellationToken) ?? rate ?? 0;
                flows.Add(new(
                    flow.Date, MinorUnits.Convert(flow.In, own, currency, paid),
                    MinorUnits.Convert(flow.Out, own, currency, paid)));
            }

            (long, decimal)? then = rate is { } known && row.Total is { } total ? (total, known) : null;
            long? fx = then is null || row.Fx is null ? null
                : MinorUnits.Convert(row.Fx.Value, own, currency, rate!.Value)
                    + (before is { } b ? MinorUnits.Convert(b.Total, own, currency, rate.Value)
                        - MinorUnits.Convert(b.Total, own, currency, b.Rate) : 0);
            days[row.Day] = new(
                then is null ? null : MinorUnits.Convert(row.Total!.Value, own, currency, rate!.Value), flows, fx,
                rate is null ? [.. row.Missing, $"{own}/{currency}"] : row.Missing)
            {
                IsPending = row.IsPending,
            };
            before = then;
        }

        return new(days);
    }

    private async Task<decimal?> RateAsync(
        string from, string to, DateOnly day, CancellationToken cancellationToken) =>
        (await rates.OnAsync(from, to, day, cancellationToken))?.Rate;
}
