using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Local.Hosting;

/// <summary>
/// Where a function's return value goes: to one binding (<c>$return</c>), or property by property. The rules are those of
/// the worker SDK's metadata generator and of its OutputBindingsMiddleware.
/// </summary>
public sealed class FunctionOutputs
{
    public static readonly FunctionOutputs None = new([], null);

    private readonly IReadOnlyList<Output> _outputs;
    private readonly PropertyInfo? _httpResult;

    private FunctionOutputs(IReadOnlyList<Output> outputs, PropertyInfo? httpResult)
    {
        _outputs = outputs;
        _httpResult = httpResult;
    }

    /// <summary>True when no output binding takes the return value, so that a trigger may answer with it.</summary>
    public bool ReturnIsFree => _outputs.Count == 0;

    private sealed record Output(PropertyInfo? Property, OutputBindingAttribute Attribute, IOutputKind Kind);

    public static FunctionOutputs Find(FunctionModel function, IReadOnlyList<IOutputKind> kinds)
    {
        OutputBindingAttribute[] onMethod = [.. function.Method.GetCustomAttributes<OutputBindingAttribute>()];
        if (onMethod.Length > 1)
        {
            throw new BindingException(
                $"has {onMethod.Length} output bindings on $return; put them on properties of the returned type.");
        }

        Type result = function.ResultType;
        if (onMethod.Length == 1)
        {
            if (result == typeof(void))
            {
                throw new BindingException($"has {Name(onMethod[0])} on its return value but returns nothing.");
            }

            return new FunctionOutputs([Resolve(null, onMethod[0], result, kinds)], null);
        }

        return result == typeof(void) ? None : FromProperties(function, result, kinds);
    }

    private static FunctionOutputs FromProperties(FunctionModel function, Type result, IReadOnlyList<IOutputKind> kinds)
    {
        var outputs = new List<Output>();
        PropertyInfo? http = null;
        foreach (PropertyInfo property in result.GetProperties())
        {
            OutputBindingAttribute[] attributes = [.. property.GetCustomAttributes<OutputBindingAttribute>()];
            if (attributes.Length > 1)
            {
                throw new BindingException($"has more than one output binding on property {result.Name}.{property.Name}.");
            }

            if (attributes is [HttpResultAttribute])
            {
                http = http is null
                    ? property
                    : throw new BindingException($"has more than one [HttpResult] in {result.Name}.");
            }
            else if (attributes.Length == 1)
            {
                outputs.Add(Resolve(property, attributes[0], property.PropertyType, kinds));
            }
        }

        if (http is not null && function.Trigger is not HttpTriggerAttribute)
        {
            throw new BindingException($"has [HttpResult] on {result.Name}.{http.Name} but no HTTP trigger.");
        }

        if (outputs.Count > 0 && http is null && function.Trigger is HttpTriggerAttribute
            && result.GetProperties().Any(property => IsHttpAnswer(property.PropertyType)))
        {
            throw new BindingException($"returns {result.Name} whose HTTP answer is not marked [HttpResult].");
        }

        return outputs.Count == 0 && http is null ? None : new FunctionOutputs(outputs, http);
    }

    /// <summary>The HTTP answer in what a function returned; null when its return value goes elsewhere.</summary>
    public object? HttpAnswer(object? returned)
    {
        if (_httpResult is not null)
        {
            return returned is null ? null : _httpResult.GetValue(returned);
        }

        return _outputs.Count == 0 ? returned : null;
    }

    /// <summary>Writes every output binding; a null value writes nothing.</summary>
    public async ValueTask WriteAsync(object? returned, LocalFunctionContext context)
    {
        foreach (Output output in returned is null ? [] : _outputs)
        {
            object? value = output.Property is null ? returned : output.Property.GetValue(returned);
            if (value is not null)
            {
                await output.Kind.WriteAsync(output.Attribute, value, context);
            }
        }
    }

    internal IEnumerable<(string Name, string Type)> Describe()
    {
        IEnumerable<(string, string)> bindings = _outputs.Select(o => (o.Property?.Name ?? "$return", o.Kind.BindingType));
        return _httpResult is null ? bindings : bindings.Append((_httpResult.Name, "http"));
    }

    private static bool IsHttpAnswer(Type type) =>
        typeof(IResult).IsAssignableFrom(type) || typeof(Microsoft.AspNetCore.Mvc.IActionResult).IsAssignableFrom(type);

    private static Output Resolve(
        PropertyInfo? property, OutputBindingAttribute attribute, Type type, IReadOnlyList<IOutputKind> kinds)
    {
        IOutputKind kind = kinds.FirstOrDefault(kind => kind.AttributeType == attribute.GetType())
            ?? throw new BindingException($"has an output binding that the local host does not know: {Name(attribute)}.");
        kind.Check(attribute, type);
        return new Output(property, attribute, kind);
    }

    private static string Name(Attribute attribute) => $"[{attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]";
}
