using System.ComponentModel;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>What whoever has a link sees.</summary>
public enum LinkShows
{
    /// <summary>Weights and returns, and nothing that says how much it is.</summary>
    Percentages,

    /// <summary>Also quantities and money.</summary>
    Amounts,
}

/// <summary>A link as its owner wants it.</summary>
public sealed record NewLink(
    [property: Description("1 to 100 characters; who has the link sees it.")] string Name,
    [property: Description("percentages, or amounts too.")] LinkShows Shows,
    [property: Description("1 to 365; it ends by itself after so many.")] int Days = 30,
    [property: Description("Your accounts; all that you have now without it.")] IReadOnlyList<string>? Accounts = null);

/// <summary>A read-only link to accounts.</summary>
public sealed record PortfolioLink(
    string Id, string Name, LinkShows Shows, IReadOnlyList<string> Accounts, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt);

/// <summary>A new link.</summary>
/// <param name="Token">Shown this one time: whoever has it may look.</param>
/// <param name="Link">The link.</param>
public sealed record MadeLink(string Token, PortfolioLink Link);

/// <summary>Who has a link sends its token, in the body, where no log keeps it.</summary>
public sealed record LinkToken(string Token);

/// <summary>What is held of a symbol.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Weight">Of the market value: 0.25 for a quarter.</param>
/// <param name="Unrealized">Of its cost.</param>
/// <param name="DayChange">Of what it was worth the day before.</param>
/// <param name="Amounts">Null where the link shows percentages.</param>
public sealed record SharedHolding(
    string Symbol, Statistic Weight, Statistic Unrealized, Statistic DayChange, SharedUnits? Amounts);

/// <summary>How much is held; minor units of the shared currency.</summary>
public sealed record SharedUnits(decimal Quantity, MoneyFigure Cost, MoneyFigure Value);

/// <summary>Growth at the end of a day; 1 when the window began.</summary>
public sealed record SharedPoint(DateOnly Date, double Growth);

/// <summary>What was earned in the last year, from daily snapshots; no amount is in it.</summary>
public sealed record SharedPerformance(
    DateOnly From, DateOnly To, Statistic TimeWeighted, Statistic DayReturn, Statistic YearToDate, Statistic Volatility,
    DrawdownView? Drawdown, IReadOnlyList<SharedPoint> Series);

/// <summary>Money, minor units of the shared currency.</summary>
public sealed record SharedAmounts(MoneyFigure Value, MoneyFigure Cost, MoneyFigure DayChange, MoneyFigure Unrealized);

/// <summary>A portfolio as whoever has a link sees it: read-only, without names of accounts and owner.</summary>
/// <param name="Name">The link's.</param>
/// <param name="Shows">What is in it.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="ExpiresAt">When the link ends.</param>
/// <param name="AsOf">The oldest price in it; null without prices.</param>
/// <param name="Stale">Whether any price in it is.</param>
/// <param name="Holdings">The largest first, at most 200.</param>
/// <param name="Performance">Of the last year.</param>
/// <param name="Amounts">Null where the link shows percentages.</param>
public sealed record SharedPortfolio(
    string Name, LinkShows Shows, string Currency, DateTimeOffset ExpiresAt, DateTimeOffset? AsOf, bool Stale,
    IReadOnlyList<SharedHolding> Holdings, SharedPerformance Performance, SharedAmounts? Amounts)
{
    public const int MaxHoldings = 200;
}

/// <summary>A link, in the partition of its owner's accounts. Without it the pointer leads nowhere.</summary>
[NotAudited("Making and ending a link are events of the audit trail.")]
internal sealed record LinkDocument(
    string Account, string Id, string Tenant, string Owner, [property: Sensitive] string Hash, PortfolioLink Link, int Ttl)
{
    public const string DocumentType = "link";

    public string Type { get; init; } = DocumentType;

    /// <summary>The owner's place that it takes; null of one that is older than places.</summary>
    public int? Place { get; init; }
}

/// <summary>Leads from a token, of which only the hash is kept, to its link.</summary>
[NotAudited("It follows from the link.")]
internal sealed record LinkPointer(string Account, string Owners, string Link, int Ttl)
{
    public const string DocumentId = "link";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "linkPointer";

    public static string PartitionOf(string hash) => $"link:{hash}";
}
