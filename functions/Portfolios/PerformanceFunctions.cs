using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>What your accounts have earned, and at which risk.</summary>
public sealed class PerformanceFunctions(Performances performances, LivePerformances live)
{
    private const string FromText = "The window begins when this day ends; a year before its end without it.";
    private const string ToText = "The window ends when this day ends; with the last snapshot without it.";
    private const string BenchmarkText = "A symbol to measure beta and alpha against.";
    private const string ExplainText = "Whether flows, sub-periods and FX are told, too.";

    [Function(nameof(GetPerformance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What an account has earned", Description = "From its daily snapshots, at the exchange's close; never from "
        + "anything newer. A figure that cannot be known is `unavailable` with a reason.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("from", typeof(DateOnly), FromText)]
    [Parameter("to", typeof(DateOnly), ToText)]
    [Parameter("benchmark", typeof(string), BenchmarkText)]
    [Parameter("explain", typeof(bool), ExplainText)]
    [Answers(StatusCodes.Status200OK, typeof(PerformanceView), "The figures.")]
    [Fails(
        nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidDate), nameof(Problems.RangeTooLong),
        nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetPerformance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/performance")] HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(await performances.ReadAsync(
            CurrentUser.Of(context), account, PerformanceQuery.Of(request), context.CancellationToken));

    [Function(nameof(GetTotalPerformance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What your accounts have earned together", Description = "Transfers between them are no flows; amounts are "
        + "converted at the rates of their days.")]
    [Parameter("currency", typeof(string), "ISO 4217; that of the first account without it.")]
    [Parameter("from", typeof(DateOnly), FromText)]
    [Parameter("to", typeof(DateOnly), ToText)]
    [Parameter("benchmark", typeof(string), BenchmarkText)]
    [Parameter("explain", typeof(bool), ExplainText)]
    [Answers(StatusCodes.Status200OK, typeof(PerformanceView), "The figures.")]
    [Fails(
        nameof(Problems.InvalidCurrency), nameof(Problems.InvalidDate), nameof(Problems.RangeTooLong),
        nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetTotalPerformance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/performance")] HttpRequest request,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? currency = request.Query["currency"].ToString() is { Length: > 0 } told ? told : null;
        return currency is null || Currencies.Exists(currency)
            ? new JsonAnswer(await performances.ReadAllAsync(
                CurrentUser.Of(context), currency, PerformanceQuery.Of(request), context.CancellationToken))
            : throw Problems.InvalidCurrency.With("currency is no code of ISO 4217, in capitals.");
    }

    [Function(nameof(GetLivePerformance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What an account has earned up to this moment", Description = "The snapshots, and today's value at live prices; "
        + "at most 30 seconds old.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("from", typeof(DateOnly), FromText)]
    [Parameter("to", typeof(DateOnly), "The window ends when this day ends; now without it.")]
    [Parameter("benchmark", typeof(string), BenchmarkText)]
    [Parameter("explain", typeof(bool), ExplainText)]
    [Answers(StatusCodes.Status200OK, typeof(PerformanceView), "The figures.")]
    [Fails(
        nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidDate), nameof(Problems.RangeTooLong),
        nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetLivePerformance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/performance/live")]
        HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(await live.ReadAsync(
            CurrentUser.Of(context), account, PerformanceQuery.Of(request), context.CancellationToken));
}
