using System.Collections.Concurrent;
using System.Reflection;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinVault.Identity;

/// <summary>Lets an HTTP function be called by those only whom it declares.</summary>
public sealed class AccessMiddleware(DevelopmentTokens tokens) : IFunctionsWorkerMiddleware
{
    private const string Scheme = "Bearer ";

    // As many entries as there are functions.
    private readonly ConcurrentDictionary<string, Attribute?> _declared = new();

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is { } http)
        {
            Admit(context, http);
        }

        return next(context);
    }

    /// <summary>What a function declares; null for nothing.</summary>
    internal static Attribute? DeclaredBy(MethodInfo? function) =>
        function?.GetCustomAttribute<AccessAttribute>() ?? (Attribute?)function?.GetCustomAttribute<PublicAttribute>();

    private void Admit(FunctionContext context, HttpContext http)
    {
        Attribute? declared = _declared.GetOrAdd(context.FunctionDefinition.EntryPoint, point => DeclaredBy(Method(point)));
        if (declared is PublicAttribute)
        {
            return;
        }

        string? header = http.Request.Headers.Authorization;
        CurrentUser user = header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? tokens.Read(header[Scheme.Length..].Trim()) ?? throw Problems.InvalidToken.With("Sign in again.")
            : throw Problems.Unauthenticated.With("Send a token as 'Authorization: Bearer …'.");
        if (declared is not AccessAttribute { Roles: var roles } || (roles.Length > 0 && !roles.Any(user.Has)))
        {
            throw Problems.Forbidden.With("Your roles do not allow this.");
        }

        user.SetOn(context);
    }

    // "Namespace.Class.Method", as both the worker and the local host write it.
    private static MethodInfo? Method(string entryPoint)
    {
        int dot = entryPoint.LastIndexOf('.');
        return typeof(AccessMiddleware).Assembly.GetType(entryPoint[..dot])?.GetMethod(entryPoint[(dot + 1)..]);
    }
}
