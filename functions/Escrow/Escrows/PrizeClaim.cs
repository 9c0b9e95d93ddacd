namespace FinVault.Escrow;

/// <summary>What a winner says when they ask for their prize.</summary>
/// <param name="ParticipantId">Who has won it.</param>
/// <param name="Phone">E.164, such as <c>+919876543210</c>; for airtime only.</param>
public sealed record ClaimDetails(string ParticipantId, string? Phone = null);

/// <summary>What a winner gets.</summary>
/// <param name="Code">The outcome.</param>
/// <param name="Escrow">The escrow as it stands, if there is one.</param>
/// <param name="Refusal">The transition that does not exist, if that was the reason.</param>
/// <param name="GiftCode"><c>XXXX-XXXX-XXXX-XXXX</c>, the same each time; for a gift card.</param>
/// <param name="Airtime">How far it came; for airtime.</param>
public sealed record PrizeClaim(
    EscrowCode Code, EscrowView? Escrow = null, EscrowRefusal? Refusal = null, string? GiftCode = null,
    AirtimeState? Airtime = null)
{
    /// <summary>True if the winner has, or is about to get, what they won.</summary>
    public bool IsDone => Code <= EscrowCode.AlreadyDone;
}
