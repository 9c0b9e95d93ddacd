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
        + "second, in parts of 100 holdings, for a minute. Call it again before that for as long as you look, and "
        + "after recording something.")]
    [Answers(StatusCodes.Status200OK, typeof(LiveWatch), "The portfolio as it is now.")]
    public async Task<IActionResult> WatchPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/live")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await watches.WatchAsync(CurrentUser.Of(context), context.CancellationToken));
}
