using System.Text.Json.Serialization;
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

/// <summary>
/// What the last second's ticks have changed, by all that a price or a rate can change of it; what stands until something
/// is recorded is not said again. Azure bills each message to each connection, and one of more than 2 KB as several.
/// </summary>
/// <remarks>
/// A figure is minor units, or in its place the name of the reason why it is unavailable, which <c>why</c> tells in words.
/// Ages are milliseconds before <c>at</c>; null for what there is none of. What is marked with ? is left out when it says
/// nothing.
/// <list type="bullet">
/// <item><c>at</c>: when it was worked out, milliseconds since the Unix epoch.</item>
/// <item><c>total</c>: <c>[currency, value, marketValue, cost, dayChange, unrealized, realized, income, stale, age]</c>.</item>
/// <item><c>known?</c>: the total's, where a part of it is not known.</item>
/// <item><c>accounts</c>, those of which something changed:
/// <c>[account, records, value, marketValue, dayChange, unrealized, unrealizedFx, stale, age, priced?, cash?]</c>.
/// Another number of records than was read says that more than prices has changed: read again. <c>priced</c> is there where
/// not all is; <c>cash</c> where some is of another currency: <c>[cashValue, …inAccount]</c>.</item>
/// <item><c>quotes</c>: <c>[currency, source, session, stale]</c>, and <c>rates?</c>: <c>[from, to, rate, age, stale,
/// source]</c>, to which rows point.</item>
/// <item><c>rows</c>, holdings whose price changed, others may be in messages of the same time: <c>[account, symbol, quote,
/// price, previousClose, age, eventAge, marketValue, dayChange, unrealized]</c> in the account's currency, where
/// <c>account</c> and <c>quote</c> are places in the lists above. Where exchange rates play a part there follows
/// <c>unrealizedFx, localMarketValue, localDayChange, rate</c>: without them local figures are the account's, and FX has
/// made nothing.</item>
/// </list>
/// A gain's price effect is the gain less its FX effect. A holding is stale when its quote or its rate is.
/// </remarks>
/// <param name="At">When it was worked out.</param>
/// <param name="Total">All accounts, in the first one's currency.</param>
/// <param name="Accounts">Those of which something changed.</param>
/// <param name="Holdings">Those whose price changed, by account.</param>
[JsonConverter(typeof(LiveUpdateConverter))]
public sealed record LiveUpdate(
    DateTimeOffset At, PortfolioTotal Total, IReadOnlyList<AccountSummary> Accounts, IReadOnlyList<LiveHolding> Holdings);

/// <summary>A holding at its new price.</summary>
public sealed record LiveHolding(string Account, HoldingView Holding);

/// <summary>That somebody looks at their portfolio; gone by itself when they stop.</summary>
/// <param name="Id">The user's key.</param>
/// <param name="Account">The partition: that of its share.</param>
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
