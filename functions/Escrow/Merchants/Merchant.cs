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
public sealed record MerchantProfile(
    string Name, string LegalName, string RegistrationNumber, string Country, string Email);

/// <summary>A merchant. A tenant is one merchant at most, and both have the same ULID, so either names the other.</summary>
/// <param name="Id"><c>MERCHANT_&lt;ULID&gt;</c>.</param>
/// <param name="Tenant"><c>TENANT_&lt;ULID&gt;</c>.</param>
/// <param name="Profile">What it says of itself.</param>
/// <param name="Kyc">Where its check stands. Only an approved merchant lists cards and redeems them.</param>
/// <param name="KycReason">Why it was rejected.</param>
/// <param name="ReviewedBy">Who decided.</param>
/// <param name="At">Since when.</param>
public sealed record Merchant(
    string Id, string Tenant, MerchantProfile Profile, KycState Kyc, string? KycReason, string? ReviewedBy,
    DateTimeOffset At)
{
    public const string DocumentType = "merchant";

    private const string IdPrefix = "MERCHANT_";
    private const string TenantPrefix = "TENANT_";

    public string Type { get; init; } = DocumentType;

    /// <summary>The tenant of a merchant.</summary>
    public static string TenantOf(string merchantId) => Renamed(merchantId, IdPrefix, TenantPrefix);

    /// <summary>The merchant of a tenant, if it is one.</summary>
    public static string IdOf(string tenantId) => Renamed(tenantId, TenantPrefix, IdPrefix);

    private static string Renamed(string id, string from, string to) => id.StartsWith(from, StringComparison.Ordinal)
        ? to + id[from.Length..]
        : throw new ArgumentException($"{id} does not begin with {from}.", nameof(id));
}
