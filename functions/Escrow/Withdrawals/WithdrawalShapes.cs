using System.Globalization;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Extensions.Configuration;

namespace FinVault.Escrow;

/// <summary>What a merchant wants paid to its bank account.</summary>
/// <param name="Id">The caller's own, <c>WITHDRAWAL_&lt;ULID&gt;</c>: repeated with it, it is paid once.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record WithdrawalRequest(string Id, long Amount, string Currency);

/// <summary>What a merchant has earned in one currency, in minor units.</summary>
/// <param name="MerchantId">Whose.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Available">What can be withdrawn.</param>
/// <param name="Held">What is being withdrawn.</param>
public sealed record MerchantBalance(string MerchantId, string Currency, long Available, long Held);

/// <summary>Why a withdrawal is turned down.</summary>
public sealed record WithdrawalRejection(string Reason);

/// <summary>A withdrawal of a merchant.</summary>
/// <param name="Id">Also the ledger's transfer that holds the money.</param>
/// <param name="MerchantId">Whose money.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="State">Where it stands.</param>
/// <param name="RequestedBy">The user who asked for it.</param>
/// <param name="DecidedBy">The user who approved or turned it down; null where nobody had to.</param>
/// <param name="Reason">Why it was turned down or did not succeed.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="ChangedAt">When it came to be as it is.</param>
public sealed record Withdrawal(
    string Id, string MerchantId, long Amount, string Currency, WithdrawalState State, string RequestedBy,
    string? DecidedBy, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <summary>The numbers of withdrawals, in minor units. Each is a setting <c>Withdrawals:Name</c> with this default.</summary>
public sealed record WithdrawalOptions
{
    /// <summary>Above this a second person decides: ₹50,000.00.</summary>
    public long FourEyesAbove { get; init; } = 5_000_000;

    /// <summary>The most that one withdrawal may be: ₹10,00,000.00.</summary>
    public long MaxAmount { get; init; } = 100_000_000;

    /// <summary>The most that a merchant may withdraw on a day (UTC) in one currency: ₹20,00,000.00.</summary>
    public long MaxPerDay { get; init; } = 200_000_000;

    /// <summary>Undecided for this long, it is turned down.</summary>
    public int ApprovalDays { get; init; } = 7;

    public static WithdrawalOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        WithdrawalOptions options = new();
        configuration.GetSection("Withdrawals").Bind(options);
        return options;
    }
}

/// <summary>Kinds of messages about withdrawals; each payload has the <c>tenant</c>.</summary>
public static class WithdrawalMessages
{
    public const string AwaitingApproval = "withdrawal.awaitingApproval";
    public const string Completed = "withdrawal.completed";
    public const string Failed = "withdrawal.failed";
    public const string Rejected = "withdrawal.rejected";

    internal static string? Of(WithdrawalState state) => state switch
    {
        WithdrawalState.AwaitingApproval => AwaitingApproval,
        WithdrawalState.Completed => Completed,
        WithdrawalState.Failed => Failed,
        WithdrawalState.Rejected => Rejected,
        _ => null,
    };
}

/// <summary>A withdrawal as it is kept, in its tenant's partition.</summary>
[Audited("withdrawal", Containers.Escrow, Subject = "tenant")]
internal sealed record WithdrawalDocument(
    string Id, string Tenant, string Merchant, long Amount, string Currency,
    [property: Sensitive] string BankAccount, WithdrawalState State,
    string RequestedBy, long At, long ChangedAt, string? DecidedBy = null, string? Reason = null,
    string? ProviderFailure = null)
{
    public const string DocumentType = "withdrawal";
    public const string Prefix = "WITHDRAWAL";

    public string Type { get; init; } = DocumentType;

    public Withdrawal View() => new(
        Id, Merchant, Amount, Currency, State, RequestedBy, DecidedBy, Reason, At.ToInstant(), ChangedAt.ToInstant());

    public bool IsSame(string merchant, WithdrawalRequest request) =>
        (Merchant, Amount, Currency) == (merchant, request.Amount, request.Currency);
}

/// <summary>Whose a withdrawal's id is, in a partition of its own: events name the id alone.</summary>
[NotAudited("It follows from the withdrawal, which is.")]
internal sealed record WithdrawalOwner(string Tenant, string Owner)
{
    public string Id { get; init; } = "owner";

    public string Type { get; init; } = "withdrawalOwner";

    public static string PartitionOf(string withdrawal) => $"withdrawal:{withdrawal}";
}

/// <summary>What a merchant has withdrawn on a day, less what came back.</summary>
[NotAudited("It is a counter.")]
internal sealed record WithdrawalDay(string Id, string Tenant, long Total, int Ttl = WithdrawalDay.KeptSeconds)
{
    // Longer than any withdrawal of the day can be open.
    private const int KeptSeconds = 500 * 24 * 3600;

    public string Type { get; init; } = "withdrawalDay";

    public static string IdOf(string merchant, string currency, long at) => string.Create(
        CultureInfo.InvariantCulture, $"DAY-{merchant}-{currency}-{at.ToInstant():yyyyMMdd}");
}

internal static class Milliseconds
{
    public static DateTimeOffset ToInstant(this long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
