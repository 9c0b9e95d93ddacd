using FinVault.Market.Calendar;

namespace FinVault.Portfolios;

/// <summary>
/// Drawdown alerts, judged by the growth index of an account, in which deposits and withdrawals are no growth: at each
/// day's snapshot, and by <see cref="DrawdownWatch"/> in between. The peak is the highest of the daily closes as they are
/// stored, from the last one before the alert was set: nothing is remembered that a backdated transaction could make
/// wrong, and it does not matter who judges. An index that was broken, because nobody knows what a day earned, begins
/// anew.
/// </summary>
public sealed class Drawdowns(AlertStore store, SnapshotStore snapshots, SnapshotCalendar calendar, TimeProvider time)
{
    private const int Places = 8;

    /// <summary>Beyond this an index is no number that JSON keeps.</summary>
    private const double MostIndex = 1e15;

    /// <summary>A day's snapshot is made: judges the alerts on its account.</summary>
    internal async Task JudgeAsync(AccountDocument head, DateOnly day, CancellationToken cancellationToken)
    {
        if (day != calendar.LastClosed())
        {
            return;
        }

        List<AlertDocument> alerts = await store.DrawdownsAsync(head.Data.Owner, head.Account, cancellationToken);
        if (alerts.Count == 0)
        {
            return;
        }

        List<SnapshotRow> closes = await ClosesAsync(head.Account, alerts, day, cancellationToken);
        if (closes.Count == 0 || closes[^1] is not { Broken: null, Total: not null } last || last.Day != day)
        {
            return;
        }

        foreach (AlertDocument alert in alerts)
        {
            if (Judge(alert, closes, last.Growth, "snapshot") is { } progress)
            {
                // Somebody else has changed or judged it meanwhile: then it was they who told.
                await store.WriteAsync(progress with { Name = head.Data.Name }, cancellationToken);
            }
        }
    }

    /// <summary>The closes that alerts on an account are judged by, ascending.</summary>
    internal Task<List<SnapshotRow>> ClosesAsync(
        string account, IEnumerable<AlertDocument> alerts, DateOnly through, CancellationToken cancellationToken) =>
        snapshots.RowsAsync(account, alerts.Min(BaseOf), through, cancellationToken);

    /// <summary>What an index does to an alert; null for nothing.</summary>
    internal AlertProgress? Judge(AlertDocument alert, IReadOnlyList<SnapshotRow> closes, double index, string source)
    {
        if (PeakOf(closes, BaseOf(alert)) is not { } peak || index is not (> 0 and < MostIndex) || peak >= MostIndex)
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        List<AlertChange> changes = [];
        AlertBook book = new(TimeSpan.MaxValue);
        book.Put(alert.Rule, alert.State with { Peak = (decimal)peak });
        book.SeePortfolio(alert.Symbol, (decimal)index, Micros.Of(now), changes);
        if (changes.Count == 0)
        {
            return null;
        }

        AlertChange change = changes[0];
        AlertFiring firing = new(
            Math.Round(change.Price, Places), Math.Round(change.Level, Places), now, now, false, source);
        AlertDocument after = alert with
        {
            State = change.State with { Peak = Math.Round(change.State.Peak, Places) }, ByTick = true,
            IsActive = change.State.Phase != AlertPhase.Done, Generation = alert.Generation + 1,
            LastFiring = change.IsFiring ? firing : alert.LastFiring,
        };
        return new(alert, after, change.IsFiring ? [firing] : []);
    }

    /// <summary>The highest growth since a day, of closes that can be compared with the last one; null where there are none.</summary>
    internal static double? PeakOf(IEnumerable<SnapshotRow> closes, DateOnly from)
    {
        double? peak = null;
        foreach (SnapshotRow close in closes.Where(close => close.Day >= from && close.Total is not null))
        {
            peak = close.Broken is not null || !(peak > close.Growth) ? close.Growth : peak;
        }

        return peak;
    }

    private DateOnly BaseOf(AlertDocument alert) => calendar.LastClosed(alert.Since);
}
