using System.Text;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Your own losses worth taking. Of others there are none.</summary>
public sealed class TaxLossFunctions(TaxLossViews views)
{
    private const int MaxBodyBytes = 32 * 1024;

    [Function(nameof(GetTaxLosses))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Losses worth taking", Description = "Open lots that cost more than 1.05 times what they are worth, each with the "
        + "wash-sale check 30 days either side over all of your accounts. At most an hour old.")]
    [Parameter("user_id", typeof(string), "You.")]
    [Parameter("format", typeof(string), "As what.", Values = ["json", "csv"], Default = "json")]
    [Answers(StatusCodes.Status200OK, typeof(TaxLossView), "The opportunities; with format=csv, a row for each.")]
    [Fails(nameof(Problems.UnknownUser), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> GetTaxLosses(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "users/{user_id}/tax-loss-opportunities")]
        HttpRequest request,
        string user_id,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        CurrentUser user = Own(context, user_id);
        bool isCsv = request.Choice<TaxLossFormat>("format") == TaxLossFormat.Csv;
        TaxLossView view = await views.ReadAsync(user.TenantId, user.UserId, context.CancellationToken);
        return isCsv ? new CsvAnswer(TaxLossCsv.Rows(view.Opportunities.Select(Row), view.Currency)) : new JsonAnswer(view);
    }

    [Function(nameof(TryTaxLosses))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Try sales before they are made", Description = "Nothing is recorded.")]
    [Parameter("user_id", typeof(string), "You.")]
    [Body(typeof(WhatIfRequest))]
    [Answers(StatusCodes.Status200OK, typeof(WhatIfAnswer), "What they would do.")]
    [Fails(nameof(Problems.UnknownUser), nameof(Problems.InvalidRequest), nameof(Problems.LotNotOpen),
        nameof(Problems.PlanUnavailable))]
    public async Task<IActionResult> TryTaxLosses(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "users/{user_id}/tax-loss-opportunities/what-if")]
        HttpRequest request,
        string user_id,
        FunctionContext context)
    {
        CurrentUser user = Own(context, user_id);
        WhatIfRequest wanted = await request.ReadJsonAsync<WhatIfRequest>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(
            await views.TryAsync(user.TenantId, user.UserId, wanted.Sales, context.CancellationToken));
    }

    private static CurrentUser Own(FunctionContext context, string user) =>
        CurrentUser.Of(context) is var own && own.UserId == user
            ? own
            : throw Problems.UnknownUser.With("You can only ask for yourself.");

    private static TaxLossOpportunity Row(TaxLossItem one) => new(
        one.Account, one.Symbol, one.Lot, one.Quantity, one.PurchasePrice, one.CurrentPrice, one.UnrealizedLoss, one.PurchaseDate,
        one.IsLongTerm, one.Disallowed, [.. one.Replacements.Select(lot => lot.Lot)], one.BuyAgainFrom, one.ClearFrom);
}

/// <summary>How losses are told.</summary>
public enum TaxLossFormat
{
    Json,
    Csv,
}

/// <summary>Rows as a file to be saved (RFC 4180).</summary>
internal sealed class CsvAnswer(IEnumerable<string> rows) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = "attachment; filename=\"tax-losses.csv\"";
        return response.WriteAsync(string.Concat(rows.Select(row => row + "\r\n")), Encoding.UTF8, context.HttpContext.RequestAborted);
    }
}
