using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>
/// The head of an account, in its own partition. Every change of the account replaces it under its ETag, so that it is
/// the fence: of two changes made from the same state one is done again.
/// </summary>
/// <param name="Account">The partition: the account's id.</param>
/// <param name="Data">What the owner sees.</param>
/// <param name="Sequence">The last record's.</param>
/// <param name="Generation">Which holding documents count; another set is written beside them and then takes over.</param>
/// <param name="Cash">Minor units by currency.</param>
/// <param name="Unfinished">Committed work whose last documents may be missing; done before anything else.</param>
[NotAudited("It is reckoned from transactions, which are kept as they were booked.")]
internal sealed record AccountDocument(
    string Account, PortfolioAccount Data, long Sequence, string Generation, IReadOnlyDictionary<string, long> Cash,
    IReadOnlyList<UnfinishedWork> Unfinished)
{
    public const string DocumentId = "account";
    public const string DocumentType = "account";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = DocumentType;

    /// <summary>To find accounts whose work is unfinished.</summary>
    public string? State => Unfinished.Count > 0 ? UnfinishedState : null;

    public const string UnfinishedState = "unfinished";

    /// <summary>Up to this day snapshots are as the transactions are; later ones are to be made, or made again.</summary>
    public DateOnly SnapshotsThrough { get; init; }

    /// <summary>
    /// Currencies whose daily rates its snapshots rest on, its own among them; empty where they rest on none. Null of one
    /// whose snapshots are older than this is.
    /// </summary>
    public IReadOnlyList<string>? Converts { get; init; }

    public static AccountDocument New(PortfolioAccount account) =>
        new(account.Id, account, 0, "0", new Dictionary<string, long>(), [])
        {
            SnapshotsThrough = DateOnly.FromDateTime(account.OpenedAt.UtcDateTime),
            Converts = [],
        };
}

/// <summary>What is decided and only needs to be written out.</summary>
internal enum UnfinishedKind
{
    /// <summary>The rows of an import count: say so on each.</summary>
    CompleteImport,

    /// <summary>The rows of an import do not count any more: write a reversal of each.</summary>
    UndoImport,

    /// <summary>The orders of a plan are confirmed: write out those that are not there yet.</summary>
    RecordOrders,

    /// <summary>What a transfer took from this account: write it into the other one.</summary>
    CompleteTransfer,

    /// <summary>What a transfer brought was taken back: take it back in the account that gave it, too.</summary>
    ReverseTransfer,
}

/// <param name="Kind">What is to do.</param>
/// <param name="Subject">The import's or the transaction's id.</param>
/// <param name="Sequence">The last record's before those that are still to be written.</param>
/// <param name="At">When it was decided.</param>
internal sealed record UnfinishedWork(UnfinishedKind Kind, string Subject, long Sequence, DateTimeOffset At);

/// <summary>What an account holds, or held, of a symbol; in the account's partition.</summary>
[NotAudited("It is reckoned from transactions, which are kept as they were booked.")]
internal sealed record HoldingDocument(string Account, string Generation, Position Position, string? Exchange)
{
    public const string DocumentType = "holding";

    public string Id { get; init; } = IdOf(Generation, Position.Symbol);

    public string Type { get; init; } = DocumentType;

    public static string IdOf(string generation, string symbol) => $"HOLDING-{generation}-{symbol}";
}

/// <summary>A transaction, in its account's partition.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Account">The partition.</param>
/// <param name="Place">Sorts by the time that it took effect, then by sequence.</param>
/// <param name="Print">The same for what a broker's file tells twice.</param>
/// <param name="Symbol">To find a symbol's.</param>
/// <param name="Status">To find those of a status.</param>
/// <param name="Import">To find an import's.</param>
/// <param name="IsDue">To find those that are to be completed when their time has come.</param>
/// <param name="Entry">The transaction.</param>
[NotAudited("Transactions are a journal of their own: a correction is another one.")]
internal sealed record TransactionDocument(
    string Id, string Account, string Place, string Print, string? Symbol, TransactionStatus Status, string? Import,
    bool IsDue, PortfolioTransaction Entry)
{
    public const string DocumentType = "transaction";

    public string Type { get; init; } = DocumentType;

    public static TransactionDocument Of(PortfolioTransaction entry) => new(
        entry.Id, entry.Account, PlaceOf(entry.TradedAt, entry.Sequence), PrintOf(entry), entry.Symbol, entry.Status,
        entry.Import, entry is { Status: TransactionStatus.Pending, ReversedBy: null, Reverses: null, Refusal: null }, entry);

    public static string PlaceOf(DateTimeOffset at, long sequence) => string.Create(
        CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds():D15}-{sequence:D10}");

    public static string PrintOf(PortfolioTransaction entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.ImportRow is not null && entry.ClientId is { } told)
        {
            // The broker's own id says it better than anything else.
            return told;
        }

        string units = string.Create(
            CultureInfo.InvariantCulture,
            $"{ExactNumbers.Trim(entry.Quantity)}|{ExactNumbers.Trim(entry.Price)}|{entry.Ratio}");
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Kind}|{entry.Symbol}|{entry.TradedAt:yyyyMMdd}|{units}|{entry.Amount}|{entry.Currency}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..24];
    }
}

/// <summary>What a caller's own id stands for.</summary>
[NotAudited("It says that a transaction was booked, so that it is booked once.")]
internal sealed record ClientIdDocument(string Account, string ClientId, string Transaction)
{
    public const string DocumentType = "clientId";

    public string Id { get; init; } = IdOf(ClientId);

    public string Type { get; init; } = DocumentType;

    public static string IdOf(string clientId) => $"KEY-{clientId}";
}

/// <summary>That an account is a user's, in the partition of the user's accounts.</summary>
[NotAudited("It follows from the account.")]
internal sealed record OwnedAccountDocument(string Id, string Account)
{
    public const string DocumentType = "owned";

    public string Type { get; init; } = DocumentType;

    public static string PartitionOf(string tenant, string owner) => $"owner:{tenant}:{owner}";
}

/// <summary>How many accounts a user has.</summary>
[NotAudited("It is a counter.")]
internal sealed record OwnedCount(string Account, int Total)
{
    public const string DocumentId = "count";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "count";
}
