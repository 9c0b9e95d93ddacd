using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinVault.Audit;

namespace FinVault.Escrow;

/// <summary>Whose money an account holds.</summary>
public enum AccountKind
{
    /// <summary>A host's wallet.</summary>
    Host,

    /// <summary>What a merchant has earned.</summary>
    Merchant,

    /// <summary>Money between two of the platform's processes; may be overdrawn.</summary>
    Clearing,

    /// <summary>The world outside: its balance is the negative of what came in through the provider.</summary>
    Provider,

    /// <summary>Sub-account where top-ups land (ESC-02).</summary>
    Main,

    /// <summary>Sub-account of reserved prize funds (ESC-02).</summary>
    Escrow,

    /// <summary>Sub-account of merchants' net payouts (ESC-02).</summary>
    Withdrawal,

    /// <summary>Sub-account of the platform's fee (ESC-02).</summary>
    Fee,

    /// <summary>What subscribers pay the platform (ESC-24).</summary>
    Revenue,
}

/// <summary>
/// An account and its balance: one document, the head of the account's journal. All amounts are minor units.
/// <para>
/// <see cref="Clearing"/> is this account's share of the clearing account. Whatever an entry takes from or adds to
/// <see cref="Available"/> and <see cref="Held"/> it books against it, in the same transaction of the same partition,
/// so <c>Available + Held + Clearing = 0</c> holds for every account in every state that anybody can ever read. Two
/// partitions cannot change at once; if the counter-entry stood in another one there would be instants between
/// the two writes at which the books do not balance. Over all accounts the shares sum to the money in flight.
/// </para>
/// </summary>
/// <param name="Account">The account's id, also the partition.</param>
/// <param name="Kind">Decides whether it may be overdrawn.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="Available">What can be spent; less than zero only where <see cref="MayOverdraw"/>.</param>
/// <param name="Held">Reserved by pending transfers; never less than zero.</param>
/// <param name="Clearing">The counter-balance of the two.</param>
/// <param name="Sequence">Entries so far.</param>
/// <param name="Hash">Hash of the last entry, or <see cref="Genesis"/>.</param>
/// <param name="At">When the last entry was made.</param>
[NotAudited("The journal is chained by itself.")]
public sealed record LedgerAccount(
    string Account, AccountKind Kind, string Currency, DateTimeOffset CreatedAt,
    long Available, long Held, long Clearing, long Sequence, string Hash, DateTimeOffset At)
{
    internal const string DocumentId = "balance";

    /// <summary>
    /// How far an account may be overdrawn, in minor units. All money enters through such an account, so this limit
    /// keeps every balance among the integers that JSON numbers hold exactly (2^53), for up to eight of them a
    /// currency.
    /// </summary>
    public const long MaxOverdraft = 1_000_000_000_000_000;

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "balance";

    /// <summary>The least that <see cref="Available"/> may become.</summary>
    internal long Floor => MayOverdraw(Kind) ? -MaxOverdraft : 0;

    public static bool MayOverdraw(AccountKind kind) => kind is AccountKind.Provider or AccountKind.Clearing;

    /// <summary>The platform's own account of a kind, e.g. <c>PLATFORM-ESCROW-INR</c>.</summary>
    public static string PlatformId(AccountKind kind, string currency) =>
        $"PLATFORM-{kind.ToString().ToUpperInvariant()}-{currency}";

    internal static LedgerAccount Open(string account, AccountKind kind, string currency, DateTimeOffset now) =>
        new(account, kind, currency, now, 0, 0, 0, 0, Genesis(account, kind, currency, now), now);

    /// <summary>Where an account's chain begins: the hash of what the account is.</summary>
    internal static string Genesis(string account, AccountKind kind, string currency, DateTimeOffset createdAt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{account}\n{kind}\n{currency}\n{createdAt.ToUnixTimeMilliseconds()}"))));
}
