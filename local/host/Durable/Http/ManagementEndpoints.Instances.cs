using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>Starting, listing and purging over HTTP.</summary>
sealed partial class ManagementEndpoints
{
    async Task<IResult> Start(string functionName, string? instanceId, HttpRequest request, double timeout = 0)
    {
        (bool isJson, JsonElement? input) = await Body(request);
        if (!isJson)
        {
            return Results.BadRequest("Invalid JSON content");
        }

        try
        {
            string id = await client.ScheduleNewOrchestrationInstanceAsync(
                functionName,
                input,
                new StartOrchestrationOptions(instanceId),
                request.HttpContext.RequestAborted);
            return await Ended(id, timeout, request.HttpContext.RequestAborted) is { } output
                ? Results.Content(output, "application/json")
                : Accepted(request, id);
        }
        catch (OrchestrationAlreadyExistsException e)
        {
            return Results.Conflict(e.Message);
        }
    }

    /// <summary>The output, where the caller wants to wait for it and it comes in time.</summary>
    async Task<string?> Ended(string id, double seconds, CancellationToken aborted)
    {
        if (!(seconds > 0))
        {
            return null;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(TimeSpan.FromSeconds(Math.Min(seconds, LongestWaitSeconds)));
        try
        {
            OrchestrationMetadata ended = await client.WaitForInstanceCompletionAsync(id, true, limit.Token);
            return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                ? ended.SerializedOutput ?? "null"
                : null;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return null;
        }
    }

    async Task<IResult> Get(
        string instanceId,
        HttpRequest request,
        bool showInput = true,
        bool showHistory = false,
        bool showHistoryOutput = false,
        bool returnInternalServerErrorOnFailure = false)
    {
        if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true) is not { } found)
        {
            return Results.NotFound();
        }

        List<HistoryStep>? history = showHistory
            ? HistoryStep.Of(await client.GetOrchestrationHistoryAsync(instanceId), showHistoryOutput)
            : null;
        StatusPayload status = StatusPayload.Of(found, showInput, history);
        if (!found.IsCompleted)
        {
            request.HttpContext.Response.Headers.RetryAfter = "5";
            return Results.Accepted(request.GetEncodedUrl(), status);
        }

        bool isError = found.RuntimeStatus == OrchestrationRuntimeStatus.Failed && returnInternalServerErrorOnFailure;
        return Results.Json(
            status, statusCode: isError ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
    }

    async Task<IResult> List(
        HttpResponse response,
        HttpRequest request,
        string? instanceIdPrefix,
        DateTimeOffset? createdTimeFrom,
        DateTimeOffset? createdTimeTo,
        string? runtimeStatus,
        bool showInput = false,
        int top = OrchestrationQuery.DefaultPageSize)
    {
        OrchestrationQuery query = new(
            createdTimeFrom, createdTimeTo, Statuses(runtimeStatus), null, instanceIdPrefix, top, true,
            request.Headers[ContinuationHeader].FirstOrDefault());
        await foreach (Page<OrchestrationMetadata> page in client.GetAllInstancesAsync(query).AsPages())
        {
            response.Headers[ContinuationHeader] = page.ContinuationToken;
            return Results.Ok(page.Values.Select(m => StatusPayload.Of(m, showInput)));
        }

        return Results.Ok(Array.Empty<StatusPayload>());
    }

    async Task<IResult> Purge(string instanceId) => await client.GetInstanceAsync(instanceId) is null
        ? Results.NotFound()
        : Results.Ok(Deleted(await client.PurgeInstanceAsync(instanceId)));

    async Task<IResult> PurgeMany(DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? runtimeStatus)
    {
        if (createdTimeFrom is null)
        {
            return Results.BadRequest("Please provide value for 'createdTimeFrom' parameter.");
        }

        PurgeResult purged = await client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(createdTimeFrom, createdTimeTo, Statuses(runtimeStatus)));
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Ok(Deleted(purged));
    }

    IResult Accepted(HttpRequest request, string id)
    {
        string root = $"{request.Scheme}://{request.Host}{request.PathBase}{Root}/instances/{Uri.EscapeDataString(id)}";
        string code = "code=" + Uri.EscapeDataString(key);
        request.HttpContext.Response.Headers.RetryAfter = "10";
        return Results.Accepted($"{root}?{code}", new
        {
            id,
            statusQueryGetUri = $"{root}?{code}",
            sendEventPostUri = $"{root}/raiseEvent/{{eventName}}?{code}",
            terminatePostUri = $"{root}/terminate?reason={{text}}&{code}",
            rewindPostUri = $"{root}/rewind?reason={{text}}&{code}",
            purgeHistoryDeleteUri = $"{root}?{code}",
            restartPostUri = $"{root}/restart?{code}",
            suspendPostUri = $"{root}/suspend?reason={{text}}&{code}",
            resumePostUri = $"{root}/resume?reason={{text}}&{code}",
        });
    }

    /// <summary>Names that are no status are left out, as in the extension.</summary>
    static OrchestrationRuntimeStatus[]? Statuses(string? list) =>
        list?.Split(',').Where(text => Enum.TryParse(text, out OrchestrationRuntimeStatus _))
            .Select(Enum.Parse<OrchestrationRuntimeStatus>).ToArray();

    static object Deleted(PurgeResult purged) => new { instancesDeleted = purged.PurgedInstanceCount };
}
