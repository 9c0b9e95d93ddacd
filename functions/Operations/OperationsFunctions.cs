using System.Text.Json;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FinVault.Operations;

/// <summary>For operators: what runs, what became of it, and the four things that can be done about it.</summary>
public sealed partial class OperationsFunctions(TransferLinks links, AuditTrail trail, ILogger<OperationsFunctions> logger)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;
    private const int DefaultSteps = 200;
    private const int MaxSteps = 1000;
    private const int MaxBodyBytes = 16 * 1024;

    [Function(nameof(ListOrchestrations))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("Orchestrations", Description = "In no promised order. A page that names a cursor may have fewer rows than "
        + "its limit, or none: go on until there is no cursor.")]
    [Parameter("status", typeof(OrchestrationState[]), "Only those in one of these states.")]
    [Parameter("name", typeof(string), "Only those of this orchestrator.")]
    [Parameter("prefix", typeof(string), "Only those whose id begins so.")]
    [Parameter("createdFrom", typeof(DateTimeOffset), "Only those created then or later.")]
    [Parameter("createdTo", typeof(DateTimeOffset), "Only those created then or before.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<OrchestrationRow>), "Orchestrations, without inputs and outputs.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidDate))]
    public async Task<IActionResult> ListOrchestrations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/orchestrations")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        OrchestrationFilter filter = OrchestrationFilter.From(request.Query);
        return new JsonAnswer(await OrchestrationList.ReadAsync(client, filter, page, cancellationToken));
    }

    [Function(nameof(GetOrchestration))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("An orchestration", Description = "Its state, with input, output, custom status and failure as they are.")]
    [Parameter("instanceId", typeof(string), "The orchestration; a business id, such as a giveaway's.")]
    [Answers(StatusCodes.Status200OK, typeof(OrchestrationView), "The orchestration.")]
    [Fails(nameof(Problems.UnknownOrchestration))]
    public async Task<IActionResult> GetOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/orchestrations/{instanceId}")]
        HttpRequest request,
        string instanceId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        new JsonAnswer(OrchestrationView.Of(await client.FindAsync(instanceId, true, cancellationToken)));

    [Function(nameof(GetOrchestrationTimeline))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("An orchestration's timeline", Description = "Its steps in the order in which they began: activities, "
        + "sub-orchestrations, timers and events, each with its attempts. Compensations are marked, and ledger "
        + "transfers that a step names are shown as they stand.")]
    [Parameter("instanceId", typeof(string), "The orchestration.")]
    [Paged(DefaultSteps, MaxSteps)]
    [Answers(StatusCodes.Status200OK, typeof(Page<TimelineStep>), "Steps, oldest first.")]
    [Fails(nameof(Problems.UnknownOrchestration))]
    public async Task<IActionResult> GetOrchestrationTimeline(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/orchestrations/{instanceId}/timeline")]
        HttpRequest request,
        string instanceId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, DefaultSteps, MaxSteps);
        await client.FindAsync(instanceId, false, cancellationToken);
        Page<TimelineStep> steps =
            page.Slice(Timeline.Of(await client.GetOrchestrationHistoryAsync(instanceId, cancellationToken)));
        return new JsonAnswer(steps with { Data = await links.AddToAsync(steps.Data, cancellationToken) });
    }

    [Function(nameof(SuspendOrchestration))]
    [Access(Roles.Admin)]
    [Api("Suspend an orchestration", Description = "It makes no further step until it is resumed; what runs ends.")]
    [Parameter("instanceId", typeof(string), "The orchestration.")]
    [Body(typeof(OperatorOrder))]
    [Answers(StatusCodes.Status202Accepted, typeof(OrderTaken), "It is noted durably and follows soon.")]
    [Fails(nameof(Problems.UnknownOrchestration), nameof(Problems.OrchestrationEnded),
        nameof(Problems.OrchestrationSuspended), nameof(Problems.InvalidRequest))]
    public Task<IActionResult> SuspendOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/orchestrations/{instanceId}/suspend")]
        HttpRequest request, string instanceId, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        OrderAsync(request, instanceId, OperatorAction.Suspend, client, context);

    [Function(nameof(ResumeOrchestration))]
    [Access(Roles.Admin)]
    [Api("Resume a suspended orchestration", Description = "What came for it meanwhile was kept.")]
    [Parameter("instanceId", typeof(string), "The orchestration.")]
    [Body(typeof(OperatorOrder))]
    [Answers(StatusCodes.Status202Accepted, typeof(OrderTaken), "It is noted durably and follows soon.")]
    [Fails(nameof(Problems.UnknownOrchestration), nameof(Problems.OrchestrationEnded),
        nameof(Problems.OrchestrationNotSuspended), nameof(Problems.InvalidRequest))]
    public Task<IActionResult> ResumeOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/orchestrations/{instanceId}/resume")]
        HttpRequest request, string instanceId, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        OrderAsync(request, instanceId, OperatorAction.Resume, client, context);

    [Function(nameof(TerminateOrchestration))]
    [Access(Roles.Admin)]
    [Api("Terminate an orchestration", Description = "With its sub-orchestrations, for good, and without compensation: "
        + "what its steps have done stays done.")]
    [Parameter("instanceId", typeof(string), "The orchestration.")]
    [Body(typeof(OperatorOrder))]
    [Answers(StatusCodes.Status202Accepted, typeof(OrderTaken), "It is noted durably and follows soon.")]
    [Fails(nameof(Problems.UnknownOrchestration), nameof(Problems.OrchestrationEnded),
        nameof(Problems.InvalidRequest))]
    public Task<IActionResult> TerminateOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/orchestrations/{instanceId}/terminate")]
        HttpRequest request, string instanceId, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        OrderAsync(request, instanceId, OperatorAction.Terminate, client, context);

    [Function(nameof(RetryOrchestration))]
    [Access(Roles.Admin)]
    [Api("Retry a failed orchestration from the failed step", Description = "Steps that succeeded keep their results; "
        + "those that failed it are made again, those of failed sub-orchestrations too.")]
    [Parameter("instanceId", typeof(string), "The orchestration.")]
    [Body(typeof(OperatorOrder))]
    [Answers(StatusCodes.Status202Accepted, typeof(OrderTaken), "It goes on from the failed step.")]
    [Fails(nameof(Problems.UnknownOrchestration), nameof(Problems.OrchestrationNotFailed),
        nameof(Problems.InvalidRequest))]
    public Task<IActionResult> RetryOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/orchestrations/{instanceId}/retry")]
        HttpRequest request, string instanceId, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        OrderAsync(request, instanceId, OperatorAction.Retry, client, context);

    private async Task<IActionResult> OrderAsync(
        HttpRequest request, string id, OperatorAction action, DurableTaskClient client, FunctionContext context)
    {
        OperatorOrder order = await request.ReadJsonAsync<OperatorOrder>(MaxBodyBytes, context.CancellationToken);
        string reason = order.CheckedReason();
        OrchestrationMetadata found = await client.FindAsync(id, false, context.CancellationToken);
        if (OperatorActions.Refusal(OrchestrationStates.Of(found.RuntimeStatus), action) is { } refusal)
        {
            throw refusal.With($"The orchestration {id} is {OrchestrationStates.Of(found.RuntimeStatus)}.");
        }

        await OperatorActions.SendAsync(client, id, action, reason, context.CancellationToken);
        string by = CurrentUser.Of(context).UserId;
        await trail.RecordAsync(
            new("orchestration", id, $"operations.{JsonNamingPolicy.CamelCase.ConvertName(action.ToString())}",
                Details: new { found.Name, Reason = reason }),
            context.CancellationToken);
        LogOrder(action, id, found.Name, by, reason);
        return new JsonAnswer(new OrderTaken(id, action, reason, by), StatusCodes.Status202Accepted);
    }

    [LoggerMessage(
        EventId = 6001, Level = LogLevel.Information,
        Message = "{Action} of orchestration {InstanceId} ({Orchestrator}) by {UserId}: {Reason}")]
    private partial void LogOrder(
        OperatorAction action, string instanceId, string orchestrator, string userId, string reason);
}
