using FinVault.Escrow;
using FinVault.Giveaways.Draw;

namespace FinVault.Giveaways;

/// <summary>What a host plans. All of it is fixed and public from scheduling on, but for the times.</summary>
/// <param name="Title">3 to 120 characters.</param>
/// <param name="Mode">How winners come about.</param>
/// <param name="StartsAt">When it starts by itself.</param>
/// <param name="EndsAt">When it ends by itself; slot-machine mode also ends with its last prize.</param>
/// <param name="Currency">ISO 4217, of the wallet that pays for every prize.</param>
/// <param name="Prizes">What is won; in this order to the first winner, the second, and so on.</param>
/// <param name="Description">Shown to everybody.</param>
/// <param name="Terms">What participants accept.</param>
/// <param name="MaxParticipants">More cannot register.</param>
/// <param name="PrizesPerParticipant">In slot-machine mode; else one.</param>
/// <param name="ClaimHours">How long a winner may take to claim.</param>
/// <param name="RunnersUp">How many are drawn behind the winners, for prizes that nobody claims.</param>
/// <param name="Odds">Equal, or by weight.</param>
/// <param name="MinPoints">In condition mode, points below which nobody is ranked.</param>
/// <param name="Slots">In slot-machine mode, else null.</param>
public sealed record GiveawayPlan(
    string Title,
    DrawMode Mode,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string Currency,
    IReadOnlyList<PrizeLine> Prizes,
    string Description = "",
    string Terms = "",
    int MaxParticipants = 10_000,
    int PrizesPerParticipant = 1,
    int ClaimHours = 72,
    int RunnersUp = 0,
    DrawOdds Odds = DrawOdds.Equal,
    long MinPoints = 0,
    SlotPlan? Slots = null)
{
    /// <summary>Units of all lines.</summary>
    public int PrizeCount() => Prizes.Sum(line => line.Quantity);

    /// <summary>What all prizes cost, in minor units.</summary>
    public long Value() => Prizes.Sum(line => line.Amount * line.Quantity);

    /// <summary>Attempts that a participant has; none where nobody attempts.</summary>
    public int Attempts() => Mode == DrawMode.SlotMachine ? (Slots ?? SlotPlan.Default).AttemptsPerParticipant : 0;
}

/// <summary>So many prizes of a kind.</summary>
/// <param name="Title">1 to 120 characters.</param>
/// <param name="Kind">What is won.</param>
/// <param name="Amount">Minor units each; of a gift card its denomination.</param>
/// <param name="Quantity">How many.</param>
/// <param name="CardId">Of the merchant's card, for a gift card.</param>
/// <param name="Id"><c>PRIZE_&lt;ULID&gt;</c>; made where none is given, kept where an edit gives it again.</param>
public sealed record PrizeLine(
    string Title, PrizeKind Kind, long Amount, int Quantity, string? CardId = null, string? Id = null)
{
    public PrizeBacking Backing() => new(Kind, CardId);
}

/// <summary>The odds of slot-machine mode, as a host gives them.</summary>
/// <param name="AttemptsPerParticipant">How often one may try.</param>
/// <param name="ExpectedAttempts">Attempts that the host expects in all; the pace is reckoned from it.</param>
/// <param name="CapPercent">The highest chance before the final window.</param>
/// <param name="FinalWindowSeconds">The last part, in which whatever is left falls.</param>
public sealed record SlotPlan(
    int AttemptsPerParticipant = 1, long ExpectedAttempts = 1_000, decimal CapPercent = 50, int FinalWindowSeconds = 60)
{
    public static SlotPlan Default { get; } = new();
}
