using System.Reflection;
using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>Event Hubs triggers over the embedded event hub.</summary>
public sealed class EventHubTriggerKind(SettingText settings, string hub) : ITriggerKind
{
    public const string DefaultConsumerGroup = "$Default";

    internal sealed record Subscription(string Hub, string ConsumerGroup, bool Batched, EventParameter Parameter);

    public Type AttributeType => typeof(EventHubTriggerAttribute);

    public string BindingType => "eventHubTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        var trigger = (EventHubTriggerAttribute)function.Trigger;
        string name = settings.Resolve(trigger.EventHubName);
        if (!name.Equals(hub, StringComparison.OrdinalIgnoreCase))
        {
            throw new BindingException($"reads event hub '{name}'; the local host has only '{hub}' (app setting TicksHub).");
        }

        string group = settings.Resolve(trigger.ConsumerGroup ?? DefaultConsumerGroup);
        var subscription = new Subscription(
            hub, group, trigger.IsBatched, EventParameter.For(parameter.ParameterType, trigger.IsBatched));
        function.Plan = subscription;
        return context => new ValueTask<object?>(subscription.Parameter.Bind((EventData[])context.Input.Value!));
    }

    public FunctionListener CreateListener(FunctionModel function, IServiceProvider services) => new EventHubListener(
        function,
        (Subscription)function.Plan!,
        services.GetRequiredService<EmbeddedEventHub>(),
        services.GetRequiredService<HostJson>().EventHubs,
        services.GetRequiredService<FunctionRunner>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<EventHubListener>>());

    public IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions) => functions
        .GroupBy(function => ((Subscription)function.Plan!).ConsumerGroup, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group =>
            $"Functions {string.Join(" and ", group.Select(f => $"'{f.Name}'"))} read event hub '{hub}' with the same consumer "
            + $"group '{group.Key}' and would take each other's events; give each its own.");
}
