using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>The day that is not over yet, of an account; minor units of its currency.</summary>
/// <param name="Unvalued">Trading days after its last snapshot, whose snapshots are still to be made.</param>
/// <param name="Total">Null where it is not known.</param>
/// <param name="Fx">What exchange rates made since the last snapshot; null where it is not known.</param>
/// <param name="Flows">Since the last snapshot, ascending.</param>
/// <param name="Missing">What is missing of the total.</param>
internal sealed record LiveDay(
    IReadOnlyList<DateOnly> Unvalued, long? Total, long? Fx, IReadOnlyList<SnapshotFlow> Flows,
    IReadOnlyList<string> Missing);

/// <summary>What has happened in accounts since their last snapshots.</summary>
public sealed class LiveDays(
    SnapshotStore snapshots, SnapshotCalendar calendar, Valuations valuations, FxRates rates, TimeProvider time)
{
    /// <summary>The date in UTC, by which flows are told.</summary>
    internal DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    internal DateOnly LastClosed() => calendar.LastClosed();

    /// <summary>The window that is asked for, and whether it ends with a day that is not over yet.</summary>
    /// <exception cref="ProblemException">invalid_date, range_too_long.</exception>
    internal ((DateOnly From, DateOnly To) Window, bool IsOpen) WindowOf(PerformanceQuery query, DateOnly through)
    {
        DateOnly today = Today;
        (DateOnly From, DateOnly To) window = query.Window(today > through ? today : through);
        return (window, today > through && window.To == today);
    }

    internal Task<SnapshotDocument?> EndAsync(
        AccountDocument head, DateOnly through, CancellationToken cancellationToken) =>
        snapshots.FindAsync(head.Account, through, cancellationToken);

    internal async Task<decimal?> RateAsync(string from, string to, CancellationToken cancellationToken) =>
        (await rates.NowAsync(from, to, cancellationToken))?.Rate;

    internal async Task<LiveDay> ReadAsync(
        CurrentUser user, AccountDocument head, SnapshotDocument? end, DateOnly through, CancellationToken cancellationToken)
    {
        AccountSummary now = (await valuations.ReadAsync(user, head.Account, cancellationToken)).Summary;
        IReadOnlyList<SnapshotFlow> flows = await FlowsAsync(head.Data, through, cancellationToken);
        return new(
            Unvalued(end, through, flows), now.Value.Amount, await FxAsync(end, head.Data.Currency, cancellationToken), flows,
            [.. now.Priced.Unpriced.Take(SnapshotDocument.MaxMissing)]);
    }

    /// <summary>Trading days before today that have no snapshot yet, since something was there.</summary>
    internal IReadOnlyList<DateOnly> Unvalued(SnapshotDocument? end, DateOnly through, IReadOnlyList<SnapshotFlow> flows)
    {
        DateOnly? from = end is not null ? through.AddDays(1) : flows.Count > 0 ? flows[0].Date : null;
        return from is { } first ? [.. calendar.Between(first, Today.AddDays(-1))] : [];
    }

    /// <summary>What crossed an account's border after a day.</summary>
    internal async Task<IReadOnlyList<SnapshotFlow>> FlowsAsync(
        PortfolioAccount account, DateOnly after, CancellationToken cancellationToken)
    {
        IReadOnlyList<PortfolioTransaction> some = await snapshots.TransactionsSinceAsync(
            account.Id, after.AddDays(1), cancellationToken);
        return [.. SnapshotFlow.Of(some, account, null)];
    }

    /// <summary>The flows of up to a day, taken from the queue.</summary>
    internal static List<SnapshotFlow> Until(Queue<SnapshotFlow> coming, DateOnly day)
    {
        List<SnapshotFlow> mine = [];
        while (coming.TryPeek(out SnapshotFlow? flow) && flow.Date <= day)
        {
            mine.Add(coming.Dequeue());
        }

        return mine;
    }

    // What was held when the last day ended, at the rates of now less those of then.
    private async Task<long?> FxAsync(SnapshotDocument? end, string currency, CancellationToken cancellationToken)
    {
        if (end is null or { Total: null })
        {
            return end is null ? 0 : null;
        }

        decimal sum = 0;
        foreach ((string held, long amount) in end.Exposure.Where(pair => pair.Key != currency))
        {
            if (await RateAsync(held, currency, cancellationToken) is not { } rate)
            {
                return null;
            }

            sum += MinorUnits.ToDecimal(amount, held) * (rate - end.Rates.GetValueOrDefault(held, rate));
        }

        return MinorUnits.TryOf(sum, currency);
    }
}
