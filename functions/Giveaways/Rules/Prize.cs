using System.Text;
using FinVault.Audit;
using FinVault.Escrow;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>Where one prize stands.</summary>
public enum PrizeState
{
    /// <summary>To be won.</summary>
    Open,

    /// <summary>Somebody has won it.</summary>
    Won,

    /// <summary>The winner has asked for it. Terminal here; the escrow goes on.</summary>
    Claimed,

    /// <summary>The winner did not ask in time; it goes to a runner-up, or back.</summary>
    Lapsed,

    /// <summary>Its money went back to the host. Terminal.</summary>
    Released,
}

/// <summary>One prize: one document a unit, in the giveaway's partition.</summary>
/// <param name="Id"><c>PRIZE_&lt;ULID&gt;</c>.</param>
/// <param name="Giveaway">The giveaway, also the partition.</param>
/// <param name="Line">The line of the plan that it is a unit of.</param>
/// <param name="Number">Its place among all units, from 1.</param>
/// <param name="Title">As in the plan.</param>
/// <param name="Kind">What is won.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="CardId">Of the merchant's card, for a gift card.</param>
/// <param name="State">Where it stands.</param>
[NotAudited("Its steps are the escrow's, which post to the journal, and the draw's, which is proven.")]
public sealed record Prize(
    string Id, string Giveaway, string Line, int Number, string Title, PrizeKind Kind, long Amount, string Currency,
    string? CardId, PrizeState State)
{
    public const string Prefix = "PRIZE";
    public const string DocumentType = "prize";

    public string Type { get; init; } = DocumentType;

    /// <summary>The escrow behind it: the allocation's id (ESC-17).</summary>
    public string? EscrowId { get; init; }

    /// <summary>The participant that has won it.</summary>
    public string? Winner { get; init; }

    /// <summary>The document that says so.</summary>
    public string? WinnerId { get; init; }

    public DateTimeOffset? WonAt { get; init; }

    /// <summary>Whether the escrow is the winner's.</summary>
    public bool Allocated { get; init; }

    public DateTimeOffset? ClaimBy { get; init; }

    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>Why its money went back.</summary>
    public string? Reason { get; init; }

    public PrizeBacking Backing() => new(Kind, CardId);

    /// <summary>The units of a plan, in its order. The same plan gives the same ids.</summary>
    public static IEnumerable<Prize> UnitsOf(Giveaway giveaway)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        int number = 0;
        foreach (PrizeLine line in giveaway.Plan.Prizes)
        {
            for (int unit = 1; unit <= line.Quantity; unit++)
            {
                string id = Derive(Prefix, giveaway, $"{line.Id}/{unit}");
                yield return new(
                    id, giveaway.Id, line.Id!, ++number, line.Title, line.Kind, line.Amount, giveaway.Plan.Currency,
                    line.CardId, PrizeState.Open);
            }
        }
    }

    /// <summary>The escrow that a run of funding makes for a prize: the same however often the step runs.</summary>
    public static string EscrowOf(Giveaway giveaway, string prize, string run) =>
        Derive("ESCROW", giveaway, $"{prize}/{run}");

    private static string Derive(string prefix, Giveaway giveaway, string seed) =>
        Ids.Derive(prefix, giveaway.CreatedAt, Encoding.UTF8.GetBytes($"{giveaway.Id}/{seed}"));
}
