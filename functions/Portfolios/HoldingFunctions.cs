using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>What your accounts hold, at the prices of now.</summary>
public sealed class HoldingFunctions(Valuations valuations)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1_000;

    [Function(nameof(GetPortfolios))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Your accounts and their total", Description = "At the prices of now. A number that cannot be known is "
        + "`unavailable` with a reason, never 0.")]
    [Parameter("currency", typeof(string), "ISO 4217 of the total; that of the first account without it.")]
    [Answers(StatusCodes.Status200OK, typeof(PortfolioOverview), "The accounts, oldest first.")]
    [Fails(nameof(Problems.InvalidCurrency))]
    public async Task<IActionResult> GetPortfolios(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios")] HttpRequest request,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? currency = request.Query["currency"].ToString() is { Length: > 0 } told ? told : null;
        return currency is null || Currencies.Exists(currency)
            ? new JsonAnswer(await valuations.ReadAllAsync(CurrentUser.Of(context), currency, context.CancellationToken))
            : throw Problems.InvalidCurrency.With("currency is no code of ISO 4217, in capitals.");
    }

    [Function(nameof(GetPortfolio))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An account at the prices of now")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status200OK, typeof(AccountSummary), "The account.")]
    [Fails(nameof(Problems.UnknownPortfolio))]
    public async Task<IActionResult> GetPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}")] HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(
            (await valuations.ReadAsync(CurrentUser.Of(context), account, context.CancellationToken)).Summary);

    [Function(nameof(GetHoldings))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("What an account holds", Description = "By symbol, each at the price of now, with when that is from and whether "
        + "it is stale.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("status", typeof(string), "Which.", Values = ["open", "closed", "all"], Default = "open")]
    [Paged(DefaultPage, MaxPage)]
    [Answers(StatusCodes.Status200OK, typeof(Page<HoldingView>), "Holdings.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetHoldings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/holdings")] HttpRequest request,
        string account,
        FunctionContext context)
    {
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        HoldingStatus status = request.Choice<HoldingStatus>("status") ?? HoldingStatus.Open;
        string kind = $"holdings:{account}:{status}";
        string after = page.After<string>(kind) ?? "";
        ValuedAccount valued = await valuations.ReadAsync(CurrentUser.Of(context), account, context.CancellationToken);
        HoldingView[] wanted =
            [.. valued.Holdings.Where(h => status == HoldingStatus.All || h.Quantity != 0 == (status == HoldingStatus.Open))];
        HoldingView[] rest = [.. wanted.Where(h => string.CompareOrdinal(h.Symbol, after) > 0).Skip(page.Offset)];
        HoldingView[] rows = [.. rest.Take(page.Limit)];
        bool hasNext = rest.Length > rows.Length;
        int offset = wanted.Length - rest.Length;
        return new JsonAnswer(new Page<HoldingView>(
            rows, hasNext ? Cursor.Write(kind, rows[^1].Symbol) : null, new(wanted.Length, page.Limit, offset, hasNext)));
    }

    [Function(nameof(GetHolding))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("A holding with its lots", Description = "Open ones at the price of now, and those that were sold with their gain.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("symbol", typeof(string), "The symbol.")]
    [Answers(StatusCodes.Status200OK, typeof(HoldingDetail), "The holding.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownHolding))]
    public async Task<IActionResult> GetHolding(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/holdings/{symbol}")]
        HttpRequest request,
        string account,
        string symbol,
        FunctionContext context) => new JsonAnswer(
            await valuations.ReadAsync(CurrentUser.Of(context), account, symbol, context.CancellationToken));
}
