using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace FinVault.Local.Hosting;

/// <summary>
/// HTTP triggers: route prefix and template as FunctionsEndpointDataSource of the worker's ASP.NET Core integration makes
/// them (no template: the function's name), parameters from the request, its route values and its body. Authorization
/// levels ask for no key, as under the Core Tools.
/// </summary>
public sealed class HttpTriggerKind(string routePrefix, SettingText settings) : ITriggerKind
{
    private readonly DefaultInlineConstraintResolver _constraints = new(
        Options.Create(new RouteOptions()), new ServiceCollection().BuildServiceProvider());

    /// <summary>Where a function answers.</summary>
    /// <param name="Methods">Empty: every method.</param>
    public sealed record Endpoint(RoutePattern Pattern, IReadOnlyList<string> Methods);

    public Type AttributeType => typeof(HttpTriggerAttribute);

    public string BindingType => "httpTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        var trigger = (HttpTriggerAttribute)function.Trigger;
        string route = settings.Resolve(trigger.Route ?? function.Name).TrimStart('/');
        string[] methods = [.. (trigger.Methods ?? []).Select(method => method.ToUpperInvariant())];
        if (methods.FirstOrDefault(method => !method.All(char.IsAsciiLetter) || method.Length == 0) is { } odd)
        {
            throw new BindingException($"names an HTTP method that is none: '{odd}'.");
        }

        function.Plan = new Endpoint(Parse(routePrefix.Length == 0 ? route : $"{routePrefix}/{route}"), methods);
        return Body(parameter.ParameterType);
    }

    public ParameterBinder? BindNamed(FunctionModel function, ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(HttpRequest))
        {
            return static context => new ValueTask<object?>(context.Input.Http!.Request);
        }

        bool inRoute = ((Endpoint)function.Plan!).Pattern.Parameters
            .Any(value => value.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
        return inRoute ? RouteValue(parameter) : null;
    }

    public IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions)
    {
        foreach (var same in functions.GroupBy(
            function => ((Endpoint)function.Plan!).Pattern.RawText, StringComparer.OrdinalIgnoreCase))
        {
            FunctionModel[] group = [.. same];
            for (int i = 0; i < group.Length; i++)
            {
                for (int j = i + 1; j < group.Length; j++)
                {
                    if (Overlap(((Endpoint)group[i].Plan!).Methods, ((Endpoint)group[j].Plan!).Methods))
                    {
                        yield return $"Functions '{group[i].Name}' and '{group[j].Name}' answer the same route '{same.Key}'.";
                    }
                }
            }
        }
    }

    private static bool Overlap(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        one.Count == 0 || other.Count == 0 || one.Intersect(other, StringComparer.OrdinalIgnoreCase).Any();

    private RoutePattern Parse(string route)
    {
        try
        {
            RoutePattern pattern = RoutePatternFactory.Parse(route);
            // Routing looks at constraints when the first request comes; a wrong one must show now.
            foreach (RoutePatternParameterPart part in pattern.Parameters)
            {
                foreach (string content in part.ParameterPolicies.Select(policy => policy.Content).OfType<string>())
                {
                    if (_constraints.ResolveConstraint(content) is null)
                    {
                        throw new BindingException($"has an unknown constraint '{content}' in its route '{route}'.");
                    }
                }
            }

            return pattern;
        }
        catch (Exception bad) when (bad is RoutePatternException or RouteCreationException)
        {
            throw new BindingException($"has a bad route '{route}': {bad.Message}");
        }
    }

    private static ParameterBinder RouteValue(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type != typeof(string) && type != typeof(object) && !type.IsEnum && !ImplementsParsable(type))
        {
            throw new BindingException($"takes route value '{parameter.Name}' as {type.Name}, which no text converts to.");
        }

        object? otherwise = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return context =>
        {
            object? value = context.Input.Http!.Request.RouteValues.GetValueOrDefault(parameter.Name!);
            return new ValueTask<object?>(value is null ? otherwise : FromText(value, type, parameter.Name!));
        };
    }

    private static bool ImplementsParsable(Type type) => Array.Exists(
        type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>));

    private static object FromText(object value, Type type, string name)
    {
        if (type.IsInstanceOfType(value))
        {
            return value;
        }

        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        try
        {
            return type.IsEnum
                ? Enum.Parse(type, text, ignoreCase: true)
                : type == typeof(Guid) ? Guid.Parse(text)
                : System.ComponentModel.TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text)!;
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            // The worker's FunctionInputConverterException is the app's to answer; a route constraint prevents it.
            throw new FormatException($"The route value '{name}' is no {type.Name}: '{text}'.", wrong);
        }
    }

    private static ParameterBinder Body(Type type)
    {
        if (type == typeof(HttpRequest))
        {
            return static context => new ValueTask<object?>(context.Input.Http!.Request);
        }

        if (type == typeof(string))
        {
            return static async context =>
            {
                using var reader = new StreamReader(context.Input.Http!.Request.Body, leaveOpen: true);
                return await reader.ReadToEndAsync(context.Input.Http.RequestAborted);
            };
        }

        if (type.IsPrimitive || type.IsAbstract || type.IsInterface)
        {
            throw new BindingException($"takes its HTTP request as {type.Name}; HttpRequest, string or a JSON type can be bound.");
        }

        return async context =>
        {
            HttpRequest request = context.Input.Http!.Request;
            return await JsonSerializer.DeserializeAsync(
                request.Body, type, WorkerJson.Options, context.Input.Http.RequestAborted);
        };
    }
}
