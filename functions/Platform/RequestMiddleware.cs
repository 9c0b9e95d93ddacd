using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform;

/// <summary>
/// Around every invocation: correlation id, log scope, trace span; for HTTP also a log line (see
/// <see cref="RequestLines"/>) and the problem for whatever was thrown. A result is executed only after this pipeline, so the status of an answer is known
/// at the end of the response, and a problem is written here, straight to the response.
/// </summary>
public sealed class RequestMiddleware(ILogger<RequestMiddleware> logger, RequestLines lines, TimeProvider time)
    : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        return context.GetHttpContext() is { } http ? InvokeHttp(context, http, next) : InvokeOther(context, next);
    }

    private async Task InvokeHttp(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        string id = Correlation.Accept(http);
        using IDisposable? scope = Begin(context, id);
        using Activity? activity = StartActivity(context, id, ActivityKind.Server);
        http.Response.Headers[Correlation.Header] = id;
        SecurityHeaders.Set(http);
        LogWhenCompleted(context, http, id);
        try
        {
            await next(context);
        }
        catch (Exception gone) when (
            gone is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer. 499 is what proxies log for it; the response log shows it.
            SetStatus(http, StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            await Answer(context, http, exception);
        }
    }

    private async Task Answer(FunctionContext context, HttpContext http, Exception exception)
    {
        ProblemException problem = Failures.ToProblem(exception, http.Request);
        string function = context.FunctionDefinition.Name;
        if (problem.Problem.Status >= StatusCodes.Status500InternalServerError)
        {
            RequestLog.Failed(logger, function, problem.Problem.Code, exception);
        }
        else
        {
            RequestLog.Refused(logger, function, problem.Problem.Code, problem.Detail);
        }

        if (http.Response.HasStarted)
        {
            // Half an answer is out: cut the connection, so that it cannot be taken for a whole one.
            http.Abort();
            return;
        }

        await ProblemAnswer.WriteAsync(http, problem);
    }

    private async Task InvokeOther(FunctionContext context, FunctionExecutionDelegate next)
    {
        string id = context.InvocationId;
        using IDisposable? scope = Begin(context, id);
        using Activity? activity = StartActivity(context, id, ActivityKind.Consumer);
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            // The host decides what follows (retry, checkpoint), so it must see the exception too.
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            RequestLog.InvocationFailed(logger, context.FunctionDefinition.Name, exception);
            throw;
        }
    }

    private IDisposable? Begin(FunctionContext context, string id)
    {
        Correlation.Current = id;
        bool called = context.GetHttpContext() is not null;
        Acting.Current = new(
            called ? Acting.Anonymous : Acting.System, context.FunctionDefinition.Name, time.GetUtcNow());
        return logger.BeginScope(new Dictionary<string, object>
        {
            [Correlation.Property] = id,
            ["function"] = context.FunctionDefinition.Name,
        });
    }

    private static Activity? StartActivity(FunctionContext context, string id, ActivityKind kind)
    {
        // The worker's own span is the parent where there is one; else what the trigger brought along.
        ActivityContext parent = default;
        if (Activity.Current is null && context.TraceContext?.TraceParent is { Length: > 0 } sent)
        {
            ActivityContext.TryParse(sent, context.TraceContext.TraceState, isRemote: true, out parent);
        }

        Activity? activity = Telemetry.Source.StartActivity(context.FunctionDefinition.Name, kind, parent);
        activity?.SetTag(Correlation.Property, id);
        activity?.SetBaggage(Correlation.Property, id);
        return activity;
    }

    private void LogWhenCompleted(FunctionContext context, HttpContext http, string id)
    {
        long start = time.GetTimestamp();
        string function = context.FunctionDefinition.Name;
        http.Response.OnCompleted(() =>
        {
            double milliseconds = time.GetElapsedTime(start).TotalMilliseconds;
            int status = http.Response.StatusCode;
            LogLevel level = lines.IsTold(status, milliseconds) ? LogLevel.Information : LogLevel.Debug;
            RequestLog.Answered(logger, level, function, http.Request.Method, http.Request.Path, status, milliseconds, id);
            Telemetry.RequestMilliseconds.Record(
                milliseconds, new("function", function), new("status", status));
            return Task.CompletedTask;
        });
    }

    private static void SetStatus(HttpContext http, int status)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.StatusCode = status;
        }
    }
}
