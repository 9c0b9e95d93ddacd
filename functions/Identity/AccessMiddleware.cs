using System.Reflection;
using FinVault.Platform;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinVault.Identity;

/// <summary>Lets an HTTP function be called by those only whom it declares.</summary>
public sealed class AccessMiddleware(Callers callers, StepUp stepUp, RequestLimits limits, IdentityOptions options)
    : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is { } http && DeclaredFunction.Find<PublicAttribute>(context) is null)
        {
            try
            {
                CurrentUser user = await AdmitAsync(context, http);
                user.SetOn(context);
                Acting.Current = Acting.Current with { By = user.UserId };
            }
            catch (ProblemException)
            {
                // Guessing costs the guesser: what is refused is counted by address.
                await limits.TakeAsync(context, http, null);
                throw;
            }
        }

        await next(context);
    }

    /// <summary>What a function declares; null for nothing.</summary>
    internal static Attribute? DeclaredBy(MethodInfo? function) =>
        function?.GetCustomAttribute<AccessAttribute>() ?? (Attribute?)function?.GetCustomAttribute<PublicAttribute>();

    private async Task<CurrentUser> AdmitAsync(FunctionContext context, HttpContext http)
    {
        string token = Callers.TokenOf(http.Request)
            ?? throw Problems.Unauthenticated.With("Send a token as 'Authorization: Bearer …'.");
        CurrentUser user = await callers.FindAsync(token, context.CancellationToken)
            ?? throw Problems.InvalidToken.With("Sign in again.");
        AccessAttribute? access = DeclaredFunction.Find<AccessAttribute>(context);
        if (access?.Admits(user) != true)
        {
            throw Problems.Forbidden.With("Your roles do not allow this.");
        }

        // Keys of machines are made by who has proved themselves already, and name what they may.
        if (options.OperatorsNeedCode && user is { HasShownCode: false, Scopes: null })
        {
            user = user.WithoutOperating();
            if (!access.Admits(user))
            {
                throw Problems.SecondFactorRequired.With(
                    "Operators need a second factor. Set one up, and confirm with a code by PUT auth/step-up.");
            }
        }

        if (DeclaredFunction.Find<StepUpAttribute>(context) is not null)
        {
            stepUp.Require(user);
        }

        return user;
    }
}
