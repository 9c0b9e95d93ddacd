using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinVault.Local.Hosting;

/// <summary>
/// Runs invocations: scope, activity, the app's middleware, the function, its outputs. What escapes the middleware escapes
/// from here; each trigger decides what that means.
/// </summary>
public sealed class FunctionRunner
{
    public static readonly ActivitySource Activities = new("FinVault.Functions");

    private readonly ConcurrentDictionary<FunctionModel, FunctionInvoker> _invokers = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _limit;
    private readonly FunctionExecutionDelegate _pipeline;

    public FunctionRunner(
        WorkerApplicationBuilder worker, IServiceScopeFactory scopes, ILoggerFactory loggers, TimeProvider time,
        HostJson hostJson)
    {
        ArgumentNullException.ThrowIfNull(worker);
        ArgumentNullException.ThrowIfNull(hostJson);
        (_scopes, _loggers, _time, _limit) = (scopes, loggers, time, hostJson.FunctionTimeout);
        _pipeline = worker.Build(ExecuteAsync);
    }

    /// <param name="answer">Runs after the middleware and before output bindings, while the scope lives: HTTP results.</param>
    /// <returns>What the function returned, null when a middleware did not let it run.</returns>
    public async Task<object?> InvokeAsync(
        FunctionModel function,
        TriggerInput input,
        CancellationToken cancellation,
        Func<LocalFunctionContext, Task>? answer = null,
        LocalRetryContext? retry = null)
    {
        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        // Only told, as the real host tells it before it takes the process down: no thread can be taken from its work.
        using CancellationTokenSource? late = _limit is { } limit ? new CancellationTokenSource(limit, _time) : null;
        using CancellationTokenSource ended =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation, late?.Token ?? default);
        var context = new LocalFunctionContext(function, input)
        {
            InstanceServices = scope.ServiceProvider,
            Cancellation = ended.Token,
            Retry = retry ?? new LocalRetryContext(0, 0),
        };
        if (input.Http is { } http)
        {
            HttpFunctions.Attach(context, http);
        }

        using Activity? activity = StartActivity(context);
        ILogger logger = _loggers.CreateLogger($"Function.{function.Name}");
        long started = _time.GetTimestamp();
        logger.LogDebug("Executing {Function} ({InvocationId})", function.Name, context.InvocationId);
        try
        {
            await _pipeline(context);
            await (answer?.Invoke(context) ?? Task.CompletedTask);
            await function.Outputs.WriteAsync(context.Result, context);
            logger.LogDebug(
                "Executed {Function} ({InvocationId}, {Milliseconds} ms)",
                function.Name, context.InvocationId, (long)_time.GetElapsedTime(started).TotalMilliseconds);
            return context.Result;
        }
        catch (Exception failure)
        {
            if (late is { IsCancellationRequested: true })
            {
                logger.LogError("{Function} ({InvocationId}) ran longer than {Limit}", function.Name, context.InvocationId, _limit);
            }

            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            activity?.AddException(failure);
            throw;
        }
    }

    /// <summary>Only the app's middleware and the function, in an invocation that the caller made: one pass of an orchestrator.</summary>
    public Task RunPipelineAsync(LocalFunctionContext context) => _pipeline(context);

    /// <summary>Runs a function for a trigger that has nobody to answer, with its retry policy.</summary>
    /// <param name="stopping">Ends waiting for another attempt, never an attempt.</param>
    /// <param name="abort">Handed to the function.</param>
    public async Task<RetryOutcome> RunAsync(
        FunctionModel function, Func<TriggerInput> input, CancellationToken stopping, CancellationToken abort)
    {
        ILogger logger = _loggers.CreateLogger($"Function.{function.Name}");
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                var retry = new LocalRetryContext(attempt, function.Retry?.MaxRetryCount ?? 0);
                await InvokeAsync(function, input(), abort, retry: retry);
                return RetryOutcome.Succeeded;
            }
            catch (Exception failure)
            {
                if (function.Retry is not { } policy || attempt == policy.MaxRetryCount)
                {
                    logger.LogError(failure, "{Function} failed after {Attempts} attempts", function.Name, attempt + 1);
                    return abort.IsCancellationRequested ? RetryOutcome.Abandoned : RetryOutcome.Failed;
                }

                TimeSpan delay = policy.NextDelay(attempt + 1);
                logger.LogWarning(
                    failure, "{Function} failed; attempt {Attempt} follows in {Delay}", function.Name, attempt + 2, delay);
                if (!await DelayAsync(delay, stopping))
                {
                    return RetryOutcome.Abandoned;
                }
            }
        }
    }

    private async ValueTask<bool> DelayAsync(TimeSpan delay, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(delay, _time, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // As OutputBindingsMiddleware and the executor, which come after the app's own middleware.
    private async Task ExecuteAsync(FunctionContext context)
    {
        var local = (LocalFunctionContext)context;
        FunctionInvoker invoker = _invokers.GetOrAdd(local.Function, static function => new FunctionInvoker(function));
        local.Result = await invoker.InvokeAsync(local);
    }

    private static Activity? StartActivity(LocalFunctionContext context)
    {
        if (!Activities.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(context.Input.TraceParent, context.Input.TraceState, isRemote: true, out ActivityContext parent);
        // A request's own activity carries the caller's already and is the nearer parent.
        Activity? activity = Activity.Current is null
            ? Activities.StartActivity(context.Function.Name, ActivityKind.Consumer, parent)
            : Activities.StartActivity(context.Function.Name);
        activity?.SetTag("faas.name", context.Function.Name);
        activity?.SetTag("faas.invocation_id", context.InvocationId);
        activity?.SetTag("faas.trigger", context.Function.Kind.BindingType);
        ((LocalTraceContext)context.TraceContext).Activity = activity;
        return activity;
    }
}
