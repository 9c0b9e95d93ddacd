using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>The app's identity may do what its clients do, and nothing else.</summary>
public sealed partial class RoleTests
{
    /// <param name="Scope">The resource of app/rbac.bicep.</param>
    /// <param name="Role">Id of the built-in role, as Azure documents it.</param>
    /// <param name="Client">What in the sources needs it: a regular expression.</param>
    /// <param name="Name">The role's name.</param>
    private sealed record Need(string Scope, string Role, string Client, string Name);

    private static readonly Need[] Needs =
    [
        new("storage", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", @"\[EventHubTrigger\(|\[TimerTrigger\(", "Storage Blob Data Owner"),
        new("storage", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", @"\[OrchestrationTrigger\]", "Storage Queue Data Contributor"),
        new("storage", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", @"\[OrchestrationTrigger\]", "Storage Table Data Contributor"),
        new("uploads", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", @"\bBlobServiceClient\b", "Storage Blob Data Contributor"),
        new("uploads", "db58b8e5-c6ad-4a2a-8342-4190687cbf4a", @"\.GetUserDelegationKeyAsync\(", "Storage Blob Delegator"),
        new("eventHubs", "a638d3c7-ab3a-418d-83e6-5f17a39d4fde", @"\[EventHubTrigger\(", "Azure Event Hubs Data Receiver"),
        new("eventHubs", "2b629674-e913-4c01-ae53-ef4638d8f975", @"\bEventHubProducerClient\b", "Azure Event Hubs Data Sender"),
        new("signalR", "7e4f1700-ea5a-4f59-8f37-079cfe29dce3", @"\bServiceHubContext\b", "SignalR Service Owner"),
        new("insights", "3913510d-42f4-4e42-8a64-420c390055eb", @"\.AddAzureMonitorMetricExporter\(", "Monitoring Metrics Publisher"),
        new("vault", "4633458b-17de-408a-b874-0445c86b69e6", @"@Microsoft\.KeyVault\(", "Key Vault Secrets User"),
        new("scheduler", "0ad04412-c4d5-4796-b79c-f76d14c8d402", "'azureManaged'", "Durable Task Data Contributor"),
        new("cosmos", "00000000-0000-0000-0000-000000000002", @"\bCosmosClient\b", "Cosmos DB Built-in Data Contributor"),
    ];

    [NodeModulesFact(Bicep.Parser)]
    public async Task Assignments_AreWhatTheClientsOfTheCodeNeed()
    {
        Bicep rbac = (await Bicep.ReadAllAsync())["app/rbac.bicep"];
        Dictionary<string, string> ids = rbac.Variables.ToDictionary(one => one.Name, one => one.Text.Trim('\''));
        string code = await CodeAsync();

        IEnumerable<string> assigned = rbac.Resources.Where(IsAssignment).Select(one =>
        {
            string role = ids[RoleName().Match(one.Properties["properties.roleDefinitionId"]).Groups["name"].Value];
            Assert.Contains(ids.First(id => id.Value == role).Key, one.Properties["name"], StringComparison.Ordinal);
            return $"{one.Properties.GetValueOrDefault("parent") ?? one.Properties["scope"]} {role}";
        });
        IEnumerable<string> needed = Needs.Where(need => Regex.IsMatch(code, need.Client)).Select(need => $"{need.Scope} {need.Role}");
        Assert.Equal(needed.Order(), assigned.Order());
    }

    /// <summary>A person may debug with what the app may do, but for its keys; nobody is forgotten, and nothing is elsewhere.</summary>
    [NodeModulesFact(Bicep.Parser)]
    public async Task Assignments_AreOfTheAppAndInOneFile()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();

        Assert.Equal(
            ["app/rbac.bicep"], files.Values.Where(file => file.Resources.Any(IsAssignment)).Select(file => file.File));
        Assert.All(files["app/rbac.bicep"].Resources.Where(IsAssignment), one => Assert.Equal(
            one.Name == "vaultUser" ? "app.id" : "principal.id", one.Properties["properties.principalId"]));
    }

    private static bool IsAssignment(Bicep.Declaration resource) =>
        resource.Target.Contains("oleAssignments@", StringComparison.Ordinal);

    private static async Task<string> CodeAsync()
    {
        IEnumerable<string> files = Directory
            .EnumerateFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal))
            .Append(Repository.PathTo("infra", "app", "api.bicep"));
        return string.Join('\n', await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(file))));
    }

    [GeneratedRegex(@"(?:, |sqlRoleDefinitions/\$\{)(?<name>\w+)(?:\)|\}')$")]
    private static partial Regex RoleName();
}
