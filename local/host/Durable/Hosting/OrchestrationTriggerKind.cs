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

/// <summary>Activities: their input as any type, or the activity's context.</summary>
sealed class ActivityTriggerKind : ITriggerKind
{
    public Type AttributeType => typeof(ActivityTriggerAttribute);

    public string BindingType => "activityTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        function.Plan = ((ActivityTriggerAttribute)function.Trigger).Activity ?? function.Name;
        return parameter.ParameterType == typeof(TaskActivityContext)
            ? static context => new(context.Input.Value)
            : context => new(((DurableActivityInvocation)context.Input.Value!).GetInput(parameter.ParameterType));
    }

    /// <summary>As the real host's binding data: the id of the instance that called.</summary>
    public ParameterBinder? BindNamed(FunctionModel function, ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string)
        && string.Equals(parameter.Name, "instanceId", StringComparison.OrdinalIgnoreCase)
            ? static context => new(((DurableActivityInvocation)context.Input.Value!).InstanceId)
            : null;

    public IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions) =>
        DurableNames.Twice(functions, "activity");
}

static class DurableNames
{
    public static IEnumerable<string> Twice(IReadOnlyList<FunctionModel> functions, string what) => functions
        .GroupBy(function => (string)function.Plan!, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1)
        .Select(same => $"Functions {string.Join(" and ", same.Select(f => $"'{f.Name}'"))} are the same {what} '{same.Key}'.");
}
