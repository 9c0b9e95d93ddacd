using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Your portfolio on the live connection, while you look at it.</summary>
public sealed class LiveFunctions(LiveWatches watches)
{
    [Function(nameof(WatchPortfolio))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Watch your portfolio live", Description = "Messages `portfolio` come to your live connections at most once a "
        + "second, in parts of 100 holdings, for a minute. Call it again before that for as long as you look, and after "
        + "recording something. A message says what a price or a rate can change, to be laid over what was read. A figure is "
        + "minor units, or the name of the reason why it is unavailable, with words for it in `why`; ages are milliseconds "
        + "before `at`. `total`: [currency, value, marketValue, cost, dayChange, unrealized, realized, income, stale, age]. "
        + "`known`: the total's, where a part is not known. `accounts`: [account, records, value, marketValue, dayChange, "
        + "unrealized, unrealizedFx, stale, age, priced?, [cashValue, ...inAccount]?]; with another number of `records` than "
        + "was read, read again. `quotes`: [currency, source, session, stale]; `rates`: [from, to, rate, age, stale, "
        + "source]. `rows`: [account, symbol, quote, price, previousClose, age, eventAge, marketValue, dayChange, unrealized], "
        + "where account and quote are places in those lists, and where exchange rates play a part also unrealizedFx, "
        + "localMarketValue, localDayChange, rate.")]
    [Answers(StatusCodes.Status200OK, typeof(LiveWatch), "The portfolio as it is now.")]
    public async Task<IActionResult> WatchPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/live")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await watches.WatchAsync(CurrentUser.Of(context), context.CancellationToken));
}
