using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Everything of your portfolios as a file.</summary>
public sealed class ExportFunctions(Exports exports)
{
    [Function(nameof(StartExport))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Limit("portfolio-exports", 10, 3600)]
    [Api("Export your portfolios", Description = "All accounts with their transactions, lots and daily values, alerts, "
        + "watchlists and links, as JSON and as tables, in one archive. Ask for the job, then for its file.")]
    [Answers(StatusCodes.Status202Accepted, typeof(JobView), "The job; its result says what the file has.")]
    [Fails(nameof(Problems.UploadsUnavailable))]
    public async Task<IActionResult> StartExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/exports")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await exports.StartAsync(CurrentUser.Of(context), context.CancellationToken), StatusCodes.Status202Accepted);

    [Function(nameof(GetExport))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("The file of an export", Description = "The URL reads this one file for a few minutes. Kept for a week.")]
    [Parameter("job", typeof(string), "The export's job.")]
    [Answers(StatusCodes.Status200OK, typeof(ExportFile), "Where it is had.")]
    [Fails(nameof(Problems.UnknownJob), nameof(Problems.ExportNotReady), nameof(Problems.UploadsUnavailable))]
    public async Task<IActionResult> GetExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/exports/{job}")] HttpRequest request,
        string job,
        FunctionContext context) => new JsonAnswer(
            await exports.FindAsync(CurrentUser.Of(context), job, context.CancellationToken));
}
