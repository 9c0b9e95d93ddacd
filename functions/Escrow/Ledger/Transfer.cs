using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FinVault.Audit;

namespace FinVault.Escrow;

/// <summary>What a caller wants moved.</summary>
/// <param name="Id">
/// The caller's own, up to 100 letters, digits, <c>_</c> and <c>-</c>: a call that is repeated with it is done once. An
/// id keeps the content that it was first tried with, also when funds were lacking.
/// </param>
/// <param name="DebitAccount">Who pays.</param>
/// <param name="CreditAccount">Who is paid.</param>
/// <param name="Amount">Minor units, more than zero.</param>
/// <param name="Currency">ISO 4217, that of both accounts.</param>
/// <param name="Reference">What it is for, e.g. an escrow's id; at most 200 characters.</param>
public sealed partial record TransferRequest(
    string Id, string DebitAccount, string CreditAccount, long Amount, string Currency, string Reference = "")
{
    /// <summary>The most that one transfer moves, in minor units.</summary>
    public const long MaxAmount = 1_000_000_000_000;

    private const int MaxReference = 200;

    /// <summary>True for the form of ids of transfers and accounts that callers give.</summary>
    public static bool IsId(string? id) => id is not null && IdForm().IsMatch(id);

    /// <summary>What is wrong with it by itself, without looking at any account.</summary>
    internal TransferCode? Check()
    {
        bool named = IsId(Id) && IsId(DebitAccount) && IsId(CreditAccount);
        bool described = Reference is { Length: <= MaxReference } && !Reference.Any(char.IsControl);
        return this switch
        {
            _ when !named || !described => TransferCode.InvalidId,
            _ when Amount is <= 0 or > MaxAmount => TransferCode.InvalidAmount,
            _ when !Currencies.Exists(Currency) => TransferCode.UnknownCurrency,
            _ when DebitAccount == CreditAccount => TransferCode.SameAccount,
            _ => null,
        };
    }

    /// <summary>The same for the same content, and for no other.</summary>
    internal string Fingerprint(TimeSpan? holdFor) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Id}\n{DebitAccount}\n{CreditAccount}\n{Amount}\n{Currency}\n{Reference}\n{holdFor?.Ticks}"))));

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_\-]{0,99}\z")]
    private static partial Regex IdForm();
}

/// <summary>
/// A transfer's record, in the partition of the account that pays. It changes only together with that account's
/// journal, except for the last step, which says that the other account's journal has the credit.
/// </summary>
/// <param name="Id">The caller's id; of a reversal, the original's with <c>.reversal</c>.</param>
/// <param name="Account">Who pays.</param>
/// <param name="CreditAccount">Who is paid.</param>
/// <param name="Amount">Minor units that were asked for or are held.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Reference">What it is for.</param>
/// <param name="State">Where it stands.</param>
/// <param name="PostedAmount">Minor units that moved: 0 until posted, then at most <paramref name="Amount"/>.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="ExpiresAt">When a hold ends by itself; null for a direct transfer.</param>
/// <param name="Reverses">The transfer that this one takes back, if it does.</param>
[NotAudited("The journal is chained by itself.")]
public sealed record Transfer(
    string Id, string Account, string CreditAccount, long Amount, string Currency, string Reference,
    TransferState State, long PostedAmount, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? Reverses)
{
    private const string ReversalSuffix = ".reversal";

    public string Type { get; init; } = "transfer";

    public long? ExpiresAtMilliseconds => ExpiresAt?.ToUnixTimeMilliseconds();

    /// <summary>The id of the one reversal that a transfer can have. No caller can give an id of this form.</summary>
    public static string ReversalOf(string id) => id + ReversalSuffix;

    /// <summary>True for the form of ids of transfers: a caller's, or that of a reversal.</summary>
    public static bool IsId(string? id) => TransferRequest.IsId(
        id?.EndsWith(ReversalSuffix, StringComparison.Ordinal) == true ? id[..^ReversalSuffix.Length] : id);

    internal static Transfer Of(
        TransferRequest request, TimeSpan? holdFor, string? reverses, DateTimeOffset now) => new(
        request.Id, request.DebitAccount, request.CreditAccount, request.Amount, request.Currency, request.Reference,
        holdFor is null ? TransferState.Posting : TransferState.Pending, holdFor is null ? request.Amount : 0,
        now, now + holdFor, reverses);
}
