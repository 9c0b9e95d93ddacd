using System.Text.Json.Serialization;

namespace FinVault.Escrow;

/// <summary>What kind of thing is won.</summary>
public enum PrizeKind
{
    GiftCard,
    Airtime,
}

/// <summary>What stands behind a prize.</summary>
/// <param name="Kind">What is won.</param>
/// <param name="CardId">Of the merchant's card (<c>CARD_&lt;ULID&gt;</c>), for a gift card only.</param>
public sealed record PrizeBacking(PrizeKind Kind, string? CardId = null)
{
    public static PrizeBacking Airtime { get; } = new(PrizeKind.Airtime);

    public static PrizeBacking GiftCard(string cardId) => new(PrizeKind.GiftCard, cardId);
}

/// <summary>Money that a host reserves for one prize.</summary>
/// <param name="Id">The caller's own, <c>ESCROW_&lt;ULID&gt;</c>: a call that is repeated with it is done once.</param>
/// <param name="Tenant">The host's, whose wallet pays.</param>
/// <param name="Amount">Minor units; of a gift card its denomination.</param>
/// <param name="Currency">ISO 4217, also the wallet's.</param>
/// <param name="Backing">What is won.</param>
/// <param name="Reference">What it is for: the giveaway's id.</param>
/// <param name="ExpiresAt">When it is released if nobody has won it; null is <see cref="EscrowOptions.HoldDays"/>.</param>
public sealed record EscrowRequest(
    string Id, string Tenant, long Amount, string Currency, PrizeBacking Backing, string Reference,
    DateTimeOffset? ExpiresAt = null);

/// <summary>Who has won.</summary>
/// <param name="ParticipantId">Of the giveaway.</param>
/// <param name="Contact">Where they are told, e.g. an e-mail address; never shown.</param>
public sealed record EscrowHolder(string ParticipantId, string Contact);

/// <summary>How long things last. Each is a setting <c>Escrow:Name</c> with this default.</summary>
public sealed record EscrowOptions
{
    /// <summary>How long money stays reserved that nobody wins.</summary>
    public int HoldDays { get; init; } = 180;

    /// <summary>How long a winner may wait with claiming airtime.</summary>
    public int AirtimeDays { get; init; } = 30;

    /// <summary>How long the cashier's customer may take to make up their mind.</summary>
    public int RedemptionMinutes { get; init; } = 15;

    /// <summary>Wrong codes of one user in <see cref="AttemptMinutes"/>.</summary>
    public int MaxUserAttempts { get; init; } = 10;

    /// <summary>Wrong codes at one branch in <see cref="AttemptMinutes"/>.</summary>
    public int MaxBranchAttempts { get; init; } = 50;

    public int AttemptMinutes { get; init; } = 15;

    /// <summary>What the platform keeps of what remains after the provider's part, in hundredths of a percent.</summary>
    public int ServiceBasisPoints { get; init; } = 250;

    /// <summary>How long a confirmation waits for the settlement before it answers that it is under way.</summary>
    public int ConfirmSeconds { get; init; } = 10;
}

/// <summary>Everything that can be said to a command. The first two mean that it is done.</summary>
public enum EscrowCode
{
    Done,

    /// <summary>The same command was taken before, and is done.</summary>
    AlreadyDone,

    /// <summary>The wallet has less than the escrow takes. The escrow is failed.</summary>
    InsufficientFunds,

    /// <summary>The merchant has no such card left, or does not sell it any more. The escrow is failed.</summary>
    OutOfStock,

    /// <summary>Id, tenant, amount, currency or backing are not valid, or the card is not worth the amount.</summary>
    InvalidRequest,

    /// <summary>There is no such card.</summary>
    UnknownCard,

    /// <summary>The id belongs to an escrow of other content, or another participant has won it.</summary>
    DifferentContent,

    /// <summary>There is no such escrow.</summary>
    UnknownEscrow,

    /// <summary>The escrow's state does not allow it; see the refusal.</summary>
    Refused,

    /// <summary>It is being settled or released at this moment, which nothing else may cross.</summary>
    Busy,
}

/// <summary>What became of a command.</summary>
/// <param name="Code">The outcome.</param>
/// <param name="Escrow">The escrow as it stands, if there is one.</param>
/// <param name="Refusal">The transition that does not exist, if that was the reason.</param>
public sealed record EscrowResult(EscrowCode Code, EscrowView? Escrow = null, EscrowRefusal? Refusal = null)
{
    /// <summary>True if what was asked for is so now.</summary>
    public bool IsDone => Code <= EscrowCode.AlreadyDone;
}

/// <summary>An escrow as its host sees it. Amounts are minor units.</summary>
/// <param name="Id"><c>ESCROW_&lt;ULID&gt;</c>.</param>
/// <param name="Tenant">The host's.</param>
/// <param name="Amount">What is reserved.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Backing">What is won.</param>
/// <param name="Reference">The giveaway.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Failure">Why it is failed.</param>
/// <param name="Reason">Why it was released.</param>
/// <param name="ParticipantId">Who has won it.</param>
/// <param name="ProviderFeePercent">Weighted average over the wallet's top-ups when it was created (ESC-05).</param>
/// <param name="CreatedAt">When it was written down.</param>
/// <param name="ExpiresAt">When it is released if it is not settled by then.</param>
/// <param name="ClaimedAt">When the winner asked for the prize.</param>
/// <param name="RedemptionId">The redemption that settles it.</param>
public sealed record EscrowView(
    string Id, string Tenant, long Amount, string Currency, PrizeBacking Backing, string Reference, EscrowState State,
    EscrowCode? Failure, string? Reason, string? ParticipantId, decimal ProviderFeePercent, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? ClaimedAt, string? RedemptionId)
{
    /// <summary>Whether the winner asked for the prize.</summary>
    [JsonIgnore]
    public bool IsClaimed => ClaimedAt is not null;
}
