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

/// <summary>
/// The extension's HTTP API for instances, under <c>/runtime/webhooks/durabletask</c>. As in Azure every call carries
/// the system key (<c>code</c> or <c>x-functions-key</c>), which the links of a check-status response have.
/// </summary>
sealed partial class ManagementEndpoints(DurableTaskClient client, string key)
{
    public const string Root = "/runtime/webhooks/durabletask";
    const double LongestWaitSeconds = 230;
    const string ContinuationHeader = "x-ms-continuation-token";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder root = endpoints.MapGroup(Root);
        root.AddEndpointFilter(async (context, next) =>
            HasKey(context.HttpContext.Request) ? await next(context) : Results.Unauthorized());
        root.MapPost("/orchestrators/{functionName}/{instanceId?}", Start);
        root.MapGet("/instances", List);
        root.MapDelete("/instances", PurgeMany);
        RouteGroupBuilder instance = root.MapGroup("/instances/{instanceId}");
        instance.MapGet("", Get);
        instance.MapDelete("", Purge);
        instance.MapPost("/raiseEvent/{eventName}", RaiseEvent);
        instance.MapPost("/terminate", (string instanceId, string? reason) => Steer(
            instanceId, () => client.TerminateInstanceAsync(instanceId, (object?)reason)));
        instance.MapPost("/suspend", (string instanceId, string? reason) => Steer(
            instanceId, () => client.SuspendInstanceAsync(instanceId, reason)));
        instance.MapPost("/resume", (string instanceId, string? reason) => Steer(
            instanceId, () => client.ResumeInstanceAsync(instanceId, reason)));
        instance.MapPost("/rewind", Rewind);
        instance.MapPost("/restart", Restart);
    }

    bool HasKey(HttpRequest request)
    {
        string given = request.Query["code"].FirstOrDefault()
            ?? request.Headers["x-functions-key"].FirstOrDefault() ?? "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
    }

    async Task<IResult> RaiseEvent(string instanceId, string eventName, HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return Results.BadRequest("Only application/json request content is supported");
        }

        return await Body(request) is (true, var payload)
            ? await Steer(instanceId, () => client.RaiseEventAsync(instanceId, eventName, payload))
            : Results.BadRequest("Invalid JSON content");
    }

    async Task<IResult> Rewind(string instanceId, string? reason)
    {
        if (await client.GetInstanceAsync(instanceId) is not { } found)
        {
            return Results.NotFound();
        }

        if (found.RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Terminated)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        try
        {
            await client.RewindInstanceAsync(instanceId, reason ?? "");
            return Results.Accepted();
        }
        catch (InvalidOperationException e)
        {
            return Results.BadRequest(e.Message);
        }
    }

    async Task<IResult> Restart(string instanceId, HttpRequest request, bool restartWithNewInstanceId = true)
    {
        try
        {
            return Accepted(request, await client.RestartAsync(instanceId, restartWithNewInstanceId));
        }
        catch (ArgumentException)
        {
            return Results.BadRequest("InstanceId does not match a valid orchestration instance.");
        }
        catch (OrchestrationAlreadyExistsException e)
        {
            return Results.Conflict(e.Message);
        }
    }

    /// <summary>What only an instance that has not ended takes: 404 for none, 410 for one that has ended.</summary>
    async Task<IResult> Steer(string instanceId, Func<Task> steer)
    {
        if (await client.GetInstanceAsync(instanceId) is not { } found)
        {
            return Results.NotFound();
        }

        if (found.IsCompleted)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        await steer();
        return Results.Accepted();
    }

    /// <summary>The body's JSON; false where it is none. No body is null.</summary>
    static async Task<(bool IsJson, JsonElement? Value)> Body(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        if (body.Length == 0)
        {
            return (true, null);
        }

        try
        {
            return (true, JsonSerializer.Deserialize<JsonElement>(body.GetBuffer().AsSpan(0, (int)body.Length)));
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }
}
