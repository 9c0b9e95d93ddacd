using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// The same figures up to this moment: the snapshots, and over them today's value at live prices. Kept for 30 seconds
/// (PF-07), since it costs a valuation.
/// </summary>
public sealed class LivePerformances(
    AccountWork work, Performances performances, SnapshotStore snapshots, Valuations valuations, TimeProvider time)
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

    private async Task<PerformanceView> LoadAsync(
        CurrentUser user, string account, PerformanceQuery query, CancellationToken cancellationToken)
    {
        AccountDocument head = (await work.OpenAsync(user, account, cancellationToken)).Document;
        DateOnly through = performances.ThroughOf(head);
        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        (DateOnly From, DateOnly To) window = query.Window(today > through ? today : through);
        (PerformanceDays days, SnapshotDocument? end) =
            await performances.DaysAsync(account, (window.From, through), cancellationToken);
        // After the close its snapshot has today's last word.
        bool isOpen = today > through && window.To == today;
        if (isOpen)
        {
            AccountSummary now = (await valuations.ReadAsync(user, account, cancellationToken)).Summary;
            days = days.With(
                today, end?.Chain, now.Value.Amount, await FlowsAsync(head.Data, through, cancellationToken),
                [.. now.Priced.Unpriced.Take(SnapshotDocument.MaxMissing)]);
        }

        PerformanceView view = PerformanceReport.Of(
            account, head.Data.Currency, window, days, through, query,
            await performances.BenchmarkAsync(query, (window.From, through), cancellationToken));
        return view with { Pending = performances.IsPending(head), Live = isOpen };
    }

    private async Task<IReadOnlyList<DateFlow>> FlowsAsync(
        PortfolioAccount account, DateOnly after, CancellationToken cancellationToken)
    {
        IReadOnlyList<PortfolioTransaction> some = await snapshots.TransactionsSinceAsync(
            account.Id, after.AddDays(1), cancellationToken);
        FlowScope scope = account.TracksCash ? FlowScope.Account : FlowScope.Holding;
        return
        [
            .. ExternalFlows.Of(some, scope, LotRules.Of(account)).Select(flow => new DateFlow(flow.Date, flow.In, flow.Out)),
        ];
    }
}
