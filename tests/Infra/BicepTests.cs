using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>What is known of infra/ without a subscription: it parses, its parts fit, no key is given away.</summary>
public sealed partial class BicepTests
{
    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryFile_Parses()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();

        Assert.Contains("main.bicep", files.Keys);
        Assert.Empty(files.Values.SelectMany(file => file.Errors.Select(error => $"{file.File}:{error}")));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryModule_GetsItsParameters()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        Bicep main = files["main.bicep"];

        Assert.Equal(files.Count - 1, main.Modules.Length);
        foreach (Bicep.Declaration module in main.Modules)
        {
            Bicep.Parameter[] parameters = files[module.Target["./".Length..]].Parameters;
            string[] given = [.. module.Properties.Keys
                .Where(key => key.StartsWith("params.", StringComparison.Ordinal)).Select(key => key["params.".Length..])];
            Assert.Empty(given.Except(parameters.Select(parameter => parameter.Name)));
            Assert.Empty(Required(parameters).Except(given));
        }
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryOutputOfAModule_Exists()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        Bicep main = files["main.bicep"];
        Dictionary<string, Bicep> modules =
            main.Modules.ToDictionary(module => module.Name, module => files[module.Target["./".Length..]]);

        Match[] used = [.. ModuleOutput().Matches(main.Text).Cast<Match>()];
        Assert.NotEmpty(used);
        Assert.All(used, use => Assert.Contains(
            modules[use.Groups["module"].Value].Outputs, output => output.Name == use.Groups["output"].Value));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task ParametersFile_SetsWhatMainAsksFor()
    {
        Bicep main = (await Bicep.ReadAllAsync())["main.bicep"];
        string json = await File.ReadAllTextAsync(Repository.PathTo("infra", "main.parameters.json"));
        using JsonDocument file = JsonDocument.Parse(json);
        string[] set = [.. file.RootElement.GetProperty("parameters").EnumerateObject().Select(given => given.Name)];

        Assert.Empty(set.Except(main.Parameters.Select(parameter => parameter.Name)));
        Assert.Empty(Required(main.Parameters).Except(set));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Outputs_AreEnvironmentVariablesWithoutSecrets()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();

        Assert.All(files["main.bicep"].Outputs, output => Assert.Matches("^[A-Z][A-Z0-9_]+$", output.Name));
        Assert.All(
            files.Values.SelectMany(file => file.Outputs),
            output => Assert.DoesNotMatch("(?i)key|secret|connectionString|password", output.Name + output.Text));
        Assert.All(files.Values, file => Assert.DoesNotMatch(@"listKeys|listSecrets", file.Text));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryService_RefusesKeys()
    {
        Bicep.Declaration[] resources = [.. (await Bicep.ReadAllAsync()).Values
            .SelectMany(file => file.Resources)
            .Where(resource => resource.Properties.ContainsKey("location"))];

        AssertSet("Microsoft.DocumentDB/databaseAccounts@", "properties.disableLocalAuth", "true");
        AssertSet("Microsoft.EventHub/namespaces@", "properties.disableLocalAuth", "true");
        AssertSet("Microsoft.SignalRService/signalR@", "properties.disableLocalAuth", "true");
        AssertSet("Microsoft.Insights/components@", "properties.DisableLocalAuth", "true");
        AssertSet("Microsoft.Storage/storageAccounts@", "properties.allowSharedKeyAccess", "false");

        void AssertSet(string type, string property, string value)
        {
            Bicep.Declaration[] ofType = [.. resources.Where(r => r.Target.StartsWith(type, StringComparison.Ordinal))];
            Assert.NotEmpty(ofType);
            Assert.All(ofType, resource => Assert.Equal(value, resource.Properties[property]));
        }
    }

    private static IEnumerable<string> Required(IEnumerable<Bicep.Parameter> parameters) =>
        parameters.Where(parameter => !parameter.Optional).Select(parameter => parameter.Name);

    [GeneratedRegex(@"\b(?<module>\w+)\.outputs\.(?<output>\w+)")]
    private static partial Regex ModuleOutput();
}
