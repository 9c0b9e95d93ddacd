using System.Globalization;
using System.Text;

namespace FinVault.Giveaways.Draw;

/// <summary>How winners come about.</summary>
public enum DrawMode
{
    /// <summary>Winners are drawn among the entries.</summary>
    Draw,

    /// <summary>Entries are ranked by points, then by earlier completion, then by the draw's seed.</summary>
    Condition,

    /// <summary>Prizes fall at attempts while the giveaway runs; only runners-up are drawn.</summary>
    SlotMachine,
}

/// <summary>Whether entries may count more than once.</summary>
public enum DrawOdds
{
    /// <summary>Every entry weighs 1.</summary>
    Equal,

    /// <summary>An entry's weight, which is published, is its share of the odds.</summary>
    Weighted,
}

/// <summary>The beacon's round whose randomness the draw will use, fixed before anybody can know it.</summary>
/// <param name="Chain">The chain's hash as its operators publish it (drand: 64 hex digits).</param>
/// <param name="GenesisSeconds">Unix seconds of round 1.</param>
/// <param name="PeriodSeconds">Seconds between rounds.</param>
/// <param name="Round">The round.</param>
public sealed record BeaconChoice(string Chain, long GenesisSeconds, int PeriodSeconds, long Round)
{
    /// <summary>When the round's randomness becomes public.</summary>
    public DateTimeOffset PublicAt() =>
        DateTimeOffset.FromUnixTimeSeconds(GenesisSeconds + ((Round - 1) * PeriodSeconds));

    /// <summary>
    /// The round to draw with: this one, unless it was public before the entries were closed, as after an outage. Then
    /// the first that was not, so that even then nobody knew it while entries could still change.
    /// </summary>
    public long RoundFor(DateTimeOffset closedAt) => closedAt < PublicAt()
        ? Round
        : ((closedAt.ToUnixTimeSeconds() - GenesisSeconds) / PeriodSeconds) + 2;
}

/// <summary>The published odds of slot-machine mode; see <see cref="SlotMachine"/> for what they mean.</summary>
/// <param name="StartMilliseconds">Unix milliseconds of the first moment in which an attempt counts.</param>
/// <param name="EndMilliseconds">Unix milliseconds of the first moment in which none does any more.</param>
/// <param name="FinalWindowMilliseconds">Length of the last part, in which whatever is left falls.</param>
/// <param name="ExpectedAttempts">Attempts that the host expects in all.</param>
/// <param name="CapPerBillion">The highest chance before the final window, in billionths.</param>
public sealed record SlotRules(
    long StartMilliseconds, long EndMilliseconds, long FinalWindowMilliseconds, long ExpectedAttempts,
    long CapPerBillion);

/// <summary>
/// Everything about a draw that is decided before it begins. Its text is inside the commitment, so that none of it can
/// change afterwards.
/// </summary>
/// <param name="Giveaway">The giveaway's id.</param>
/// <param name="Mode">How winners come about.</param>
/// <param name="Odds">Equal, or weighted.</param>
/// <param name="Prizes">One id a prize; the first winner gets the first, and so on.</param>
/// <param name="RunnersUp">How many are drawn behind the winners, for prizes that nobody claims.</param>
/// <param name="MinPoints">In condition mode, points below which an entry is not ranked.</param>
/// <param name="Beacon">Null only where nothing is drawn: slot-machine mode without runners-up.</param>
/// <param name="Slots">The odds of slot-machine mode, else null.</param>
public sealed record DrawRules(
    string Giveaway, DrawMode Mode, DrawOdds Odds, IReadOnlyList<string> Prizes, int RunnersUp, long MinPoints = 0,
    BeaconChoice? Beacon = null, SlotRules? Slots = null)
{
    public const int MaxPrizes = 10_000;
    public const int MaxRunnersUp = 10_000;

    /// <summary>The canonical text: a <c>name=value</c> a line, each ended by one line feed.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        Line("scheme", DrawScheme.Name);
        Line("giveaway", Giveaway);
        Line("mode", DrawScheme.NameOf(Mode));
        Line("odds", DrawScheme.NameOf(Odds));
        Line("runnersUp", RunnersUp);
        Line("minPoints", MinPoints);
        if (Beacon is { } beacon)
        {
            Line("beacon.chain", beacon.Chain);
            Line("beacon.genesisSeconds", beacon.GenesisSeconds);
            Line("beacon.periodSeconds", beacon.PeriodSeconds);
            Line("beacon.round", beacon.Round);
        }

        if (Slots is { } slots)
        {
            Line("slots.startMilliseconds", slots.StartMilliseconds);
            Line("slots.endMilliseconds", slots.EndMilliseconds);
            Line("slots.finalWindowMilliseconds", slots.FinalWindowMilliseconds);
            Line("slots.expectedAttempts", slots.ExpectedAttempts);
            Line("slots.capPerBillion", slots.CapPerBillion);
        }

        foreach (string prize in Prizes)
        {
            Line("prize", prize);
        }

        return text.ToString();

        void Line(string name, object value) =>
            text.Append(CultureInfo.InvariantCulture, $"{name}={value}").Append('\n');
    }

    /// <summary>What is wrong with the rules, in a sentence; null when they can be committed to.</summary>
    public string? Fault() => this switch
    {
        _ when !DrawScheme.IsId(Giveaway) => "The giveaway's id is not valid.",
        _ when Prizes.Count is 0 or > MaxPrizes => $"There must be 1 to {MaxPrizes} prizes.",
        _ when !Prizes.All(DrawScheme.IsId) => "A prize's id is not valid.",
        _ when Prizes.Distinct().Count() != Prizes.Count => "A prize is named twice.",
        _ when RunnersUp is < 0 or > MaxRunnersUp => $"There must be 0 to {MaxRunnersUp} runners-up.",
        _ when MinPoints < 0 => "The least points are not negative.",
        _ when (Mode == DrawMode.SlotMachine) != (Slots is not null) => "Slot-machine mode has slots, no other has.",
        _ when Beacon is null && (Slots is null || RunnersUp > 0) => "What is drawn needs a beacon's round.",
        _ when Beacon is { } beacon && (beacon.PeriodSeconds <= 0 || beacon.Round <= 0
            || beacon.GenesisSeconds <= 0 || !DrawScheme.IsId(beacon.Chain)) => "The beacon's round is not valid.",
        _ when Slots is { } slots && (slots.EndMilliseconds <= slots.StartMilliseconds || slots.ExpectedAttempts < 1
            || slots.FinalWindowMilliseconds < 0
            || slots.FinalWindowMilliseconds >= slots.EndMilliseconds - slots.StartMilliseconds
            || slots.CapPerBillion is < 1 or > SlotMachine.Billion) => "The slots are not valid.",
        _ => null,
    };
}
