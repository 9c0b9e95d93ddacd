using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Bringing accounts back to their targets: a plan to review, then its orders.</summary>
public sealed class RebalanceFunctions(Rebalances rebalances)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int DefaultPage = 20;
    private const int MaxPage = 50;

    [Function(nameof(SetTargets))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Set an account's targets", Description = "Weights are parts of 1; what is left stays cash. Band, minimum trade, "
        + "step (1 for whole units), fee and taxes have defaults. A plan that is open is out of date by it.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(RebalanceTargets))]
    [Answers(StatusCodes.Status200OK, typeof(RebalanceTargets), "The targets.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidTargets))]
    public async Task<IActionResult> SetTargets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "portfolios/{account}/targets")] HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        RebalanceTargets targets = await request.ReadJsonAsync<RebalanceTargets>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await rebalances.SetTargetsAsync(CurrentUser.Of(context), account, targets, cancellation));
    }

    [Function(nameof(GetTargets))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An account's targets")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status200OK, typeof(RebalanceTargets), "The targets.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.NoTargets))]
    public async Task<IActionResult> GetTargets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/targets")] HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(
            await rebalances.TargetsAsync(CurrentUser.Of(context), account, context.CancellationToken));

    [Function(nameof(PlanRebalance))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Plan the trades that lead to the targets", Description = "Nothing is traded by it. An account has one open plan: "
        + "one that is out of date is replaced, one that is not must be confirmed or cancelled first. It can be "
        + "confirmed for 15 minutes.")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status201Created, typeof(RebalancePlanView), "The plan.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.NoTargets), nameof(Problems.PlanOpen),
        nameof(Problems.PlanUnavailable))]
    public async Task<IActionResult> PlanRebalance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/rebalance")] HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(
            await rebalances.PlanAsync(CurrentUser.Of(context), account, context.CancellationToken),
            StatusCodes.Status201Created);

    [Function(nameof(ListRebalances))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An account's plans", Description = "Newest first, also those that a night made: where each stands and how much it "
        + "is about. A plan is kept for a year.")]
    [Parameter("account", typeof(string), "The account.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<RebalancePlanSummary>), "Plans, without their orders.")]
    [Fails(nameof(Problems.UnknownPortfolio))]
    public async Task<IActionResult> ListRebalances(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/rebalance")] HttpRequest request,
        string account,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        return new JsonAnswer(
            await rebalances.ListAsync(CurrentUser.Of(context), account, page, context.CancellationToken));
    }

    [Function(nameof(GetRebalance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("A plan")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("plan", typeof(string), "The plan.")]
    [Answers(StatusCodes.Status200OK, typeof(RebalancePlanView), "The plan.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownPlan))]
    public async Task<IActionResult> GetRebalance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/rebalance/{plan}")]
        HttpRequest request,
        string account,
        string plan,
        FunctionContext context) => new JsonAnswer(
            await rebalances.ReadAsync(CurrentUser.Of(context), account, plan, context.CancellationToken));

    [Function(nameof(ConfirmRebalance))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Confirm a plan", Description = "Records all its orders as pending transactions, or none; they count when their "
        + "exchanges trade. Refused when prices have moved by more than 0.5 %, or holdings or targets are others than in "
        + "the plan. May be repeated.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("plan", typeof(string), "The plan.")]
    [Answers(StatusCodes.Status200OK, typeof(RebalancePlanView), "The plan with its transactions.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownPlan), nameof(Problems.PlanOutdated))]
    public async Task<IActionResult> ConfirmRebalance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/rebalance/{plan}/confirm")]
        HttpRequest request,
        string account,
        string plan,
        FunctionContext context) => new JsonAnswer(
            await rebalances.ConfirmAsync(CurrentUser.Of(context), account, plan, context.CancellationToken));

    [Function(nameof(CancelRebalance))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Cancel a plan", Description = "May be repeated; one that was confirmed stays so.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("plan", typeof(string), "The plan.")]
    [Answers(StatusCodes.Status200OK, typeof(RebalancePlanView), "The plan.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownPlan), nameof(Problems.PlanOutdated))]
    public async Task<IActionResult> CancelRebalance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/rebalance/{plan}/cancel")]
        HttpRequest request,
        string account,
        string plan,
        FunctionContext context) => new JsonAnswer(
            await rebalances.CancelAsync(CurrentUser.Of(context), account, plan, context.CancellationToken));
}
