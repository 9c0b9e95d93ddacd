using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform.OpenApi;

/// <summary>One HTTP function and one of its methods, as its attributes declare them.</summary>
/// <param name="Path">The route as OpenAPI writes it: <c>/market/history/{symbol}</c>.</param>
/// <param name="HttpMethod">Lower case.</param>
internal sealed partial record HttpOperation(
    string Function, MethodInfo Method, HttpTriggerAttribute Trigger, string Path, string HttpMethod)
{
    private static readonly string[] AllMethods = ["get", "post", "put", "patch", "delete"];

    public IReadOnlyList<string> PathParameters =>
        [.. RouteParameter().Matches(Path).Select(match => match.Groups["name"].Value)];

    /// <summary>The slice it belongs to: the part of its namespace after <c>FinVault</c>.</summary>
    public string Slice => Method.DeclaringType!.Namespace?.Split('.').ElementAtOrDefault(1) ?? "Other";

    /// <summary>Unique: the function's name, with the method where it answers several.</summary>
    public string Id => JsonNamingPolicy.CamelCase.ConvertName(Function)
        + (Trigger.Methods is { Length: 1 } ? "" : char.ToUpperInvariant(HttpMethod[0]) + HttpMethod[1..]);

    /// <summary>Every HTTP function of an assembly, by path and then method.</summary>
    public static IReadOnlyList<HttpOperation> In(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(Of)
            .OrderBy(operation => operation.Path, StringComparer.Ordinal)
            .ThenBy(operation => Array.IndexOf(AllMethods, operation.HttpMethod)),
    ];

    private static IEnumerable<HttpOperation> Of(MethodInfo method)
    {
        HttpTriggerAttribute? trigger = method.GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .FirstOrDefault(found => found is not null);
        if (trigger is null || method.GetCustomAttribute<FunctionAttribute>() is not { } function)
        {
            yield break;
        }

        // Constraints, optional marks and catch-alls ({id:int}, {id?}, {*rest}) are ASP.NET's, not OpenAPI's.
        string path = "/" + RouteParameter().Replace(trigger.Route ?? function.Name, "{${name}}");
        foreach (string http in trigger.Methods is { Length: > 0 } named ? named : AllMethods)
        {
#pragma warning disable CA1308 // OpenAPI's path items have their methods in lower case.
            yield return new(function.Name, method, trigger, path, http.ToLowerInvariant());
#pragma warning restore CA1308
        }
    }

    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)[^}]*\}")]
    private static partial Regex RouteParameter();
}
