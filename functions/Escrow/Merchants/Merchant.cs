using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>Where the check of a merchant stands (ESC-15).</summary>
public enum KycState
{
    NotSubmitted,
    Submitted,
    Approved,
    Rejected,

    /// <summary>Handed in again after a rejection.</summary>
    Resubmitted,
}

/// <summary>What can happen to the check of a merchant.</summary>
public enum KycEvent
{
    Submit,
    Approve,
    Reject,
}

/// <summary>Every transition that there is of a merchant's check.</summary>
public static class KycTransitions
{
    /// <summary>The next state, or null.</summary>
    public static KycState? Next(KycState from, KycEvent happened) => (from, happened) switch
    {
        (KycState.NotSubmitted, KycEvent.Submit) => KycState.Submitted,
        (KycState.Submitted or KycState.Resubmitted, KycEvent.Approve) => KycState.Approved,
        (KycState.Submitted or KycState.Resubmitted, KycEvent.Reject) => KycState.Rejected,
        (KycState.Rejected, KycEvent.Submit) => KycState.Resubmitted,
        _ => null,
    };
}

/// <summary>What a merchant says of itself.</summary>
/// <param name="Name">As customers know it, 1 to 100 characters.</param>
/// <param name="LegalName">As it is registered.</param>
/// <param name="RegistrationNumber">Of its registration.</param>
/// <param name="Country">ISO 3166, two letters.</param>
/// <param name="Email">Where it is reached.</param>
/// <param name="BankAccount">Where withdrawals are paid to; null until it has one.</param>
public sealed record MerchantProfile(
    string Name, string LegalName, string RegistrationNumber, string Country, string Email,
    [property: Sensitive] string? BankAccount = null)
{
    private const int MaxText = 100;

    /// <summary>Whether what was checked is the same.</summary>
    internal bool HasIdentityOf(MerchantProfile other) =>
        (LegalName, RegistrationNumber, Country) == (other.LegalName, other.RegistrationNumber, other.Country);

    internal bool IsValid => IsText(Name) && IsText(LegalName) && IsText(RegistrationNumber) && IsText(Email)
        && Email.Contains('@', StringComparison.Ordinal) && Country is { Length: 2 } && Country.All(char.IsAsciiLetterUpper)
        && (BankAccount is null || IsText(BankAccount));

    private static bool IsText(string text) => text.Trim().Length is > 0 and <= MaxText && !text.Any(char.IsControl);
}

/// <summary>A merchant as it sees itself, and as an operator sees it.</summary>
/// <param name="Id"><c>MERCHANT_&lt;ULID&gt;</c>.</param>
/// <param name="Profile">What it says of itself.</param>
/// <param name="Kyc">Where its check stands.</param>
/// <param name="KycReason">Why it was rejected.</param>
/// <param name="Documents">What it has handed in; listed for a single merchant only.</param>
public sealed record MerchantView(
    string Id, MerchantProfile Profile, KycState Kyc, string? KycReason, IReadOnlyList<MerchantDocument>? Documents = null);

/// <summary>An operator's word on a merchant.</summary>
/// <param name="Approve">Or reject.</param>
/// <param name="Reason">Why, for the merchant; needed for a rejection.</param>
public sealed record KycReview(bool Approve, string? Reason = null);

/// <summary>A merchant. A tenant is one merchant at most, and both have the same ULID, so either names the other.</summary>
/// <param name="Id"><c>MERCHANT_&lt;ULID&gt;</c>.</param>
/// <param name="Tenant"><c>TENANT_&lt;ULID&gt;</c>.</param>
/// <param name="Profile">What it says of itself.</param>
/// <param name="Kyc">Where its check stands. Only an approved merchant lists cards and redeems them.</param>
/// <param name="KycReason">Why it was rejected.</param>
/// <param name="ReviewedBy">Who decided.</param>
/// <param name="At">Since when.</param>
[Audited("merchant", Containers.Escrow, Subject = "tenant")]
internal sealed record Merchant(
    string Id, string Tenant, MerchantProfile Profile, KycState Kyc, string? KycReason, string? ReviewedBy,
    DateTimeOffset At)
{
    private const string IdPrefix = "MERCHANT_";
    private const string TenantPrefix = "TENANT_";

    public string Type { get; init; } = "merchant";

    /// <summary>The tenant of a merchant.</summary>
    public static string TenantOf(string merchantId) => Renamed(merchantId, IdPrefix, TenantPrefix);

    /// <summary>The merchant of a tenant, if it is one.</summary>
    public static string IdOf(string tenantId) => Renamed(tenantId, TenantPrefix, IdPrefix);

    public MerchantView View(IReadOnlyList<MerchantDocument>? documents = null) =>
        new(Id, Profile, Kyc, KycReason, documents);

    private static string Renamed(string id, string from, string to) => id.StartsWith(from, StringComparison.Ordinal)
        ? to + id[from.Length..]
        : throw new ArgumentException($"{id} does not begin with {from}.", nameof(id));
}
