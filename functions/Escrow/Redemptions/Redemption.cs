using FinVault.Audit;

namespace FinVault.Escrow;

/// <summary>Where a redemption stands.</summary>
public enum RedemptionState
{
    /// <summary>The code was good; somebody permitted has to confirm.</summary>
    Initiated,

    /// <summary>Confirmed; the money is on its way.</summary>
    Settling,

    /// <summary>The merchant is paid. Terminal.</summary>
    Completed,

    /// <summary>Called off, or the card was no longer good when it was confirmed. Terminal.</summary>
    Cancelled,

    /// <summary>Nobody confirmed in time. Terminal.</summary>
    Expired,
}

/// <summary>What can happen to a redemption.</summary>
public enum RedemptionEvent
{
    Confirm,
    Complete,
    Cancel,
    Expire,

    /// <summary>The provider refused before anything was paid: it can be confirmed again.</summary>
    Withdraw,
}

/// <summary>Every transition that there is of a redemption. Whatever is not here is refused.</summary>
public static class RedemptionTransitions
{
    /// <summary>The next state, or null.</summary>
    public static RedemptionState? Next(RedemptionState from, RedemptionEvent happened) => (from, happened) switch
    {
        (RedemptionState.Initiated, RedemptionEvent.Confirm) => RedemptionState.Settling,
        (RedemptionState.Initiated, RedemptionEvent.Cancel) => RedemptionState.Cancelled,
        (RedemptionState.Initiated, RedemptionEvent.Expire) => RedemptionState.Expired,
        (RedemptionState.Settling, RedemptionEvent.Complete) => RedemptionState.Completed,
        (RedemptionState.Settling, RedemptionEvent.Withdraw) => RedemptionState.Initiated,
        // Between code and confirmation the host's money went back: there is nothing to settle.
        (RedemptionState.Settling, RedemptionEvent.Cancel) => RedemptionState.Cancelled,
        _ => null,
    };
}

/// <summary>What a branch sends to begin: what the customer says, and where.</summary>
/// <param name="Code"><c>XXXX-XXXX-XXXX-XXXX</c>, in whatever case and grouping.</param>
/// <param name="BranchId">The branch.</param>
public sealed record RedemptionRequest(string Code, string BranchId);

/// <summary>A redemption as its merchant sees it. Amounts are minor units.</summary>
/// <param name="Id"><c>REDEMPTION_&lt;ULID&gt;</c>, also the settlement's orchestration.</param>
/// <param name="BranchId">Where.</param>
/// <param name="CardId">Of which card.</param>
/// <param name="CardName">Its name.</param>
/// <param name="Amount">What the card is worth.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="State">Where it stands.</param>
/// <param name="InitiatedBy">The user who entered the code.</param>
/// <param name="ConfirmedBy">The user who confirmed.</param>
/// <param name="Settlement">How the amount was divided, once it is completed.</param>
/// <param name="Failure">Why it was stepped back or cancelled.</param>
/// <param name="At">When the code was entered.</param>
/// <param name="ExpiresAt">Until when it can be confirmed.</param>
public sealed record RedemptionView(
    string Id, string BranchId, string CardId, string CardName, long Amount, string Currency, RedemptionState State,
    string InitiatedBy, string? ConfirmedBy, SettlementSplit? Settlement, string? Failure, DateTimeOffset At,
    DateTimeOffset ExpiresAt);

/// <summary>A redemption, in its merchant's partition beside the gift card.</summary>
/// <param name="GiftCard">The gift card's document.</param>
/// <param name="EscrowTenant">The host's.</param>
/// <param name="DueAt">When recovery looks at it, in Unix milliseconds; null when it has ended.</param>
[NotAudited("Every step of it posts to the journal, which is chained by itself.")]
internal sealed record Redemption(
    string Id, string Tenant, string Merchant, string Branch, string Card, string CardName, string GiftCard, string Escrow,
    string EscrowTenant, long Amount, string Currency, RedemptionState State, string InitiatedBy, string? ConfirmedBy,
    SettlementSplit? Settlement, string? Failure, DateTimeOffset At, DateTimeOffset ExpiresAt, long? DueAt)
{
    public string Type { get; init; } = "redemption";

    public RedemptionView View() => new(
        Id, Branch, Card, CardName, Amount, Currency, State, InitiatedBy, ConfirmedBy, Settlement, Failure, At, ExpiresAt);
}
