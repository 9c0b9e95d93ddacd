using FinVault.Escrow;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>A giveaway in figures (GIV-20).</summary>
/// <param name="Giveaway">The giveaway.</param>
/// <param name="AsOf">When it was counted.</param>
/// <param name="Entries">How many take part.</param>
/// <param name="Attempts">Attempts that counted; those after the last prize was gone do not.</param>
/// <param name="Winners">Prizes that were won, also by those who did not claim in time.</param>
/// <param name="Claimed">Prizes that were claimed.</param>
/// <param name="Released">Prizes whose money went back.</param>
/// <param name="Prizes">A row a kind of prize.</param>
/// <param name="Series">A row a stretch of time in which something happened.</param>
public sealed record DashboardView(
    string Giveaway, DateTimeOffset AsOf, int Entries, long Attempts, int Winners, int Claimed, int Released,
    IReadOnlyList<PrizeFigures> Prizes, IReadOnlyList<SeriesRow> Series);

/// <summary>Prizes of a kind; values are minor units.</summary>
public sealed record PrizeFigures(
    PrizeKind Kind, string Currency, int Count, long Value, int Won, long WonValue, int Claimed, long ClaimedValue);

/// <summary>What happened from <paramref name="At"/> on, for as long as the rows stand apart.</summary>
public sealed record SeriesRow(DateTimeOffset At, long Entries, long Attempts, long Winners);

/// <summary>Counts a giveaway, once every few seconds however many look, and once an hour when it is over.</summary>
public sealed class GiveawayDashboard
{
    private const int MaxKept = 1_000;

    private readonly ParticipantStore _participants;
    private readonly AttemptStore _attempts;
    private readonly PrizeStore _prizes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _age;
    private readonly ReadThroughCache<DashboardView> _kept;

    public GiveawayDashboard(
        ParticipantStore participants, AttemptStore attempts, PrizeStore prizes, GiveawayOptions options,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_participants, _attempts, _prizes, _time) = (participants, attempts, prizes, time);
        _age = TimeSpan.FromSeconds(options.DashboardSeconds);
        _kept = new("giveaway-dashboard", new CacheLimits(MaxKept), time);
    }

    public async Task<DashboardView> ReadAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return await _kept.GetAsync(
            CacheKey.Of(giveaway.Id, IsOver(giveaway) ? "over" : "live"), IsOver(giveaway) ? CacheLives.Analytics : _age,
            token => CountAsync(giveaway, token), cancellationToken);
    }

    // What is over changes only by late claims, which may take an hour to be seen (CACHE-05).
    private static bool IsOver(Giveaway giveaway) =>
        giveaway.State is GiveawayState.Past or GiveawayState.Cancelled;

    private async Task<DashboardView> CountAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        List<Prize> prizes = await _prizes.AllAsync(giveaway.Id, cancellationToken);
        List<Winner> winners = await _attempts.WinnersAsync(giveaway.Id, cancellationToken);
        SortedDictionary<DateTimeOffset, SeriesRow> series = [];
        void Add(DateTimeOffset at, long entries, long attempts, long won)
        {
            SeriesRow row = series.GetValueOrDefault(at) ?? new(at, 0, 0, 0);
            series[at] = new(at, row.Entries + entries, row.Attempts + attempts, row.Winners + won);
        }

        await foreach (BucketCount bar in _participants.CountByBucketAsync(giveaway.Id, cancellationToken))
        {
            Add(bar.Bucket, bar.Count, 0, 0);
        }

        await foreach (AttemptTally tally in _attempts.TalliesAsync(giveaway.Id, cancellationToken))
        {
            Add(tally.Bucket, 0, tally.Attempts, 0);
        }

        winners.ForEach(winner => Add(giveaway.BucketOf(winner.At), 0, 0, 1));
        return new(
            giveaway.Id, _time.GetUtcNow(), (int)series.Values.Sum(row => row.Entries),
            series.Values.Sum(row => row.Attempts), winners.Count, prizes.Count(p => p.State == PrizeState.Claimed),
            prizes.Count(p => p.State == PrizeState.Released),
            [.. prizes.GroupBy(p => (p.Kind, p.Currency)).Select(Figures)], [.. series.Values]);
    }

    private static PrizeFigures Figures(IGrouping<(PrizeKind Kind, string Currency), Prize> kind)
    {
        Prize[] won = [.. kind.Where(p => p.State is PrizeState.Won or PrizeState.Claimed)];
        Prize[] claimed = [.. won.Where(p => p.State == PrizeState.Claimed)];
        return new(
            kind.Key.Kind, kind.Key.Currency, kind.Count(), kind.Sum(p => p.Amount), won.Length, won.Sum(p => p.Amount),
            claimed.Length, claimed.Sum(p => p.Amount));
    }
}
