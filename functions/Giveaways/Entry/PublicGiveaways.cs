using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What everybody sees, counted once a second however many look.</summary>
public sealed class PublicGiveaways
{
    private const int MaxKept = 1_000;
    private static readonly TimeSpan FiguresAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PicturesAge = TimeSpan.FromSeconds(10);

    private readonly GiveawayStore _giveaways;
    private readonly ParticipantStore _participants;
    private readonly AttemptStore _attempts;
    private readonly GiveawayPictures _pictures;
    private readonly TimeProvider _time;
    private readonly ReadThroughCache<PublicFigures> _figures;
    private readonly ReadThroughCache<IReadOnlyList<Winner>> _winners;
    private readonly ReadThroughCache<IReadOnlyDictionary<string, Uri>> _urls;

    public PublicGiveaways(
        GiveawayStore giveaways, ParticipantStore participants, AttemptStore attempts, GiveawayPictures pictures,
        TimeProvider time)
    {
        (_giveaways, _participants, _attempts, _pictures, _time) = (giveaways, participants, attempts, pictures, time);
        _figures = new("giveaway-figures", new CacheLimits(MaxKept), time);
        _winners = new("giveaway-winners", new CacheLimits(MaxKept), time);
        _urls = new("giveaway-pictures", new CacheLimits(MaxKept), time);
    }

    /// <exception cref="ProblemException">unknown_giveaway.</exception>
    public async Task<PublicGiveaway> ReadAsync(string id, CancellationToken cancellationToken)
    {
        Giveaway giveaway = await _giveaways.ReadPublicAsync(id, cancellationToken);
        PublicFigures figures = await _figures.GetAsync(
            id, FiguresAge, token => CountAsync(giveaway, token), cancellationToken);
        return PublicGiveaway.Of(giveaway, figures, _time.GetUtcNow());
    }

    /// <summary>Winners, the latest first.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, invalid_cursor.</exception>
    public async Task<Page<WinnerView>> WinnersAsync(string id, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        await _giveaways.ReadPublicAsync(id, cancellationToken);
        IReadOnlyList<Winner> winners = await _winners.GetAsync(
            id, FiguresAge, async token => await _attempts.WinnersAsync(id, token), cancellationToken);
        string kind = $"winners:{id}";
        // Winners are only ever added, so a place counted from the first one stays what it was.
        int before = Math.Min(winners.Count, page.After<Place>(kind)?.Before ?? winners.Count);
        int from = Math.Max(0, before - page.Limit);
        WinnerView[] data = [.. winners.Skip(from).Take(before - from).Reverse().Select(WinnerView.Of)];
        return new(data, from > 0 ? Cursor.Write(kind, new Place(from)) : null);
    }

    private async Task<PublicFigures> CountAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        PrizeGate? gate = await _attempts.FindGateAsync(giveaway.Id, cancellationToken);
        int entries = await _participants.CountAsync(giveaway.Id, cancellationToken);
        IReadOnlyDictionary<string, Uri> pictures = await _urls.GetAsync(
            giveaway.Id, PicturesAge, token => _pictures.ReadAsync(giveaway, token), cancellationToken);
        return new(entries, gate?.Remaining ?? giveaway.Plan.PrizeCount(), pictures);
    }

    private sealed record Place(int Before);
}
