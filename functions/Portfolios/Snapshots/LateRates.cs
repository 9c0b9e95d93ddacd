namespace FinVault.Portfolios;

/// <summary>
/// Daily rates that are put right, or filled in, after snapshots went by others. Whoever stores them notes the currency
/// with its first day that is wrong, before they are stored; some minutes later, when no cache has the old ones any more,
/// accounts whose snapshots rest on the currency are sent back to that day, as <see cref="LateCloses"/> does. A rate that
/// comes for the last trading day is none of these: snapshots of the day go by the last one before, and say so. What is
/// booked keeps the rate that it was booked at.
/// </summary>
public sealed class LateRates(LateCloseStore store, SnapshotCalendar calendar, TimeProvider time)
{
    /// <summary>The first of some days that is stored otherwise, or was not stored and is no news; null for none.</summary>
    /// <param name="stored">By day; null where nothing is.</param>
    /// <param name="coming">By day.</param>
    internal DateOnly? FirstWrong(
        IReadOnlyDictionary<string, decimal>? stored, IReadOnlyDictionary<string, decimal> coming)
    {
        string closed = SnapshotDocument.IdOf(calendar.LastClosed());
        string? first = coming
            .Where(one => stored is not null && stored.TryGetValue(one.Key, out decimal known)
                ? known != one.Value
                : string.CompareOrdinal(one.Key, closed) < 0)
            .Select(one => one.Key).Min(StringComparer.Ordinal);
        return first is null ? null : DateOnly.ParseExact(first, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    internal Task MarkAsync(string currency, DateOnly day, CancellationToken cancellationToken) =>
        store.MarkAsync(LateCloseDocument.Rates, currency, day, time.GetUtcNow(), cancellationToken);

    /// <summary>Sends accounts back that rest on rates which have changed.</summary>
    public Task ApplyAsync(CancellationToken cancellationToken) =>
        store.RewindDueAsync(LateCloseDocument.Rates, time.GetUtcNow() - LateCloses.Wait, cancellationToken);
}
