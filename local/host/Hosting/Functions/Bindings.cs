using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Local.Hosting;

/// <summary>Gives one parameter its value in one invocation.</summary>
public delegate ValueTask<object?> ParameterBinder(LocalFunctionContext context);

/// <summary>
/// One kind of trigger: how its parameters are bound and what makes it run. Implementations throw
/// <see cref="BindingException"/> for a declaration that cannot work; the catalog collects these.
/// </summary>
public interface ITriggerKind
{
    Type AttributeType { get; }

    /// <summary>As in the binding metadata of a real Function App, such as <c>eventHubTrigger</c>.</summary>
    string BindingType { get; }

    /// <summary>Checks the declaration and says how the parameter that carries the trigger attribute is bound.</summary>
    ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter);

    /// <summary>How another parameter is bound by its name (route values, SignalR arguments); null if it is not.</summary>
    ParameterBinder? BindNamed(FunctionModel function, ParameterInfo parameter) => null;

    /// <summary>What fires the function; null where requests do (HTTP, SignalR).</summary>
    FunctionListener? CreateListener(FunctionModel function, IServiceProvider services) => null;

    /// <summary>Problems between functions of this kind, such as two that would steal each other's events.</summary>
    IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions) => [];
}

/// <summary>One kind of input binding attribute.</summary>
public interface IInputKind
{
    Type AttributeType { get; }

    string BindingType { get; }

    ParameterBinder Bind(FunctionModel function, ParameterInfo parameter, InputBindingAttribute attribute);
}

/// <summary>One kind of output binding attribute.</summary>
public interface IOutputKind
{
    Type AttributeType { get; }

    string BindingType { get; }

    /// <summary>Throws <see cref="BindingException"/> for an attribute or a type of value that cannot work.</summary>
    void Check(OutputBindingAttribute attribute, Type valueType);

    ValueTask WriteAsync(OutputBindingAttribute attribute, object value, LocalFunctionContext context);
}
