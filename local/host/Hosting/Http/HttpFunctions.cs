using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing.Patterns;

namespace FinVault.Local.Hosting;

/// <summary>Maps HTTP functions onto Kestrel and writes what they return.</summary>
public sealed class HttpFunctions(FunctionRunner runner, DrainGate gate, ILogger<HttpFunctions> logger)
{
    // FunctionContextExtensions.GetHttpContext of the ASP.NET Core integration reads this key.
    private const string HttpContextKey = "HttpRequestContext";

    public void Map(IEndpointRouteBuilder routes, IEnumerable<FunctionModel> functions)
    {
        foreach (FunctionModel function in functions.Where(f => f.Plan is HttpTriggerKind.Endpoint))
        {
            var endpoint = (HttpTriggerKind.Endpoint)function.Plan!;
            IEndpointConventionBuilder mapped = endpoint.Methods.Count == 0
                ? routes.Map(endpoint.Pattern, http => InvokeAsync(function, http))
                : routes.Map(endpoint.Pattern, http => InvokeAsync(function, http))
                    .WithMetadata(new HttpMethodMetadata(endpoint.Methods));
            mapped.WithDisplayName(function.Name).WithMetadata(function);
        }
    }

    private async Task InvokeAsync(FunctionModel function, HttpContext http)
    {
        using DrainGate.Pass? pass = gate.TryEnter();
        if (pass is null)
        {
            http.Response.Headers.RetryAfter = "1";
            http.Response.Headers.Connection = "close";
            await Problem(http, StatusCodes.Status503ServiceUnavailable, "The host is stopping.");
            return;
        }

        IServiceProvidersFeature? outer = http.Features.Get<IServiceProvidersFeature>();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, gate.Aborted);
        var input = new TriggerInput(http.Request, RouteData(http))
        {
            Http = http,
            TraceParent = http.Request.Headers.TraceParent,
            TraceState = http.Request.Headers.TraceState,
        };
        try
        {
            await runner.InvokeAsync(function, input, abort.Token, context => AnswerAsync(function, context, http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("{Function}: the client went away", function.Name);
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "{Function} failed", function.Name);
            // The invocation's services are gone.
            http.Features.Set(outer);
            if (!http.Response.HasStarted)
            {
                http.Response.Clear();
                await Problem(http, StatusCodes.Status500InternalServerError, "The function failed.");
            }
        }
    }

    /// <summary>
    /// Executes the result after the middleware returned, as FunctionsHttpProxyingMiddleware, the outermost one, does.
    /// Nothing is written when a middleware answered already.
    /// </summary>
    private static async Task AnswerAsync(FunctionModel function, LocalFunctionContext context, HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            return;
        }

        switch (function.Outputs.HttpAnswer(context.Result))
        {
            case null:
                break;
            case IActionResult action:
                await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult result:
                await result.ExecuteAsync(http);
                break;
            case string text:
                http.Response.ContentType ??= "text/plain; charset=utf-8";
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.Cancellation);
                break;
            case { } value:
                await http.Response.WriteAsJsonAsync(value, value.GetType(), WorkerJson.Options, context.Cancellation);
                break;
        }
    }

    internal static void Attach(LocalFunctionContext context, HttpContext http)
    {
        context.Items[HttpContextKey] = http;
        // As WorkerRequestServicesMiddleware: the request's services are the invocation's.
        http.Features.Set<IServiceProvidersFeature>(
            new RequestServicesFeature(http, null) { RequestServices = context.InstanceServices });
    }

    /// <summary>A small RFC 9457 answer for what no function answers.</summary>
    internal static Task Problem(HttpContext http, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(http);

    private static Dictionary<string, object?> RouteData(HttpContext http) =>
        new(http.Request.RouteValues, StringComparer.OrdinalIgnoreCase);
}
