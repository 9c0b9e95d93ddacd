using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Brings accounts' snapshots up to a day: the one that has just ended, those that an outage has missed, and those that
/// a backdated transaction has made wrong. They are one and the same work, which may be done any number of times.
/// </summary>
public sealed partial class Snapshots(
    SnapshotStore store, PortfolioStore accounts, UnfinishedWorks unfinished, SnapshotCalendar calendar,
    SnapshotWorlds worlds, Drawdowns drawdowns, TimeProvider time, ILogger<Snapshots> logger)
{
    private const int AtOnce = 4;

    // 90 days each: forty years, and some tries because others change the account meanwhile.
    private const int MaxBatches = 150;

    /// <summary>How many of the accounts could not be done; the next look at what is due finds them again.</summary>
    public async Task<int> MakeAsync(
        DateOnly day, IReadOnlyList<string> accountIds, CancellationToken cancellationToken)
    {
        int failed = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(accountIds, options, async (account, token) =>
        {
            try
            {
                await MakeAsync(day, account, token);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One account that cannot be done must not keep the others from theirs.
                NotMade(logger, account, failure);
                Interlocked.Increment(ref failed);
            }
        });
        return failed;
    }

    /// <exception cref="ProblemException">unknown_portfolio, unavailable.</exception>
    internal async Task MakeAsync(DateOnly day, string account, CancellationToken cancellationToken)
    {
        for (int batch = 0; batch < MaxBatches; batch++)
        {
            Versioned<AccountDocument> head = await unfinished.FinishAsync(account, cancellationToken);
            if (head.Document.SnapshotsThrough >= day)
            {
                // Also when another try has made them: it may have died before this.
                await drawdowns.JudgeAsync(head.Document, day, cancellationToken);
                return;
            }

            await MakeBatchAsync(head, day, cancellationToken);
        }

        throw Problems.Unavailable.With("The account is being changed by others all the time.");
    }

    private async Task MakeBatchAsync(
        Versioned<AccountDocument> head, DateOnly day, CancellationToken cancellationToken)
    {
        (PortfolioAccount account, DateOnly through) = (head.Document.Data, head.Document.SnapshotsThrough);
        List<PortfolioTransaction> all = await accounts.TransactionsAsync(account.Id, null, cancellationToken);
        AccountReplay replay = new(account, all);
        DateOnly first = replay.First ?? day.AddDays(1);
        if (first > through.AddDays(1))
        {
            await store.DropAsync(account.Id, through, first, cancellationToken);
        }

        DateOnly from = first > through ? first : through.AddDays(1);
        DateOnly[] days = [.. calendar.Between(from, day).Take(SnapshotStore.MaxTogether)];
        List<SnapshotDocument> made = [];
        if (days.Length > 0)
        {
            SnapshotDocument? before = through < first
                ? null
                : await store.LastAsync(account.Id, through, cancellationToken);
            DateOnly since = before?.Day ?? first.AddDays(-1);
            replay.Advance(since);
            SnapshotWorld world = await worlds.ReadAsync(account, replay, since, days, cancellationToken);
            made = new SnapshotMaking(account, replay, world, time.GetUtcNow()).Make(before, days);
            head = head with { Document = head.Document with { Converts = Converts(head.Document, before, world) } };
        }

        bool isLast = days.Length < SnapshotStore.MaxTogether;
        await store.WriteAsync(head, made, isLast ? day : days[^1], cancellationToken);
    }

    // Of snapshots that were made before this was noted nobody knows, until they are made again from the first.
    private static string[]? Converts(AccountDocument head, SnapshotDocument? before, SnapshotWorld world)
    {
        if (head.Converts is null && before is not null)
        {
            return null;
        }

        IEnumerable<string> more = world.Foreign.Count > 0 ? world.Foreign.Append(head.Data.Currency) : [];
        return [.. (head.Converts ?? []).Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    [LoggerMessage(1511, LogLevel.Error, "The snapshots of {Account} could not be made; they are tried again.")]
    private static partial void NotMade(ILogger logger, string account, Exception failure);
}
