using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>What a transaction does.</summary>
public enum TransactionKind
{
    /// <summary>Units for money: opens a lot, after covering what was sold short.</summary>
    Buy,

    /// <summary>Money for units: closes lots, and beyond them opens a short one where the account allows it.</summary>
    Sell,

    /// <summary>Money for units that are held; lots stay as they are.</summary>
    Dividend,

    /// <summary>Every unit becomes <see cref="PortfolioTransaction.Ratio"/> units; costs stay as they are.</summary>
    Split,

    /// <summary>Every unit brings <see cref="PortfolioTransaction.Ratio"/> units more, a lot of their own without cost.</summary>
    BonusIssue,

    /// <summary>Money that lowers the cost of the lots, in proportion to their units.</summary>
    ReturnOfCapital,

    /// <summary>Money that the account costs.</summary>
    Fee,

    /// <summary>Money from outside: an external flow.</summary>
    Deposit,

    /// <summary>Money to outside: an external flow.</summary>
    Withdrawal,

    /// <summary>Units, or without a symbol money, from another account of the owner, with their lots.</summary>
    TransferIn,

    /// <summary>The other side of <see cref="TransferIn"/>: closes lots without a gain.</summary>
    TransferOut,
}

/// <summary>Where a transaction stands (PF-24). Only completed ones count.</summary>
public enum TransactionStatus
{
    /// <summary>Traded in the future: counts when its time has come.</summary>
    Pending,

    /// <summary>Of an import that is being written.</summary>
    Processing,

    /// <summary>It counts.</summary>
    Completed,
}

/// <summary>
/// Something that happened in an account. Never changed and never deleted: one that was wrong is reversed, and then
/// neither it nor its reversal counts. Money is in minor units of <see cref="Currency"/>; quantities and prices have at
/// most 8 decimal digits and 15 digits in all, so that they pass through a store of doubles unharmed.
/// </summary>
/// <param name="Id"><c>PTX_&lt;ULID&gt;</c>.</param>
/// <param name="Account">The account's id.</param>
/// <param name="Sequence">1 for the account's first record, and so on; decides between equal times.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Currency">ISO 4217: of the price, the amount and the fees. One symbol has one in an account.</param>
/// <param name="TradedAt">When it took effect; often long before it was recorded.</param>
/// <param name="RecordedAt">When FinVault heard of it.</param>
public sealed record PortfolioTransaction(
    string Id,
    string Account,
    long Sequence,
    TransactionKind Kind,
    TransactionStatus Status,
    string Currency,
    DateTimeOffset TradedAt,
    DateTimeOffset RecordedAt)
{
    public const string Prefix = "PTX";

    /// <summary>Null for money alone: fees (but of a symbol they may be), deposits, withdrawals, money transferred.</summary>
    public string? Symbol { get; init; }

    /// <summary>Code of the exchange, where it is known.</summary>
    public string? Exchange { get; init; }

    /// <summary>Units, never negative; 0 where <see cref="Kind"/> moves none.</summary>
    public decimal Quantity { get; init; }

    /// <summary>For one unit.</summary>
    public decimal Price { get; init; }

    /// <summary>
    /// Minor units, never negative, without <see cref="Fees"/>: quantity × price of a purchase or sale, rounded half-even;
    /// else the money that moved.
    /// </summary>
    public long Amount { get; init; }

    /// <summary>Minor units beside the amount: part of a purchase's cost, taken from a sale's or dividend's proceeds.</summary>
    public long Fees { get; init; }

    /// <summary>Of a split: new units for one. Of a bonus issue: units that one brings.</summary>
    public decimal? Ratio { get; init; }

    /// <summary>Units of the account's currency for one of <see cref="Currency"/>; 1 where they are the same.</summary>
    public decimal FxRate { get; init; } = 1;

    /// <summary>The day of the rate that was used, the trade's own or the last before; null where none was needed.</summary>
    public DateOnly? FxDate { get; init; }

    /// <summary>When units and money change hands.</summary>
    public DateOnly SettlesOn { get; init; }

    /// <summary>The lots that it takes or covers, whatever the account's method; empty for by method.</summary>
    public IReadOnlyList<LotPick> Picks { get; init; } = [];

    /// <summary>What a transfer in brings, and what a transfer out took whose other side is FinVault's, too.</summary>
    public IReadOnlyList<TransferredLot> Lots { get; init; } = [];

    /// <summary>The account at the other end of a transfer.</summary>
    public string? Counterpart { get; init; }

    /// <summary>The transaction that this one undoes.</summary>
    public string? Reverses { get; init; }

    /// <summary>The transaction that undoes this one.</summary>
    public string? ReversedBy { get; init; }

    /// <summary>The import that brought it, and the row of the file.</summary>
    public string? Import { get; init; }

    public int? ImportRow { get; init; }

    /// <summary>Why a pending one could not be completed when its time came; a code. It stays pending, and counts not.</summary>
    public string? Refusal { get; init; }

    /// <summary>The caller's own id: what is sent again with it is not recorded again.</summary>
    public string? ClientId { get; init; }

    /// <summary>The owner's, at most 500 characters.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it counts for holdings, gains and returns.</summary>
    [JsonIgnore]
    public bool IsInForce => Status == TransactionStatus.Completed && Reverses is null && ReversedBy is null;

    /// <summary>Those that count, in the order in which they took effect: the one that everything is computed in.</summary>
    public static IEnumerable<PortfolioTransaction> InForce(IEnumerable<PortfolioTransaction> transactions) =>
        transactions.Where(t => t.IsInForce).OrderBy(t => t.TradedAt).ThenBy(t => t.Sequence);
}
