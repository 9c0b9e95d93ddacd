namespace FinVault.Giveaways.Draw;

/// <summary>What a giveaway asks of its draw; the draw itself chooses the beacon's round.</summary>
/// <param name="Giveaway">The giveaway's id.</param>
/// <param name="Mode">How winners come about.</param>
/// <param name="Odds">Equal, or weighted.</param>
/// <param name="Prizes">Ids of the prizes, the first winner's first.</param>
/// <param name="RunnersUp">How many are drawn behind the winners.</param>
/// <param name="StartsAt">From then on the commitment stands.</param>
/// <param name="EndsAt">When entries are to be closed.</param>
/// <param name="MinPoints">In condition mode, points below which an entry is not ranked.</param>
/// <param name="Slots">The odds of slot-machine mode, else null.</param>
public sealed record DrawPlan(
    string Giveaway, DrawMode Mode, DrawOdds Odds, IReadOnlyList<string> Prizes, int RunnersUp,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, long MinPoints = 0, SlotOdds? Slots = null);

/// <summary>The host's choices for slot-machine mode.</summary>
/// <param name="ExpectedAttempts">Attempts that the host expects in all.</param>
/// <param name="Cap">The highest chance before the final window, above 0 and at most 1.</param>
/// <param name="FinalWindow">The last part, in which whatever is left falls.</param>
public sealed record SlotOdds(long ExpectedAttempts, decimal Cap, TimeSpan FinalWindow);

/// <summary>The settings under <c>Draw</c>.</summary>
public sealed record DrawOptions
{
    public const string Section = "Draw";

    /// <summary>From the planned end to the beacon's round: time to count the entries and to publish their root.</summary>
    public int BeaconMarginSeconds { get; init; } = 60;
}
