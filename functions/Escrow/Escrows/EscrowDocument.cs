using System.Text.Json.Serialization;
using FinVault.Audit;

namespace FinVault.Escrow;

/// <summary>
/// What is being done to an escrow in several steps. Whoever sets it, by a condition that there is none, is the only one
/// to move its money from there on; so a release can never cross a settlement.
/// </summary>
internal enum EscrowIntent
{
    None,
    Fail,
    Release,
    Settle,
    Vend,
}

/// <summary>An escrow, in its host's partition.</summary>
/// <param name="FeeTotal">Provider fees of the wallet's top-ups when it was created; with the next, an exact ratio.</param>
/// <param name="FeeGross">Gross of those top-ups; 0 when there were none.</param>
/// <param name="At">When it was created.</param>
/// <param name="Merchant">Whose card stands behind it.</param>
/// <param name="Intent">What is being done.</param>
/// <param name="Redemption">Which redemption settles it.</param>
/// <param name="DueAt">When recovery looks at it, in Unix milliseconds; null when there is nothing left to do.</param>
[NotAudited("Every step of it posts to the journal, which is chained by itself.")]
internal sealed record EscrowDocument(
    string Id, string Tenant, long Amount, string Currency, PrizeBacking Backing, string Reference, EscrowState State,
    long FeeTotal, long FeeGross, DateTimeOffset At, DateTimeOffset ExpiresAt, string? Merchant, EscrowIntent Intent,
    EscrowCode? Failure, string? Reason, EscrowHolder? Holder, DateTimeOffset? ClaimedAt, string? Redemption, long? DueAt)
{
    public const string DocumentType = "escrow";

    public string Type { get; init; } = DocumentType;

    [JsonIgnore]
    public bool IsGiftCard => Backing.Kind == PrizeKind.GiftCard;

    public static EscrowDocument Of(
        EscrowRequest request, CardView? card, FeeAverage fees, DateTimeOffset expiresAt, DateTimeOffset now) => new(
            request.Id, request.Tenant, request.Amount, request.Currency, request.Backing, request.Reference,
            EscrowState.Pending, fees.FeeTotal, fees.GrossTotal, now, expiresAt, card?.MerchantId, EscrowIntent.None,
            null, null, null, null, null, DueIn(now, EscrowStore.Patience));

    [JsonIgnore]
    public FeeAverage Fees => new(FeeTotal, FeeGross);

    public static long DueIn(DateTimeOffset now, TimeSpan patience) => (now + patience).ToUnixTimeMilliseconds();

    /// <summary>Whether a repeated request asks for what this one asked for.</summary>
    public bool IsOf(EscrowRequest request) =>
        (request.Tenant, request.Amount, request.Currency, request.Backing, request.Reference)
            == (Tenant, Amount, Currency, Backing, Reference);

    public EscrowView View() => new(
        Id, Tenant, Amount, Currency, Backing, Reference, State, Failure, Reason, Holder?.ParticipantId,
        Fees.Percent, At, ExpiresAt, ClaimedAt, Redemption);
}
