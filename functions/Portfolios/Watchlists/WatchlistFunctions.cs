using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Your watchlists. What is somebody else's does not exist.</summary>
public sealed class WatchlistFunctions(Watchlists watchlists)
{
    private const int MaxBodyBytes = 16 * 1024;

    [Function(nameof(MakeWatchlist))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Make a watchlist", Description = "20 at most, of up to 100 symbols, in your order.")]
    [Body(typeof(NewWatchlist))]
    [Answers(StatusCodes.Status201Created, typeof(Watchlist), "The list.")]
    [Fails(nameof(Problems.InvalidWatchlist), nameof(Problems.TooManyWatchlists))]
    public async Task<IActionResult> MakeWatchlist(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "watchlists")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        NewWatchlist wanted = await request.ReadJsonAsync<NewWatchlist>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await watchlists.AddAsync(CurrentUser.Of(context), wanted, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ListWatchlists))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Your watchlists", Description = "All of them, without quotes.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<Watchlist>), "Lists, oldest first.")]
    public async Task<IActionResult> ListWatchlists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watchlists")] HttpRequest request,
        FunctionContext context) =>
        new JsonAnswer(await watchlists.ListAsync(CurrentUser.Of(context), context.CancellationToken));

    [Function(nameof(GetWatchlist))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("A watchlist with its quotes")]
    [Parameter("watchlist", typeof(string), "The list.")]
    [Answers(StatusCodes.Status200OK, typeof(WatchlistView), "The list, and a quote for each symbol that has one.")]
    [Fails(nameof(Problems.UnknownWatchlist))]
    public async Task<IActionResult> GetWatchlist(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watchlists/{watchlist}")] HttpRequest request,
        string watchlist,
        FunctionContext context) =>
        new JsonAnswer(await watchlists.ReadAsync(CurrentUser.Of(context), watchlist, context.CancellationToken));

    [Function(nameof(ChangeWatchlist))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Change a watchlist", Description = "Its name, its symbols and their order.")]
    [Parameter("watchlist", typeof(string), "The list.")]
    [Body(typeof(NewWatchlist))]
    [Answers(StatusCodes.Status200OK, typeof(Watchlist), "The list.")]
    [Fails(nameof(Problems.UnknownWatchlist), nameof(Problems.InvalidWatchlist))]
    public async Task<IActionResult> ChangeWatchlist(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "watchlists/{watchlist}")] HttpRequest request,
        string watchlist,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        NewWatchlist wanted = await request.ReadJsonAsync<NewWatchlist>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await watchlists.ReplaceAsync(CurrentUser.Of(context), watchlist, wanted, cancellation));
    }

    [Function(nameof(DeleteWatchlist))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Delete a watchlist")]
    [Parameter("watchlist", typeof(string), "The list.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is gone.")]
    [Fails(nameof(Problems.UnknownWatchlist))]
    public async Task<IActionResult> DeleteWatchlist(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "watchlists/{watchlist}")] HttpRequest request,
        string watchlist,
        FunctionContext context)
    {
        await watchlists.DeleteAsync(CurrentUser.Of(context), watchlist, context.CancellationToken);
        return new NoContentResult();
    }
}
