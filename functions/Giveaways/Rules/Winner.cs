using System.Globalization;
using System.Text.Json.Serialization;
using FinVault.Audit;
using FinVault.Giveaways.Draw;

namespace FinVault.Giveaways;

/// <summary>Somebody has won a prize: created once, in the batch that takes the prize.</summary>
/// <param name="Id">Of participant and count, so that nobody wins more often than the plan allows.</param>
/// <param name="Giveaway">The partition.</param>
/// <param name="Participant">Who.</param>
/// <param name="Name">Masked, as everybody may see it.</param>
/// <param name="Prize">The prize's id.</param>
/// <param name="PrizeTitle">As in the plan.</param>
/// <param name="At">When.</param>
/// <param name="Attempt">In slot-machine mode, the attempt's id.</param>
/// <param name="Receipt">In slot-machine mode, the attempt's receipt.</param>
/// <param name="Round">0 for the first winners; n for those that took the place of winners who did not claim.</param>
[NotAudited("It follows from the draw, which is proven.")]
public sealed record Winner(
    string Id, string Giveaway, string Participant, string Name, string Prize, string PrizeTitle, DateTimeOffset At,
    string? Attempt = null, SlotReceipt? Receipt = null, int Round = 0)
{
    public const string DocumentType = "winner";

    public string Type { get; init; } = DocumentType;

    /// <summary>When the prize went to somebody else, or back to the host.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <summary>The id of a participant's n-th win, from 1.</summary>
    public static string IdOf(string participant, int win) => $"WINNER-{participant}-{win}";

    /// <summary>A name as everybody may see it: the first letter of each part.</summary>
    public static string Mask(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        IEnumerable<string> parts = name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3);
        return string.Join(' ', parts.Select(part => $"{StringInfo.GetNextTextElement(part)}•••"));
    }
}

/// <summary>A winner as everybody may see it.</summary>
/// <param name="Participant">The entry's id in the draw's record.</param>
/// <param name="Name">Masked.</param>
/// <param name="Prize">The prize's id.</param>
/// <param name="PrizeTitle">What was won.</param>
/// <param name="At">When.</param>
/// <param name="Round">0 for the first winners, more for those that took others' places.</param>
/// <param name="Lost">Whether the prize was not claimed in time.</param>
public sealed record WinnerView(
    string Participant, string Name, string Prize, string PrizeTitle, DateTimeOffset At, int Round,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Lost)
{
    public static WinnerView Of(Winner winner)
    {
        ArgumentNullException.ThrowIfNull(winner);
        return new(
            winner.Participant, winner.Name, winner.Prize, winner.PrizeTitle, winner.At, winner.Round,
            winner.LostAt is not null);
    }
}
