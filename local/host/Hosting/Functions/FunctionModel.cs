using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Local.Hosting;

/// <summary>One function as the catalog found it.</summary>
public sealed class FunctionModel
{
    public required string Name { get; init; }

    public required MethodInfo Method { get; init; }

    public required ITriggerKind Kind { get; init; }

    public required TriggerBindingAttribute Trigger { get; init; }

    public required ParameterInfo TriggerParameter { get; init; }

    public RetryPolicy? Retry { get; init; }

    /// <summary>One a parameter, in order.</summary>
    public IReadOnlyList<ParameterBinder> Binders { get; internal set; } = [];

    public FunctionOutputs Outputs { get; internal set; } = FunctionOutputs.None;

    public LocalFunctionDefinition Definition { get; internal set; } = null!;

    /// <summary>What the trigger kind worked out while it checked the declaration.</summary>
    public object? Plan { get; set; }

    /// <summary>What a function's task yields; void for none.</summary>
    public Type ResultType => UnwrapTask(Method.ReturnType);

    internal static Type UnwrapTask(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return typeof(void);
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() is { } open
            && (open == typeof(Task<>) || open == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }
}

/// <summary>What starts one invocation.</summary>
/// <param name="Value">The trigger's value, for the kind's own binders.</param>
/// <param name="BindingData">As the real host gives it.</param>
public sealed record TriggerInput(object? Value, IReadOnlyDictionary<string, object?> BindingData)
{
    public static readonly IReadOnlyDictionary<string, object?> NoData = new Dictionary<string, object?>();

    /// <summary>W3C <c>traceparent</c> of whoever caused the invocation.</summary>
    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    public HttpContext? Http { get; init; }
}
