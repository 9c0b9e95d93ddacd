using System.Reflection;
using FinVault.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

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
