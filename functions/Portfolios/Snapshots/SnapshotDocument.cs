using System.Globalization;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>Money that crossed an account's border on a date; minor units of the account's currency.</summary>
/// <param name="Date">The date, which need not be a trading day.</param>
/// <param name="In">From outside.</param>
/// <param name="Out">To outside.</param>
/// <param name="MovedIn">From other accounts of the owner.</param>
/// <param name="MovedOut">To other accounts of the owner.</param>
internal sealed record SnapshotFlow(DateOnly Date, long In, long Out, long MovedIn = 0, long MovedOut = 0)
{
    /// <summary>The flows of an account's transactions, by date, ascending.</summary>
    /// <param name="transactions">Those not in force are ignored.</param>
    /// <param name="account">Whose border it is.</param>
    /// <param name="worth">What a transfer was worth; null, or null of it, for its cost.</param>
    public static IEnumerable<SnapshotFlow> Of(
        IReadOnlyList<PortfolioTransaction> transactions, PortfolioAccount account, Func<PortfolioTransaction, long?>? worth)
    {
        LotRules rules = LotRules.Of(account);
        FlowScope scope = account.TracksCash ? FlowScope.Account : FlowScope.Holding;
        Dictionary<DateOnly, BorderFlow> moved = ExternalFlows.Of(transactions.Where(IsTransfer), scope, rules, worth)
            .ToDictionary(flow => flow.Date);
        Dictionary<DateOnly, BorderFlow> outside = ExternalFlows.Of(transactions.Where(t => !IsTransfer(t)), scope, rules)
            .ToDictionary(flow => flow.Date);
        foreach (DateOnly date in moved.Keys.Union(outside.Keys).Order())
        {
            (BorderFlow? one, BorderFlow? other) = (outside.GetValueOrDefault(date), moved.GetValueOrDefault(date));
            yield return new(date, one?.In ?? 0, one?.Out ?? 0, other?.In ?? 0, other?.Out ?? 0);
        }
    }

    private static bool IsTransfer(PortfolioTransaction transaction) =>
        transaction.Kind is TransactionKind.TransferIn or TransactionKind.TransferOut;
}

/// <summary>
/// An account when a trading day had ended, in its partition; its id is the day. Minor units of the account's currency.
/// What cannot be known is null, and <see cref="Missing"/> says what it would have taken.
/// </summary>
/// <param name="Account">The partition.</param>
/// <param name="Day">The trading day.</param>
/// <param name="Total">Holdings at the day's closes and rates, and money where the account tracks it.</param>
/// <param name="Cash">Money, whether it counts or not.</param>
/// <param name="Cost">What the open lots cost.</param>
/// <param name="Flows">Since the snapshot before, by date.</param>
/// <param name="Fx">What exchange rates made of what was held the day before.</param>
/// <param name="Earned">The day's return, 0.01 for 1 %; null where none can be told.</param>
/// <param name="YearToDate">The return since the last day of the year before.</param>
/// <param name="Broken">Why the day's return, and that of every window over it, is not known.</param>
/// <param name="Chain">Running figures, from which the next day goes on.</param>
/// <param name="Exposure">What is held by currency: minor units of that currency.</param>
/// <param name="Rates">Units of the account's currency for one of each of those.</param>
/// <param name="Missing">Symbols without a close, and pairs of currencies without a rate; the first few.</param>
/// <param name="MadeAt">When.</param>
[NotAudited("It is reckoned from transactions and prices, which are kept.")]
internal sealed record SnapshotDocument(
    string Account, DateOnly Day, long? Total, long? Cash, long Cost, IReadOnlyList<SnapshotFlow> Flows, long? Fx,
    double? Earned, double? YearToDate, UnavailableReason? Broken, GrowthChain Chain,
    IReadOnlyDictionary<string, long> Exposure, IReadOnlyDictionary<string, decimal> Rates,
    IReadOnlyList<string> Missing, DateTimeOffset MadeAt)
{
    public const string DocumentType = "snapshot";
    public const int MaxMissing = 20;

    public string Id { get; init; } = IdOf(Day);

    public string Type { get; init; } = DocumentType;

    /// <summary>To find a range of days by.</summary>
    public string Place { get; init; } = IdOf(Day);

    /// <summary>The running growth, where a query finds it.</summary>
    public double Growth { get; init; } = Chain.Growth;

    public static string IdOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The part of a snapshot that a window is measured by.</summary>
/// <param name="Day">The trading day.</param>
/// <param name="Total">Null where it is not known.</param>
/// <param name="Flows">Since the snapshot before.</param>
/// <param name="Fx">Null where it is not known.</param>
/// <param name="Earned">The day's return.</param>
/// <param name="Growth">Running; the quotient of two is what happened between them.</param>
/// <param name="Broken">Why there is no return of the day.</param>
/// <param name="Missing">What was missing.</param>
internal sealed record SnapshotRow(
    DateOnly Day, long? Total, IReadOnlyList<SnapshotFlow> Flows, long? Fx, double? Earned, double Growth,
    UnavailableReason? Broken, IReadOnlyList<string> Missing)
{
    /// <summary>Whether it stands for a day whose snapshot is still to be made.</summary>
    public bool IsPending { get; init; }
}
