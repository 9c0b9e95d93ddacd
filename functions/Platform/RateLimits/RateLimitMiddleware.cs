using FinVault.Identity;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinVault.Platform.RateLimits;

/// <summary>
/// Behind the access check, so that it knows the user; what the access check refuses, it counts itself, by address.
/// </summary>
public sealed class RateLimitMiddleware(RequestLimits limits) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is { } http)
        {
            await limits.TakeAsync(context, http, CurrentUser.Find(context));
        }

        await next(context);
    }
}
