using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// The same figures up to this moment: the snapshots, and over them today's value at live prices. Kept for 30 seconds
/// (PF-07), since it costs a valuation.
/// </summary>
public sealed class LivePerformances(
    AccountWork work, Performances performances, LiveDays live, TimeProvider time)
{
    private const int MaxKept = 5_000;

    private readonly ReadThroughCache<PerformanceView> _cache = new("performance-live", new CacheLimits(MaxKept), time);

    /// <exception cref="ProblemException">unknown_portfolio, invalid_date, range_too_long.</exception>
    public async Task<PerformanceView> ReadAsync(
        CurrentUser user, string account, PerformanceQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(query);
        string key = CacheKey.Of(user.TenantId, user.UserId, account, query.ToString());
        return await _cache.GetAsync(
            key, CacheLives.RealtimePerformance, token => LoadAsync(user, account, query, token), cancellationToken);
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
        string key = CacheKey.Of(user.TenantId, user.UserId, $"all:{currency}", query.ToString());
        return await _cache.GetAsync(
            key, CacheLives.RealtimePerformance, token => LoadAllAsync(user, currency, query, token), cancellationToken);
    }

    private async Task<PerformanceView> LoadAsync(
        CurrentUser user, string account, PerformanceQuery query, CancellationToken cancellationToken)
    {
        AccountDocument head = (await work.OpenAsync(user, account, cancellationToken)).Document;
        DateOnly through = performances.ThroughOf(head);
        ((DateOnly From, DateOnly To) window, bool isOpen) = live.WindowOf(query, through);
        (PerformanceDays days, SnapshotDocument? end) =
            await performances.DaysAsync(account, (window.From, through), cancellationToken);
        // After the close its snapshot has today's last word.
        if (isOpen)
        {
            LiveDay now = await live.ReadAsync(user, head, end, through, cancellationToken);
            days = days.With(
                window, end?.Chain, now.Unvalued, now.Total, now.Fx,
                [.. now.Flows.Select(f => new DateFlow(f.Date, f.In + f.MovedIn, f.Out + f.MovedOut))], [.. now.Missing]);
        }

        PerformanceView view = PerformanceReport.Of(
            account, head.Data.Currency, window, days, through, query,
            await performances.BenchmarkAsync(query, (window.From, through), cancellationToken));
        return view with { Pending = performances.IsPending(head), Live = isOpen };
    }

    private async Task<PerformanceView> LoadAllAsync(
        CurrentUser user, string? currency, PerformanceQuery query, CancellationToken cancellationToken)
    {
        AccountDocument[] heads = await performances.HeadsAsync(user, cancellationToken);
        DateOnly through = heads.Length == 0 ? live.LastClosed() : heads.Min(performances.ThroughOf);
        ((DateOnly From, DateOnly To) window, bool isOpen) = live.WindowOf(query, through);
        if (!isOpen)
        {
            return await performances.ReadAllAsync(heads, currency, query, cancellationToken);
        }

        string told = Performances.CurrencyOf(heads, currency);
        AccountDays[] parts = await Task.WhenAll(
            heads.Select(head => DaysAsync(user, head, window, told, cancellationToken)));
        PerformanceDays days = PerformanceDays.Sum(parts, window.From);
        PerformanceView view = PerformanceReport.Of(
            null, told, window, days, through, query,
            await performances.BenchmarkAsync(query, (window.From, through), cancellationToken));
        return view with { Pending = heads.Any(performances.IsPending), Live = true };
    }

    private async Task<AccountDays> DaysAsync(
        CurrentUser user, AccountDocument head, (DateOnly From, DateOnly To) window, string currency,
        CancellationToken cancellationToken)
    {
        DateOnly through = performances.ThroughOf(head);
        List<SnapshotRow> rows = await performances.RowsAsync(head, (window.From, through), cancellationToken);
        LiveDay now = await live.ReadAsync(
            user, head, await live.EndAsync(head, through, cancellationToken), through, cancellationToken);
        Queue<SnapshotFlow> flows = new(now.Flows.OrderBy(flow => flow.Date));
        foreach (DateOnly gap in now.Unvalued)
        {
            rows.Add(new(gap, null, LiveDays.Until(flows, gap), null, null, 1, null, []) { IsPending = true });
        }

        rows.Add(new(window.To, now.Total, [.. flows], now.Fx, null, 1, null, now.Missing));
        return await performances.ConvertAsync(
            head, rows, currency, await live.RateAsync(head.Data.Currency, currency, cancellationToken), cancellationToken);
    }
}
