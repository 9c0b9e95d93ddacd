using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>Somebody's place while condition mode runs, as everybody may see it.</summary>
/// <param name="Rank">From 1. Who is equal has the same one: of them the draw's seed decides.</param>
/// <param name="Participant">The entry's id in the draw's record.</param>
/// <param name="Name">Masked.</param>
/// <param name="Points">What their tasks brought so far.</param>
/// <param name="CompletedAt">When they had them: earlier is better.</param>
public sealed record RankedEntry(int Rank, string Participant, string Name, long Points, DateTimeOffset CompletedAt);

/// <summary>The public ranking of condition mode, which is how winners are found once the entries are closed.</summary>
public sealed class Ranking
{
    private const int MaxKept = 1_000;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly GiveawayStore _giveaways;
    private readonly ParticipantStore _participants;
    private readonly ReadThroughCache<Page<RankedEntry>> _pages;

    public Ranking(GiveawayStore giveaways, ParticipantStore participants, TimeProvider time)
    {
        (_giveaways, _participants) = (giveaways, participants);
        _pages = new("giveaway-ranking", new CacheLimits(MaxKept), time);
    }

    /// <summary>A page of it; somebody who rises while one pages may be missed, or met twice.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, invalid_cursor.</exception>
    public async Task<Page<RankedEntry>> ReadAsync(string id, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        await _giveaways.ReadPublicAsync(id, cancellationToken);
        Place from = page.After<Place>(KindOf(id)) ?? new("", 0, 0, 0, 0);
        return await _pages.GetAsync(
            CacheKey.Of("ranking", id, $"{page.Limit}", page.Cursor ?? ""), Age,
            token => LoadAsync(id, from, page.Limit, token), cancellationToken);
    }

    private async Task<Page<RankedEntry>> LoadAsync(
        string id, Place from, int limit, CancellationToken cancellationToken)
    {
        List<Participant> rows = await _participants.RankedAsync(id, from.After, limit + 1, cancellationToken);
        List<RankedEntry> data = [];
        Place last = from;
        foreach (Participant one in rows.Take(limit))
        {
            bool equal = (one.Points, one.CompletedAtMilliseconds) == (last.Points, last.At);
            last = new(
                one.Rank!, last.Position + 1, equal ? last.Rank : last.Position + 1, one.Points,
                one.CompletedAtMilliseconds);
            data.Add(new(
                last.Rank, one.Id, Winner.Mask(one.Name), one.Points,
                DateTimeOffset.FromUnixTimeMilliseconds(one.CompletedAtMilliseconds)));
        }

        return new([.. data], rows.Count > limit ? Cursor.Write(KindOf(id), last) : null);
    }

    private static string KindOf(string id) => $"ranking:{id}";

    /// <summary>The last entry of a page: its key, its place, and what it shares with those that are equal.</summary>
    private sealed record Place(string After, int Position, int Rank, long Points, long At);
}
