using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform;

/// <summary>What a function's method, or else its class, declares by attributes, for middleware that asks at every call.</summary>
internal static class DeclaredFunction
{
    // As many entries as there are functions.
    private static readonly ConcurrentDictionary<string, Attribute[]> Known = new();

    public static T? Find<T>(FunctionContext context) where T : Attribute
    {
        Attribute[] all = Known.GetOrAdd(
            context.FunctionDefinition.EntryPoint,
            static point => Method(point) is { } method
                ? [.. method.GetCustomAttributes(), .. method.DeclaringType!.GetCustomAttributes()]
                : []);
        return all.OfType<T>().FirstOrDefault();
    }

    // "Namespace.Class.Method", as both the worker and the local host write it.
    private static MethodInfo? Method(string entryPoint)
    {
        int dot = entryPoint.LastIndexOf('.');
        return dot < 0
            ? null
            : typeof(DeclaredFunction).Assembly.GetType(entryPoint[..dot])?.GetMethod(entryPoint[(dot + 1)..]);
    }
}
