using System.Text.RegularExpressions;
using FinVault.Audit;

namespace FinVault.Escrow;

/// <summary>How far the loading of airtime came.</summary>
public enum AirtimeState
{
    /// <summary>The provider has been asked, or will be.</summary>
    Vending,

    /// <summary>It is on the phone.</summary>
    Completed,

    /// <summary>It could not be loaded; the host has its money back.</summary>
    Refunded,
}

/// <summary>How the provider says that it ended; the first word counts.</summary>
internal enum AirtimeOutcome
{
    None,
    Succeeded,
    Failed,
}

/// <summary>
/// A winner's airtime, in the host's partition. It is written before the provider is called (ESC-10, ESC-12), since the
/// provider's event may come before its answer.
/// </summary>
/// <param name="HostWalletReference">The wallet that a refund goes to; cleared by the refund, so there is one (ESC-13).</param>
/// <param name="DueAt">When recovery asks the provider, in Unix milliseconds; null when it has ended.</param>
[NotAudited("Every step of it posts to the journal, which is chained by itself.")]
internal sealed partial record AirtimeGift(
    string Id, string Tenant, string Escrow, string Phone, long Amount, string Currency, string? HostWalletReference,
    AirtimeState State, AirtimeOutcome Outcome, DateTimeOffset At, long? DueAt)
{
    private const string VendSuffix = "-VEND";

    public string Type { get; init; } = "airtime";

    /// <summary>The provider's reference of it.</summary>
    public static string VendOf(string escrowId) => escrowId + VendSuffix;

    /// <summary>The escrow of a reference; null when it is none of ours.</summary>
    public static string? EscrowOf(string reference) => reference.EndsWith(VendSuffix, StringComparison.Ordinal)
        ? reference[..^VendSuffix.Length]
        : null;

    public static string IdOf(string escrowId) => $"AIRTIME_{escrowId["ESCROW_".Length..]}";

    public static bool IsPhone(string? phone) => phone is not null && Phones().IsMatch(phone);

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z")]
    private static partial Regex Phones();
}
