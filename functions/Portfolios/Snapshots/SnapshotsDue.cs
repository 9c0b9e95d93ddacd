namespace FinVault.Portfolios;

/// <summary>Which snapshots a change of an account makes wrong: those since the first day that it touches. Pure.</summary>
internal static class SnapshotsDue
{
    /// <summary>The change, with the snapshots marked that must be made again; written in the same batch.</summary>
    public static AccountChange Mark(AccountChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        DateOnly through = change.After.SnapshotsThrough;
        DateOnly good = IsOfAllDays(change) ? DateOnly.MinValue : FirstTouched(change)?.AddDays(-1) ?? through;
        return good < through ? change with { After = change.After with { SnapshotsThrough = good } } : change;
    }

    // Of an import the rows are elsewhere, and another lot method has other costs on every day.
    private static bool IsOfAllDays(AccountChange change)
    {
        (AccountDocument before, AccountDocument after) = (change.Before.Document, change.After);
        return after.Unfinished.Count(IsOfOthers) > before.Unfinished.Count(IsOfOthers)
            || (before.Data.LotMethod, before.Data.TracksCash) != (after.Data.LotMethod, after.Data.TracksCash);
    }

    // A transfer's own side is in the same change.
    private static bool IsOfOthers(UnfinishedWork work) => work.Kind != UnfinishedKind.CompleteTransfer;

    private static DateOnly? FirstTouched(AccountChange change)
    {
        DateOnly[] days =
        [
            .. change.Added.Concat(change.Changed)
                .Where(transaction => transaction.Status == TransactionStatus.Completed)
                .Select(AccountReplay.DateOf),
        ];
        return days.Length > 0 ? days.Min() : null;
    }
}
