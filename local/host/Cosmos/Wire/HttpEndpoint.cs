using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace FinVault.Local.Cosmos;

/// <summary>The endpoint over plain HTTP, where signatures are checked.</summary>
internal sealed class HttpEndpoint(CosmosEndpoint endpoint)
{
    /// <summary>The service takes 2 MB of document or batch; what is longer is read no further.</summary>
    private const long BodyLimitBytes = 4 * 1024 * 1024;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/", Methods, HandleAsync);
        endpoints.MapMethods("/dbs/{**path}", Methods, HandleAsync);
        endpoints.MapMethods("/offers/{**path}", Methods, HandleAsync);
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.ContentLength > BodyLimitBytes)
        {
            await WriteAsync(context, CosmosResponse.From(Refusal.TooLarge));
            return;
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BodyLimitBytes;
        }
        CosmosRequest request = await ReadAsync(context);
        CosmosResponse answer = MasterKey.Verify(request)
            ? await endpoint.HandleAsync(request, context.RequestAborted)
            : CosmosResponse.Error(401, 0, "The input authorization token can't serve the request. The wrong key is "
                + "being used or the expected payload is not built as per the protocol.");
        await WriteAsync(context, answer);
    }

    private static async Task<CosmosRequest> ReadAsync(HttpContext context)
    {
        var headers = new RequestHeaders();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            headers.Add(name, values.ToString());
        }
        using var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // The raw target, because ASP.NET's path has its escapes decoded but for %2F: ids may hold either.
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? context.Request.Path;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return new CosmosRequest(
            context.Request.Method, CosmosRequest.Split(query < 0 ? target : target[..query]), headers,
            body.GetBuffer().AsMemory(0, (int)body.Length), $"{context.Request.Scheme}://{context.Request.Host}");
    }

    private static async Task WriteAsync(HttpContext context, CosmosResponse answer)
    {
        context.Response.StatusCode = answer.Status;
        string? activity = context.Request.Headers["x-ms-activity-id"].FirstOrDefault();
        answer.WriteHeaders(context.Response.Headers, activity,
            static (target, name, value) => target[name] = value);
        // 204 and 304 may not carry a body, and Kestrel says so by throwing.
        if (answer.Body.Length > 0 && answer.Status is not (204 or 304))
        {
            context.Response.ContentType = answer.ContentType;
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }
}
