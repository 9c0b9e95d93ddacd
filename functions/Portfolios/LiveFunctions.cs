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
    private const int MaxBodyBytes = 1024;

    [Function(nameof(WatchPortfolio))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Watch your portfolio live", Description = "Messages `portfolio` come to the connection at most once a second, for a "
        + "minute. Call it again before that for as long as it is looked at, and after recording something.")]
    [Body(typeof(LiveWatchRequest))]
    [Answers(StatusCodes.Status200OK, typeof(LiveWatch), "The portfolio as it is now.")]
    [Fails(nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> WatchPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/live")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        LiveWatchRequest wanted = await request.ReadJsonAsync<LiveWatchRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await watches.WatchAsync(CurrentUser.Of(context), wanted.ConnectionId, cancellation));
    }

    [Function(nameof(LeavePortfolio))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Stop watching your portfolio", Description = "On this connection; others go on.")]
    [Parameter("connection", typeof(string), "The connection.")]
    [Answers(StatusCodes.Status204NoContent, null, "It hears no more.")]
    public async Task<IActionResult> LeavePortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "portfolios/live/{connection}")] HttpRequest request,
        string connection,
        FunctionContext context)
    {
        await watches.LeaveAsync(CurrentUser.Of(context), connection, context.CancellationToken);
        return new NoContentResult();
    }
}
