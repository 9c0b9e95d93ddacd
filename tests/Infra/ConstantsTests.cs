using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Market.Live;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.RateLimits;
using FinVault.Tests.Support;
using FinVault.Uploads;

namespace FinVault.Tests.Infra;

/// <summary>What infra/ makes is what the code asks for: containers, hubs and settings, both ways.</summary>
public sealed partial class ConstantsTests
{
    /// <summary>Connections, and the setting beside <c>__credential</c> and <c>__clientId</c> that says where each goes.</summary>
    private static readonly Dictionary<string, string[]> Connections = new()
    {
        ["AzureWebJobsStorage"] = ["blobServiceUri", "queueServiceUri", "tableServiceUri"],
        [AzureClients.EventHubs] = ["fullyQualifiedNamespace"],
        [AzureClients.Cosmos] = ["accountEndpoint"],
        [AzureClients.SignalR] = ["serviceUri"],
        [AzureClients.Blobs] = ["serviceUri"],
    };

    /// <summary>Settings that the Azure platform reads and the code does not.</summary>
    private static readonly string[] Platform =
        ["AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];

    /// <summary>The payment provider is none of Azure's.</summary>
    private static readonly string[] Payments =
        [.. PaymentOptions.Settings.Select(name => $"{PaymentOptions.Section}__{name}"), GiftCode.KeySetting];

    /// <summary>Signing in, what it sends by mail, and who is in front of the app.</summary>
    private static readonly string[] Accounts =
    [
        .. IdentityOptions.Settings.Select(name => $"{IdentityOptions.Section}__{name}"),
        .. MailOptions.Settings.Select(name => $"{MailOptions.Section}__{name}"),
        .. OpenIdOptions.Settings.Select(name => $"{OpenIdOptions.Section}__google__{name}"),
        $"{RateLimitOptions.Section}__trustedHops",
    ];

    [Fact]
    public void Containers_AreTheCodes()
    {
        string file = File.ReadAllText(Repository.PathTo("infra", "containers.json"));
        ContainerDefinition[] made = JsonSerializer.Deserialize<ContainerDefinition[]>(file, JsonSerializerOptions.Web)!;

        Assert.Equal(Containers.All.Select(Describe), made.Select(Describe));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Database_IsTheCodes()
    {
        Bicep cosmos = (await Bicep.ReadAllAsync())["app/cosmos.bicep"];

        Assert.Equal($"'{Containers.Database}'", cosmos.Variables.Single(variable => variable.Name == "database").Text);
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task ContainersOfUploads_AreTheCodes()
    {
        Bicep uploads = (await Bicep.ReadAllAsync())["app/uploads.bicep"];
        string Variable(string name) => uploads.Variables.Single(variable => variable.Name == name).Text.Trim('\'');

        Assert.Equal(UploadBlobs.PrivateContainer, Variable("privateContainer"));
        Assert.Equal(UploadBlobs.PublicContainer, Variable("publicContainer"));
        Assert.Equal(UploadBlobs.Quarantine, Variable("quarantine"));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Hubs_AreTheCodes()
    {
        Bicep main = (await Bicep.ReadAllAsync())["main.bicep"];
        string Variable(string name) => main.Variables.Single(variable => variable.Name == name).Text.Trim('\'');

        Assert.Equal(Realtime.Hub, Variable("liveHub"));
        Assert.Equal(Sample()["TicksHub"], Variable("ticksHub"));
        string hook = await File.ReadAllTextAsync(Repository.PathTo("infra", "hooks", "postdeploy.sh"));
        Assert.Contains($"hub-pattern={Realtime.Hub} ", hook, StringComparison.Ordinal);
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Settings_OfTheFunctionAppAreThoseThatTheCodeReads()
    {
        Bicep api = (await Bicep.ReadAllAsync())["app/api.bicep"];
        IEnumerable<string> made = api.Resources.Single(resource => resource.Name == "settings").Properties.Keys
            .Where(key => key.StartsWith("properties.", StringComparison.Ordinal)).Select(key => key["properties.".Length..]);
        IEnumerable<string> connections = Connections.SelectMany(connection => connection.Value
            .Concat(["credential", "clientId"]).Select(part => $"{connection.Key}__{part}"));

        Assert.Equal(connections.Concat(NamedSettings()).Concat(Platform).Concat(Payments).Concat(Accounts).Order(), made.Order());
    }

    [Fact]
    public void Settings_OfTheSampleAreThoseThatTheCodeReads() => Assert.Equal(
        Connections.Keys.Concat(NamedSettings()).Concat(Payments).Concat(Accounts).Append("FUNCTIONS_WORKER_RUNTIME").Order(),
        Sample().Keys.Order());

    private static Dictionary<string, string> Sample()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("local.settings.sample.json")));
        return file.RootElement.GetProperty("Values").Deserialize<Dictionary<string, string>>()!;
    }

    /// <summary>The <c>%Setting%</c> of every trigger, which has no default.</summary>
    private static IEnumerable<string> NamedSettings() => Directory
        .EnumerateFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal))
        .SelectMany(file => NamedSetting().Matches(File.ReadAllText(file)))
        .Select(match => match.Groups["name"].Value)
        .Distinct();

    private static string Describe(ContainerDefinition container) =>
        $"{container.Name} {container.PartitionKey} {container.TimeToLiveSeconds} "
        + string.Join(',', container.IndexedPaths);

    [GeneratedRegex("\"%(?<name>\\w+)%\"")]
    private static partial Regex NamedSetting();
}
