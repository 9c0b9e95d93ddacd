using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>What your accounts have earned, and at which risk.</summary>
public sealed class PerformanceFunctions(
    Performances performances, LivePerformances live, HoldingPerformances holdings)
{
    private const string FromText = "The window begins when this day ends; a year before its end without it.";
    private const string ToText = "The window ends when this day ends; with the last snapshot without it.";
    private const string BenchmarkText = "A symbol to measure beta and alpha against.";
    private const string ExplainText = "Whether flows, sub-periods and FX are told, too.";

    private const string HoldingToText = "The window ends when this day ends; with the last close without it.";

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
        FunctionContext context) => new JsonAnswer(await performances.ReadAllAsync(
            CurrentUser.Of(context), CurrencyOf(request), PerformanceQuery.Of(request), context.CancellationToken));

    [Function(nameof(GetLiveTotalPerformance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What your accounts have earned together up to this moment", Description = "The snapshots, and today's values at "
        + "live prices and rates; at most 30 seconds old.")]
    [Parameter("currency", typeof(string), "ISO 4217; that of the first account without it.")]
    [Parameter("from", typeof(DateOnly), FromText)]
    [Parameter("to", typeof(DateOnly), "The window ends when this day ends; now without it.")]
    [Parameter("benchmark", typeof(string), BenchmarkText)]
    [Parameter("explain", typeof(bool), ExplainText)]
    [Answers(StatusCodes.Status200OK, typeof(PerformanceView), "The figures.")]
    [Fails(
        nameof(Problems.InvalidCurrency), nameof(Problems.InvalidDate), nameof(Problems.RangeTooLong),
        nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetLiveTotalPerformance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/performance/live")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(await live.ReadAllAsync(
            CurrentUser.Of(context), CurrencyOf(request), PerformanceQuery.Of(request), context.CancellationToken));

    [Function(nameof(GetHoldingPerformance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What a holding has earned", Description = "As an account that has nothing else: what is paid for units goes in, "
        + "sales and dividends come out.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("symbol", typeof(string), "The symbol.")]
    [Parameter("from", typeof(DateOnly), FromText)]
    [Parameter("to", typeof(DateOnly), HoldingToText)]
    [Parameter("benchmark", typeof(string), BenchmarkText)]
    [Parameter("explain", typeof(bool), ExplainText)]
    [Answers(StatusCodes.Status200OK, typeof(PerformanceView), "The figures.")]
    [Fails(
        nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownHolding), nameof(Problems.InvalidDate),
        nameof(Problems.RangeTooLong), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetHoldingPerformance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/holdings/{symbol}/performance")]
        HttpRequest request,
        string account,
        string symbol,
        FunctionContext context) => new JsonAnswer(await holdings.ReadAsync(
            CurrentUser.Of(context), account, symbol, null, PerformanceQuery.Of(request), context.CancellationToken));

    [Function(nameof(GetLotPerformance))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What a lot has earned", Description = "Its cost goes in when it is opened; its part of sales, dividends and "
        + "returned capital comes out.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("symbol", typeof(string), "The symbol.")]
    [Parameter("lot", typeof(string), "The lot, open or sold.")]
    [Parameter("from", typeof(DateOnly), FromText)]
    [Parameter("to", typeof(DateOnly), HoldingToText)]
    [Parameter("benchmark", typeof(string), BenchmarkText)]
    [Parameter("explain", typeof(bool), ExplainText)]
    [Answers(StatusCodes.Status200OK, typeof(PerformanceView), "The figures.")]
    [Fails(
        nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownHolding), nameof(Problems.InvalidDate),
        nameof(Problems.RangeTooLong), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetLotPerformance(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/holdings/{symbol}/lots/{lot}/performance")]
        HttpRequest request,
        string account,
        string symbol,
        string lot,
        FunctionContext context) => new JsonAnswer(await holdings.ReadAsync(
            CurrentUser.Of(context), account, symbol, lot, PerformanceQuery.Of(request), context.CancellationToken));

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

    private static string? CurrencyOf(HttpRequest request)
    {
        string? currency = request.Query["currency"].ToString() is { Length: > 0 } told ? told : null;
        return currency is null || Currencies.Exists(currency)
            ? currency
            : throw Problems.InvalidCurrency.With("currency is no code of ISO 4217, in capitals.");
    }
}
