using System.Reflection;
using FinVault.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>
/// Orchestrators: the context, and a parameter that takes the input where there is one. They run on every replay; the
/// engine calls them, so there is no listener.
/// </summary>
sealed class OrchestrationTriggerKind : ITriggerKind
{
    public Type AttributeType => typeof(OrchestrationTriggerAttribute);

    public string BindingType => "orchestrationTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        if (parameter.ParameterType != typeof(TaskOrchestrationContext))
        {
            throw new BindingException(
                $"takes its orchestration as {parameter.ParameterType.Name}; it must be TaskOrchestrationContext.");
        }

        function.Plan = ((OrchestrationTriggerAttribute)function.Trigger).Orchestration ?? function.Name;
        return static context => new(context.Input.Value);
    }

    public ParameterBinder? BindNamed(FunctionModel function, ParameterInfo parameter) => context =>
        new(((OrchestrationContext)context.Input.Value!).GetInput(parameter.ParameterType));

    public IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions) =>
        DurableNames.Twice(functions, "orchestration");
}
