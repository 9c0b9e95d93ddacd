using System.ComponentModel;

namespace FinVault.Portfolios;

/// <summary>What an account is to be called and how it is kept.</summary>
public sealed record NewPortfolio(
    [property: Description("1 to 100 characters.")] string Name,
    [property: Description("ISO 4217; gains and totals are told in it. It never changes.")] string Currency)
{
    public LotMethod LotMethod { get; init; } = LotMethod.Fifo;

    [Description("Whether every deposit is told too, so that money counts for the account's value.")]
    public bool TracksCash { get; init; }

    [Description("Whether a sale may take more than is held, and open a short position; else it is refused.")]
    public bool ShortSelling { get; init; }
}

/// <summary>What of an account may change; what is left out stays.</summary>
public sealed record PortfolioSettings
{
    [Description("1 to 100 characters.")]
    public string? Name { get; init; }

    [Description("Another one replays the account from its first transaction.")]
    public LotMethod? LotMethod { get; init; }

    public bool? TracksCash { get; init; }

    [Description("It cannot be taken back for as long as a transaction leans on it.")]
    public bool? ShortSelling { get; init; }
}

/// <summary>Transactions of one call: all are recorded, or none.</summary>
public sealed record TransactionRequests(IReadOnlyList<TransactionRequest> Transactions);

/// <summary>Why a transaction is taken back.</summary>
public sealed record ReversalRequest([property: Description("Up to 500 characters.")] string? Reason = null);

/// <summary>Whether the holdings were what the transactions say.</summary>
/// <param name="Transactions">How many were replayed.</param>
/// <param name="Holdings">How many holdings they make.</param>
/// <param name="Differences">Symbols, or currencies of money, that were not as the transactions say; now they are.</param>
public sealed record RebuildReport(int Transactions, int Holdings, IReadOnlyList<string> Differences);
