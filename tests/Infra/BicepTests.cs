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
        List<string> made = ["main.bicep"];

        foreach ((Bicep user, Bicep.Declaration module) in files.Values.SelectMany(file => file.Modules.Select(m => (file, m))))
        {
            Bicep used = user.FileOf(module, files);
            made.Add(used.File);
            string[] given = [.. module.Properties.Keys
                .Where(key => key.StartsWith("params.", StringComparison.Ordinal)).Select(key => key["params.".Length..])];
            Assert.Empty(given.Except(used.Parameters.Select(parameter => parameter.Name)));
            Assert.Empty(Required(used.Parameters).Except(given));
        }

        Assert.Equal(files.Keys.Order(), made.Order());
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryOutputOfAModule_Exists()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        (Bicep File, string Module, string Output)[] used = [.. files.Values.SelectMany(file => ModuleOutput().Matches(file.Text)
            .Select(use => (file, use.Groups["module"].Value, use.Groups["output"].Value)))];

        Assert.NotEmpty(used);
        Assert.All(used, use => Assert.Contains(
            use.File.FileOf(use.File.Modules.Single(module => module.Name == use.Module), files).Outputs,
            output => output.Name == use.Output));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EverySymbol_IsDeclaredAndUsed()
    {
        foreach (Bicep file in (await Bicep.ReadAllAsync()).Values)
        {
            string[] values = [.. file.Parameters.Select(one => one.Name), .. file.Variables.Select(one => one.Name)];
            string[] things = [.. file.Resources.Select(one => one.Name), .. file.Modules.Select(one => one.Name)];

            Assert.Empty(file.Uses.Except([.. values, .. things, .. file.Locals]).Select(name => $"{file.File}: {name} is nothing"));
            Assert.Empty(values.Except(file.Uses).Select(name => $"{file.File}: {name} is of no use"));
            Assert.Empty(values.Concat(things).GroupBy(name => name).Where(same => same.Count() > 1)
                .Select(same => $"{file.File}: {same.Key} is declared twice"));
            Assert.Empty(file.Calls.Except(Functions).Select(name => $"{file.File}: no function {name} is known"));
        }
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryResource_HasAVersionThatSomebodyElsesTemplateHas()
    {
        string json = await File.ReadAllTextAsync(Repository.PathTo("tests", "Infra", "api-versions.json"));
        Dictionary<string, string> known = JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
        IEnumerable<string> used = (await Bicep.ReadAllAsync()).Values.SelectMany(file => file.Resources)
            .Select(resource => resource.Target).Distinct();

        Assert.Equal(known.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.All(known.Values, source => Assert.Matches("^https://github.com/[^/]+/[^/]+/blob/[0-9a-f]{12}/.+\\.bicep$", source));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryFileThatIsLoaded_IsThere()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        string[] loaded = [.. files.Values.SelectMany(file => Loaded().Matches(file.Text)
            .Select(use => Path.GetFullPath(use.Groups["path"].Value, Path.GetDirectoryName(file.Path)!)))];

        Assert.NotEmpty(loaded);
        Assert.All(loaded, path => Assert.True(File.Exists(path), path));
        using JsonDocument names = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.PathTo("infra", "abbreviations.json")));
        Assert.Equal(
            names.RootElement.EnumerateObject().Select(name => name.Name),
            Abbreviation().Matches(files["main.bicep"].Text).Select(use => use.Groups["name"].Value).Distinct().Order());
    }

    /// <summary>What main.bicep takes as objects has in main.parameters.json the members that app/api.bicep reads.</summary>
    [NodeModulesFact(Bicep.Parser)]
    public async Task ParametersFile_HasEveryOptionAndSecretThatIsRead()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        string json = await File.ReadAllTextAsync(Repository.PathTo("infra", "main.parameters.json"));
        using JsonDocument file = JsonDocument.Parse(json);
        string[] Members(string name) => [.. file.RootElement.GetProperty("parameters").GetProperty(name).GetProperty("value")
            .EnumerateObject().Select(member => member.Name).Order()];
        string text = files["app/api.bicep"].Text;

        Assert.Equal(
            Members("options"),
            Option().Matches(text + files["main.bicep"].Text).Select(use => use.Groups["name"].Value).Distinct().Order());
        Assert.Equal(Members("secrets"), Secret().Matches(text).Select(use => use.Groups["name"].Value).Distinct().Order());
        Assert.All(Asked().Matches(text), use => Assert.Equal(use.Groups["asked"].Value, use.Groups["name"].Value));
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
        AssertSet("Microsoft.KeyVault/vaults@", "properties.enableRbacAuthorization", "true");
        AssertSet("Microsoft.Web/sites@", "identity.type", "'UserAssigned'");

        void AssertSet(string type, string property, string value)
        {
            Bicep.Declaration[] ofType = [.. resources.Where(r => r.Target.StartsWith(type, StringComparison.Ordinal))];
            Assert.NotEmpty(ofType);
            Assert.All(ofType, resource => Assert.Equal(value, resource.Properties[property]));
        }
    }

    /// <summary>Bicep's own that infra/ calls, and its decorators.</summary>
    private static readonly string[] Functions =
    [
        "allowed", "concat", "contains", "description", "empty", "filter", "guid", "items", "length", "loadJsonContent",
        "loadTextContent", "map", "max", "maxLength", "maxValue", "metadata", "minLength", "minValue", "resourceGroup", "secure",
        "subscription", "subscriptionResourceId", "tenant", "toLower", "union", "uniqueString",
    ];

    private static IEnumerable<string> Required(IEnumerable<Bicep.Parameter> parameters) =>
        parameters.Where(parameter => !parameter.Optional).Select(parameter => parameter.Name);

    [GeneratedRegex(@"\b(?<module>\w+)\.outputs\.(?<output>\w+)")]
    private static partial Regex ModuleOutput();

    [GeneratedRegex(@"load\w+Content\('(?<path>[^']+)'\)")]
    private static partial Regex Loaded();

    [GeneratedRegex(@"\$\{abbreviations\.(?<name>\w+)")]
    private static partial Regex Abbreviation();

    [GeneratedRegex(@"\boptions\.(?<name>\w+)")]
    private static partial Regex Option();

    [GeneratedRegex(@"\$\{fromVault\}(?<name>[\w-]+)\)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"contains\(secretNames, '(?<asked>[\w-]+)'\) \? '\$\{fromVault\}(?<name>[\w-]+)\)'")]
    private static partial Regex Asked();
}
