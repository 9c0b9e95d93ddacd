using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>A host's wallet in one currency, in minor units.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Exponent">Decimal digits of the minor unit.</param>
/// <param name="Available">What can be spent.</param>
/// <param name="Held">Reserved.</param>
/// <param name="VirtualAccount">What to transfer money to; null until the wallet is opened.</param>
/// <param name="Fees">What the provider has kept of all top-ups.</param>
/// <param name="LowThreshold">Below this the tenant is warned; null is never.</param>
/// <param name="At">When the balance last changed.</param>
public sealed record WalletView(
    string Currency, int Exponent, long Available, long Held, VirtualAccount? VirtualAccount, FeeAverage Fees,
    long? LowThreshold, DateTimeOffset? At);

/// <summary>
/// The weighted average of the provider's real fees over all top-ups of a wallet (ESC-04, ESC-05), as the two sums
/// that it is the quotient of, so that nothing is lost by rounding it in between.
/// </summary>
/// <param name="FeeTotal">Minor units that the provider kept.</param>
/// <param name="GrossTotal">Minor units that were topped up.</param>
public sealed record FeeAverage(long FeeTotal, long GrossTotal)
{
    public static FeeAverage None { get; } = new(0, 0);

    /// <summary>0 to 100, for people.</summary>
    public decimal Percent => GrossTotal == 0 ? 0 : decimal.Round(100m * FeeTotal / GrossTotal, 4);

    /// <summary>The provider's part of an amount, half-even; never more than the amount.</summary>
    public long Of(long gross) => GrossTotal == 0
        ? 0
        : (long)Math.Round((decimal)gross * FeeTotal / GrossTotal, MidpointRounding.ToEven);
}

/// <summary>Where a top-up stands.</summary>
public enum TopUpState
{
    /// <summary>Counted; the wallet gets it in a moment.</summary>
    Recorded,

    /// <summary>In the wallet.</summary>
    Credited,
}

/// <summary>Money that came into a wallet, in minor units.</summary>
/// <param name="Id"><c>TOPUP_&lt;ULID&gt;</c>; also the ledger's transfer into the wallet.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Gross">What was paid in, all of which is the wallet's.</param>
/// <param name="Fee">What the provider charged for it.</param>
/// <param name="Reference">The provider's.</param>
/// <param name="State">Where it stands.</param>
/// <param name="At">When we heard of it.</param>
public sealed record TopUp(
    string Id, string Currency, long Gross, long Fee, string Reference, TopUpState State, DateTimeOffset At);

/// <summary>What the provider says of a top-up.</summary>
/// <param name="VirtualAccount">The account that was paid to.</param>
/// <param name="Gross">Minor units that were paid in.</param>
/// <param name="Fee">Minor units of it that the provider charges.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Reference">The provider's; one top-up however many events tell of it (ESC-08).</param>
public sealed record TopUpNotice(string VirtualAccount, long Gross, long Fee, string Currency, string Reference)
{
    private const int MaxText = 100;

    public bool IsValid => Gross is > 0 and <= TransferRequest.MaxAmount && Fee >= 0 && Fee <= Gross
        && Currencies.Exists(Currency) && IsText(Reference) && IsText(VirtualAccount);

    private static bool IsText(string text) => text.Length is > 0 and <= MaxText && !text.Any(char.IsControl);
}

/// <summary>Money that came in for nobody we know; it stays in the main account.</summary>
/// <param name="Id">The top-up.</param>
/// <param name="VirtualAccount">The account that was paid to.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Gross">Minor units.</param>
/// <param name="Fee">Minor units.</param>
/// <param name="Reference">The provider's.</param>
/// <param name="At">When we heard of it.</param>
public sealed record UnallocatedTopUp(
    string Id, string VirtualAccount, string Currency, long Gross, long Fee, string Reference, DateTimeOffset At);

/// <summary>Whose wallet an unallocated top-up is for.</summary>
public sealed record TopUpAssignment(string TenantId);

/// <summary>When to warn of low funds.</summary>
/// <param name="LowThreshold">Minor units; null is never.</param>
public sealed record WalletWatch(long? LowThreshold);

/// <summary>The head of a wallet, in its tenant's partition. What it holds is in the ledger alone.</summary>
[NotAudited("Its money is the journal's; the rest are marks of what was told.")]
internal sealed record WalletDocument(
    string Id, string Tenant, string Currency, long At, VirtualAccount? VirtualAccount = null, long FeeTotal = 0,
    long GrossTotal = 0, long? LowThreshold = null, bool IsLow = false)
{
    public const string DocumentType = "wallet";

    public string Type { get; init; } = DocumentType;

    public static string IdOf(string currency) => $"WALLET-{currency}";
}

/// <summary>A top-up as it is kept, in its tenant's partition.</summary>
[NotAudited("Every step of it posts to the journal, which is chained by itself.")]
internal sealed record TopUpDocument(
    string Id, string Tenant, string Currency, long Gross, long Fee, string Reference, TopUpState State, long At)
{
    public const string DocumentType = "topUp";

    public string Type { get; init; } = DocumentType;

    public TopUp View() => new(Id, Currency, Gross, Fee, Reference, State, DateTimeOffset.FromUnixTimeMilliseconds(At));
}

internal enum TopUpClaimState
{
    Open,
    Unallocated,
    Done,
}

/// <summary>
/// What a reference of the provider stands for, in a partition of its own: the first event that tells of it decides
/// its id, its amounts and whose it is.
/// </summary>
[NotAudited("It follows from the top-up.")]
internal sealed record TopUpClaim(
    string Tenant, string TopUpId, string VirtualAccount, long Gross, long Fee, string Currency, string Reference,
    string? Owner, TopUpClaimState State, long At)
{
    public const string DocumentType = "topUpClaim";
    public const string DocumentId = "topUp";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = DocumentType;

    public UnallocatedTopUp View() => new(
        TopUpId, VirtualAccount, Currency, Gross, Fee, Reference, DateTimeOffset.FromUnixTimeMilliseconds(At));
}

/// <summary>Whose a virtual account is, in a partition of its own.</summary>
[NotAudited("It says whose an account number is, and never changes.")]
internal sealed record VirtualAccountOwner(string Tenant, string Owner, string Currency)
{
    public string Id { get; init; } = "virtualAccount";

    public string Type { get; init; } = "virtualAccount";

    public static string PartitionOf(string number) => $"virtualAccount:{number}";
}
