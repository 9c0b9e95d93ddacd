using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>
/// SignalR triggers: what clients invoke (<c>messages</c>) and their coming and going (<c>connections</c>). Arguments reach
/// the parameters that <c>ParameterNames</c> names, in order.
/// </summary>
public sealed class SignalRTriggerKind(SettingText settings) : ITriggerKind
{
    private static readonly string[] ConnectionEvents = ["connected", "disconnected"];

    /// <summary>What a function handles.</summary>
    public sealed record Handler(
        string Hub, SignalRInvocationCategory Category, string Event, IReadOnlyList<string> ParameterNames);

    public Type AttributeType => typeof(SignalRTriggerAttribute);

    public string BindingType => "signalRTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        var trigger = (SignalRTriggerAttribute)function.Trigger;
        string category = settings.Resolve(trigger.Category);
        if (!Enum.TryParse(category, ignoreCase: true, out SignalRInvocationCategory parsed) || !Enum.IsDefined(parsed))
        {
            throw new BindingException($"has SignalR category '{category}'; it is 'messages' or 'connections'.");
        }

        string name = settings.Resolve(trigger.Event);
        if (parsed == SignalRInvocationCategory.Connections
            && !ConnectionEvents.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new BindingException($"has connections event '{name}'; it is 'connected' or 'disconnected'.");
        }

        CheckNames(function, trigger.ParameterNames);
        function.Plan = new Handler(settings.Resolve(trigger.HubName), parsed, name, trigger.ParameterNames);
        return parameter.ParameterType == typeof(SignalRInvocationContext)
            ? static context => new ValueTask<object?>(context.Input.Value)
            : parameter.ParameterType == typeof(string)
                ? static context => new ValueTask<object?>(
                    JsonSerializer.Serialize((SignalRInvocationContext)context.Input.Value!, WorkerJson.Options))
                : throw new BindingException(
                    $"takes its SignalR trigger as {parameter.ParameterType.Name}; it must be SignalRInvocationContext.");
    }

    public ParameterBinder? BindNamed(FunctionModel function, ParameterInfo parameter)
    {
        var handler = (Handler)function.Plan!;
        int index = handler.ParameterNames.ToList().FindIndex(
            name => name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            return null;
        }

        return context =>
        {
            object? argument = ((SignalRInvocationContext)context.Input.Value!).Arguments![index];
            try
            {
                return new ValueTask<object?>(WorkerJson.Convert(argument, parameter.ParameterType));
            }
            catch (JsonException wrong)
            {
                throw new ClientArgumentException(
                    $"Argument '{parameter.Name}' of {handler.Event} is no {parameter.ParameterType.Name}.", wrong);
            }
        };
    }

    public IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions) => functions
        .GroupBy(f => (Handler)f.Plan! is var h ? (Upper(h.Hub), h.Category, Upper(h.Event)) : default)
        .Where(group => group.Count() > 1)
        .Select(group =>
            $"Functions {string.Join(" and ", group.Select(f => $"'{f.Name}'"))} handle the same SignalR event "
            + $"'{((Handler)group.First().Plan!).Event}'.");

    private static string Upper(string text) => text.ToUpperInvariant();

    private static void CheckNames(FunctionModel function, string[] names)
    {
        if (names.FirstOrDefault(name => !function.Method.GetParameters().Any(
                parameter => name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase))) is { } unbound)
        {
            throw new BindingException($"names a SignalR argument '{unbound}' but has no parameter of that name.");
        }
    }
}

/// <summary>A client sent arguments that the function cannot take; the client is told.</summary>
public sealed class ClientArgumentException(string message, Exception? inner = null) : Exception(message, inner);
