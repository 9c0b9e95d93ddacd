using FinVault.Market.Live;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Judges drawdown alerts as prices move, from the tick pipeline. Accounts with an alert are kept in memory, ticks are
/// gathered for a second, and only accounts that hold what has ticked are valued; a tick costs no read. Every few seconds
/// it looks for alerts that are new, and at whether an account that has moved is still as it was read. What it has in
/// memory is of one moment, so that a purchase meanwhile is no growth and no fall. Two instances that judge one alert meet
/// in the condition that it is written under.
/// </summary>
public sealed partial class DrawdownWatch(
    AlertStore alerts, Drawdowns drawdowns, PortfolioStore accounts, SnapshotStore snapshots, Performances performances,
    LiveDays days, Valuations valuations, TimeProvider time, ILogger<DrawdownWatch> logger) : WindowedQuotes(time)
{
    /// <summary>Between looks for new alerts, and for changes of an account that moves.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>An instance keeps no more of them in memory; those beyond are judged at the day's close.</summary>
    private const int MaxAccounts = 10_000;

    private Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    protected override async Task TakeAsync(Dictionary<string, Quote> changed, CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        foreach ((string account, Watched one) in _watched)
        {
            await TryToJudgeAsync(account, one, changed, cancellationToken);
        }
    }

    protected override void NotTaken(Exception failure) => NotJudged(logger, "all", failure);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
        if (now - _lookedAt < LookEvery)
        {
            return;
        }

        List<AlertDocument> stored = await alerts.DrawdownsAsync(null, null, cancellationToken);
        _watched = stored.GroupBy(alert => alert.Symbol).Take(MaxAccounts).ToDictionary(
            same => same.Key, same => Kept(_watched.GetValueOrDefault(same.Key), [.. same]), StringComparer.Ordinal);
        _lookedAt = now;
    }

    // An alert that is new may look further back than the closes that are known.
    private static Watched Kept(Watched? known, AlertDocument[] stored)
    {
        bool isSame = known is not null
            && known.Alerts.Select(one => (one.Id, one.Since)).ToHashSet().SetEquals(stored.Select(one => (one.Id, one.Since)));
        return new() { Alerts = stored, State = isSame ? known!.State : null, CheckedAt = known?.CheckedAt ?? default };
    }

    private async Task TryToJudgeAsync(
        string account, Watched one, Dictionary<string, Quote> changed, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(account, one, cancellationToken);
            if (one.State is { } state && valuations.HasTicked(state.Account, changed)
                && await IndexAsync(state, changed, cancellationToken) is { } index)
            {
                await JudgeAsync(one, state, index, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            one.State = null;
            NotJudged(logger, account, failure);
        }
    }

    private async Task JudgeAsync(Watched one, AccountState state, double index, CancellationToken cancellationToken)
    {
        for (int i = 0; i < one.Alerts.Length; i++)
        {
            AlertDocument alert = one.Alerts[i];
            if (!alert.IsActive || drawdowns.Judge(alert, state.Closes, index, "live") is not { } progress)
            {
                continue;
            }

            if (await alerts.WriteAsync(progress with { Name = state.Account.Head.Data.Name }, cancellationToken))
            {
                one.Alerts[i] = progress.After;
            }
            else
            {
                // Somebody has changed it: it is read again before it is judged again.
                _lookedAt = DateTimeOffset.MinValue;
            }
        }
    }

    /// <summary>Reads the account unless it is known as it is.</summary>
    private async Task ReadAsync(string account, Watched one, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
        if (now - one.CheckedAt < LookEvery)
        {
            return;
        }

        one.CheckedAt = now;
        Versioned<AccountDocument>? head = await accounts.FindAccountAsync(account, cancellationToken);
        if (head is null || performances.IsPending(head.Document))
        {
            // What is still to be made, or made again, decides nothing.
            one.State = null;
        }
        else if (one.State?.ETag != head.ETag)
        {
            one.State = await StateAsync(head, one.Alerts, cancellationToken);
        }
    }

    private async Task<AccountState?> StateAsync(
        Versioned<AccountDocument> head, AlertDocument[] stored, CancellationToken cancellationToken)
    {
        string account = head.Document.Account;
        DateOnly through = performances.ThroughOf(head.Document);
        SnapshotDocument? end = await snapshots.FindAsync(account, through, cancellationToken);
        IReadOnlyList<SnapshotFlow> flows = await days.FlowsAsync(head.Document.Data, through, cancellationToken);
        LoadedAccount? loaded = await valuations.LoadAsync(account, cancellationToken);
        bool isSame = (await accounts.FindAccountAsync(account, cancellationToken))?.ETag == head.ETag;
        return isSame && loaded is not null
            ? new(
                head.ETag, loaded, through, end?.Chain ?? GrowthChain.Start,
                [.. flows.Select(f => new DateFlow(f.Date, f.In + f.MovedIn, f.Out + f.MovedOut))],
                await drawdowns.ClosesAsync(account, stored, through, cancellationToken))
            : null;
    }

    /// <summary>The growth index of now; null where it is not known, or where a snapshot has today's last word.</summary>
    private async Task<double?> IndexAsync(
        AccountState state, Dictionary<string, Quote> changed, CancellationToken cancellationToken)
    {
        LiveUpdate update = await valuations.UpdateAsync([state.Account], changed, Time.GetUtcNow(), cancellationToken);
        DateOnly today = days.Today;
        return today > state.Through && update.Accounts is [{ Value.Amount: { } total }]
            && state.Chain.Add(today, total, state.Flows) is { Broken: null } step
                ? step.Chain.Growth
                : null;
    }

    [LoggerMessage(1405, LogLevel.Warning, "Drawdowns of {Account} were not judged; the next second's ticks will do it.")]
    private static partial void NotJudged(ILogger logger, string account, Exception failure);

    /// <summary>An account, as it was at one moment.</summary>
    private sealed record AccountState(
        string ETag, LoadedAccount Account, DateOnly Through, GrowthChain Chain, IReadOnlyList<DateFlow> Flows,
        IReadOnlyList<SnapshotRow> Closes);

    private sealed class Watched
    {
        public required AlertDocument[] Alerts { get; init; }

        public AccountState? State { get; set; }

        public DateTimeOffset CheckedAt { get; set; }
    }
}
