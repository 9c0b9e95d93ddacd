using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Idempotency;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Read-only links to your portfolio, and what whoever has one sees.</summary>
public sealed class LinkFunctions(PortfolioLinks links)
{
    private const int MaxBodyBytes = 8192;

    [Function(nameof(MakeLink))]
    [Access(Permission = Permissions.PortfolioManage)]
    [ShownOnce]
    [Api("Share your portfolio by a link", Description = "Read-only, by percentages or with amounts, until it ends. 20 at "
        + "most.")]
    [Body(typeof(NewLink))]
    [Answers(StatusCodes.Status201Created, typeof(MadeLink), "The token is shown this one time.")]
    [Fails(nameof(Problems.InvalidLink), nameof(Problems.UnknownPortfolio), nameof(Problems.TooManyLinks))]
    public async Task<IActionResult> MakeLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/links")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        NewLink wanted = await request.ReadJsonAsync<NewLink>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await links.MakeAsync(CurrentUser.Of(context), wanted, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ListLinks))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Your links", Description = "Those that are not over, newest first, without their tokens.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<PortfolioLink>), "Links.")]
    public async Task<IActionResult> ListLinks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/links")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(new Page<PortfolioLink>(
            await links.ListAsync(CurrentUser.Of(context), context.CancellationToken)));

    [Function(nameof(EndLink))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("End a link", Description = "Whoever has it sees nothing from here on.")]
    [Parameter("link", typeof(string), "The link.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is over.")]
    [Fails(nameof(Problems.UnknownLink))]
    public async Task<IActionResult> EndLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "portfolios/links/{link}")] HttpRequest request,
        string link,
        FunctionContext context)
    {
        await links.EndAsync(CurrentUser.Of(context), link, context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(ReadSharedPortfolio))]
    [Public("The token of the link is the proof.")]
    [Limit("shared-portfolio", 30, 60)]
    [Api("A portfolio that is shared with you", Description = "At most 30 seconds old. A token that is wrong, over or ended "
        + "is unknown.")]
    [Body(typeof(LinkToken))]
    [Answers(StatusCodes.Status200OK, typeof(SharedPortfolio), "What the link shows.")]
    [Fails(nameof(Problems.UnknownLink))]
    public async Task<IActionResult> ReadSharedPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "shared/portfolio")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        LinkToken sent = await request.ReadJsonAsync<LinkToken>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await links.ReadAsync(sent.Token, cancellation));
    }
}
