using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>Cosmos DB triggers: the SDK's own change feed processor over the app's client.</summary>
public sealed class CosmosTriggerKind(SettingText settings) : ITriggerKind
{
    internal sealed record Feed(
        string Database, string Container, string LeaseDatabase, string LeaseContainer, string Prefix, CosmosDBTriggerAttribute Trigger);

    public Type AttributeType => typeof(CosmosDBTriggerAttribute);

    public string BindingType => "cosmosDBTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        var trigger = (CosmosDBTriggerAttribute)function.Trigger;
        string database = settings.Resolve(trigger.DatabaseName);
        function.Plan = new Feed(
            database,
            settings.Resolve(trigger.ContainerName),
            settings.Resolve(trigger.LeaseDatabaseName ?? database),
            settings.Resolve(trigger.LeaseContainerName ?? "leases"),
            settings.Resolve(trigger.LeaseContainerPrefix ?? ""),
            trigger);
        return Documents(parameter.ParameterType);
    }

    public FunctionListener CreateListener(FunctionModel function, IServiceProvider services) => new ChangeFeedListener(
        function,
        (Feed)function.Plan!,
        services.GetRequiredService<CosmosClient>(),
        services.GetRequiredService<FunctionRunner>(),
        services.GetRequiredService<ILogger<ChangeFeedListener>>());

    public IEnumerable<string> CheckTogether(IReadOnlyList<FunctionModel> functions) => functions
        .GroupBy(function => ((Feed)function.Plan!) with { Trigger = null! })
        .Where(group => group.Count() > 1)
        .Select(group =>
            $"Functions {string.Join(" and ", group.Select(f => $"'{f.Name}'"))} share the leases of container "
            + $"'{group.Key.Container}' and would take each other's changes; give each its own LeaseContainerPrefix.");

    // The host hands the worker the changes as one JSON text, which the worker reads with its own serializer.
    private static ParameterBinder Documents(Type type)
    {
        if (type == typeof(string))
        {
            return static context => new ValueTask<object?>(
                JsonSerializer.Serialize((IReadOnlyCollection<JsonElement>)context.Input.Value!));
        }

        Type? element = type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]))
                ? type.GetGenericArguments()[0] : null;
        if (element is null)
        {
            throw new BindingException($"takes its changes as {type.Name}; it must be a list or an array of documents, or string.");
        }

        Type list = type.IsArray ? type : typeof(List<>).MakeGenericType(element);
        return context => new ValueTask<object?>(JsonSerializer
            .SerializeToElement((IReadOnlyCollection<JsonElement>)context.Input.Value!).Deserialize(list, WorkerJson.Options));
    }
}
