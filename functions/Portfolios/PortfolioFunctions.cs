using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Your accounts. What is somebody else's does not exist.</summary>
public sealed class PortfolioFunctions(Accounts accounts)
{
    private const int MaxBodyBytes = 4096;

    [Function(nameof(OpenPortfolio))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Open an account", Description = "50 at most.")]
    [Body(typeof(NewPortfolio))]
    [Answers(StatusCodes.Status201Created, typeof(PortfolioAccount), "The account.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidCurrency), nameof(Problems.TooManyPortfolios))]
    public async Task<IActionResult> OpenPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        NewPortfolio wanted = await request.ReadJsonAsync<NewPortfolio>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await accounts.OpenAsync(CurrentUser.Of(context), wanted, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ChangePortfolio))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Change an account", Description = "Another lot method replays all of it, gains of the past included.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(PortfolioSettings))]
    [Answers(StatusCodes.Status200OK, typeof(PortfolioAccount), "The account.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidRequest), nameof(Problems.TransactionRefused))]
    public async Task<IActionResult> ChangePortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "portfolios/{account}/settings")] HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        PortfolioSettings settings = await request.ReadJsonAsync<PortfolioSettings>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await accounts.ChangeAsync(CurrentUser.Of(context), account, settings, cancellation));
    }

    [Function(nameof(RebuildPortfolio))]
    [Access(Roles.Admin, Permission = Permissions.PortfolioManage)]
    [Api("Build an account's holdings anew", Description = "From its transactions; says what was not as they say. For "
        + "its owner and for operators.")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status200OK, typeof(RebuildReport), "What was different.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.TransactionRefused))]
    public async Task<IActionResult> RebuildPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/rebuild")] HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(
            await accounts.RebuildAsync(CurrentUser.Of(context), account, context.CancellationToken));
}
