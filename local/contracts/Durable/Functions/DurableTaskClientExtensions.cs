using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// The answer to a request that started an orchestration. Static in the package, so it is written here as there: from
/// the request's address, or from the client's where there is no request.
/// </summary>
public static class DurableTaskClientExtensions
{
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    public static async Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        HttpStatusCode statusCode,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        HttpResponseData response = request.CreateResponse(statusCode);
        HttpManagementPayload payload = client.CreateHttpManagementPayload(instanceId, request);
        response.Headers.Add("Location", payload.StatusQueryGetUri);
        response.Headers.Add("Content-Type", "application/json");
        await JsonSerializer.SerializeAsync(response.Body, payload, cancellationToken: cancellation);
        return response;
    }

    public static HttpManagementPayload CreateHttpManagementPayload(
        this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        IDurableHttpLinks? links = client as IDurableHttpLinks;
        string? root = request is null
            ? links?.HttpBaseUrl
            : request.Url.GetLeftPart(UriPartial.Authority) + "/runtime/webhooks/durabletask";
        if (root is null)
        {
            throw new InvalidOperationException(
                "Failed to create HTTP management payload as base URL is null. Either use Functions bindings or "
                + "provide an HTTP request to create the HttpPayload.");
        }

        string instance = $"{root}/instances/{Uri.EscapeDataString(instanceId)}";
        string? key = links?.QueryString;
        return new()
        {
            Id = instanceId,
            PurgeHistoryDeleteUri = Url(instance, key),
            SendEventPostUri = Url(instance + "/raiseEvent/{eventName}", key),
            StatusQueryGetUri = Url(instance, key),
            TerminatePostUri = Url(instance + "/terminate", "reason={{text}}", key),
            SuspendPostUri = Url(instance + "/suspend", "reason={{text}}", key),
            ResumePostUri = Url(instance + "/resume", "reason={{text}}", key),
        };
    }

    static string Url(string path, params string?[] query) => query.Where(q => !string.IsNullOrEmpty(q)).ToArray()
        is { Length: > 0 } parts ? $"{path}?{string.Join('&', parts)}" : path;
}
