using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>Names on the live connection.</summary>
public static class LivePortfolio
{
    /// <summary>To a client: a <see cref="LiveUpdate"/>.</summary>
    public const string Target = "portfolio";

    /// <summary>How long somebody is taken to look, unless they say so again.</summary>
    public const int WatchSeconds = 60;

    /// <summary>Holdings in a message, at most: what a browser takes in between two frames of a moving list.</summary>
    public const int HoldingsAMessage = 100;

    /// <summary>An update as it is sent: in several messages where many changed, each with the whole total.</summary>
    public static IEnumerable<LiveUpdate> MessagesOf(LiveUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.Holdings.Chunk(HoldingsAMessage).DefaultIfEmpty([])
            .Select(some => update with { Holdings = some });
    }
}

/// <summary>That the user's connections hear of the portfolio, and for how long.</summary>
/// <param name="ExpiresAt">Ask again before that for as long as it is looked at, and after recording something.</param>
/// <param name="Target">The name of the messages.</param>
/// <param name="Overview">The portfolio as it is now; messages change it from here on.</param>
public sealed record LiveWatch(DateTimeOffset ExpiresAt, string Target, PortfolioOverview Overview);

/// <summary>What the last second's ticks have changed.</summary>
/// <param name="At">When it was worked out.</param>
/// <param name="Total">All accounts, in the first one's currency.</param>
/// <param name="Accounts">Those of which something changed.</param>
/// <param name="Holdings">Those whose price changed, by account; others may be in messages of the same time.</param>
public sealed record LiveUpdate(
    DateTimeOffset At, PortfolioTotal Total, IReadOnlyList<LiveAccount> Accounts, IReadOnlyList<LiveHolding> Holdings);

/// <summary>An account after the last second's ticks.</summary>
public sealed record LiveAccount(
    string Account, MoneyFigure Value, MoneyFigure MarketValue, MoneyFigure DayChange, GainView Unrealized, bool Stale,
    DateTimeOffset? AsOf);

/// <summary>A holding at its new price.</summary>
public sealed record LiveHolding(string Account, HoldingView Holding);

/// <summary>That somebody looks at their portfolio; gone by itself when they stop.</summary>
/// <param name="Id">The user's key.</param>
/// <param name="Account">The partition: one of a few for all watches.</param>
/// <param name="Tenant">Where the accounts are.</param>
/// <param name="User">Whose they are.</param>
/// <param name="Stamp">Changes with the accounts, so that those who keep them in memory read them again.</param>
/// <param name="At">Unix milliseconds: when it was said last.</param>
/// <param name="ExpiresAt">Unix milliseconds.</param>
/// <param name="Ttl">Seconds.</param>
[NotAudited("It lives as long as somebody looks at a portfolio.")]
internal sealed record WatchDocument(
    string Id, string Account, string Tenant, string User, string Stamp, long At, long ExpiresAt, int Ttl)
{
    public const string DocumentType = "watch";

    public string Type { get; init; } = DocumentType;
}
