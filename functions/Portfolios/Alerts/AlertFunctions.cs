using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.Outbox;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Your alerts. What is somebody else's does not exist.</summary>
public sealed class AlertFunctions(Alerts alerts, OutboxPublisher publisher)
{
    private const int MaxBodyBytes = 4096;
    private const int PollMilliseconds = 200;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(SetAlert))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Set an alert", Description = "200 at most. It fires at the next price for which it holds, also over a gap; "
        + "a price that was made before does not fire it. A drawdown is judged as prices move, and at each day's close.")]
    [Body(typeof(NewAlert))]
    [Answers(StatusCodes.Status201Created, typeof(AlertView), "The alert; every price from now on is judged by it.")]
    [Fails(nameof(Problems.InvalidAlert), nameof(Problems.UnknownSymbol), nameof(Problems.UnknownPortfolio),
        nameof(Problems.TooManyAlerts))]
    public async Task<IActionResult> SetAlert(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "alerts")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        NewAlert wanted = await request.ReadJsonAsync<NewAlert>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await alerts.AddAsync(CurrentUser.Of(context), wanted, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ListAlerts))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Your alerts", Description = "All of them, newest first.")]
    [Parameter("symbol", typeof(string), "Only on this symbol, or account.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<AlertView>), "Alerts.")]
    public async Task<IActionResult> ListAlerts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "alerts")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? symbol = request.Query["symbol"];
        return new JsonAnswer(await alerts.ListAsync(
            CurrentUser.Of(context), string.IsNullOrEmpty(symbol) ? null : symbol, context.CancellationToken));
    }

    [Function(nameof(GetAlert))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An alert")]
    [Parameter("alert", typeof(string), "The alert.")]
    [Answers(StatusCodes.Status200OK, typeof(AlertView), "The alert.")]
    [Fails(nameof(Problems.UnknownAlert))]
    public async Task<IActionResult> GetAlert(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "alerts/{alert}")] HttpRequest request,
        string alert,
        FunctionContext context) =>
        new JsonAnswer(await alerts.FindAsync(CurrentUser.Of(context), alert, context.CancellationToken));

    [Function(nameof(EditAlert))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Change, pause or resume an alert", Description = "Unless only the note is new it is armed again, also one that "
        + "was done.")]
    [Parameter("alert", typeof(string), "The alert.")]
    [Body(typeof(AlertEdit))]
    [Answers(StatusCodes.Status200OK, typeof(AlertView), "The alert.")]
    [Fails(nameof(Problems.UnknownAlert), nameof(Problems.InvalidAlert))]
    public async Task<IActionResult> EditAlert(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "alerts/{alert}")] HttpRequest request,
        string alert,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        AlertEdit edit = await request.ReadJsonAsync<AlertEdit>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await alerts.EditAsync(CurrentUser.Of(context), alert, edit, cancellation));
    }

    [Function(nameof(DeleteAlert))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Delete an alert", Description = "Its firings stay for 400 days.")]
    [Parameter("alert", typeof(string), "The alert.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is gone.")]
    [Fails(nameof(Problems.UnknownAlert))]
    public async Task<IActionResult> DeleteAlert(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "alerts/{alert}")] HttpRequest request,
        string alert,
        FunctionContext context)
    {
        await alerts.DeleteAsync(CurrentUser.Of(context), alert, context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(ListFirings))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("When an alert fired", Description = "Newest first.")]
    [Parameter("alert", typeof(string), "The alert.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<FiringView>), "Firings.")]
    [Fails(nameof(Problems.UnknownAlert), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListFirings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "alerts/{alert}/firings")] HttpRequest request,
        string alert,
        FunctionContext context) => new JsonAnswer(await alerts.FiringsAsync(
            CurrentUser.Of(context), alert, PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));

    /// <summary>Publishes what alerts have to tell, and tells the ticks hub of alerts that their users have changed.</summary>
    [Function(nameof(PublishAlerts))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public async Task PublishAlerts(
        [CosmosDBTrigger(
            Containers.Database, Containers.Alerts, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "outbox-alerts",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context)
    {
        await publisher.PublishAsync(
            Containers.Alerts, changes, context.RetryContext?.RetryCount > 0, context.CancellationToken);
        foreach (string symbol in changes.Where(IsByUser).Select(one => one.GetProperty("symbol").GetString()!).Distinct())
        {
            await alerts.TellAsync(symbol, context.CancellationToken);
        }
    }

    private static bool IsByUser(JsonElement change) =>
        change.TryGetProperty("type", out JsonElement type)
        && (type.ValueEquals(AlertDocument.DocumentType) || type.ValueEquals(AlertDocument.DeletedType))
        && !change.GetProperty("byTick").GetBoolean()
        && !change.GetProperty("kind").ValueEquals("drawdown");
}
