using System.Reflection;
using FinVault.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Local.Durable;

/// <summary>The engine's client, for any function.</summary>
sealed class DurableClientKind : IInputKind
{
    public Type AttributeType => typeof(DurableClientAttribute);

    public string BindingType => "durableClient";

    public ParameterBinder Bind(FunctionModel function, ParameterInfo parameter, InputBindingAttribute attribute) =>
        parameter.ParameterType == typeof(DurableTaskClient)
            ? static context => new(context.InstanceServices.GetRequiredService<DurableEngine>().Client)
            : throw new BindingException(
                $"takes its durable client as {parameter.ParameterType.Name}; it must be DurableTaskClient.");
}
