using System.Text.Json;
using FinVault.Local.Cosmos;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Local.Hosting;
using FinVault.Local.Payments;
using FinVault.Local.SignalR;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Infra;

/// <summary>What <c>func start</c> is told by the sample of settings is what <c>--services</c> and compose.yaml offer.</summary>
public sealed class CoreToolsTests
{
    /// <summary>Of host.json, for emulators alone: their Cosmos DB has a gateway and nothing behind it.</summary>
    internal const string HostOverride = "AzureFunctionsJobHost__extensions__cosmosDB__connectionMode";

    private static readonly Dictionary<string, string> Sample = ConstantsTests.Sample();

    [Fact]
    public void Sample_FindsTheServicesOfTheLocalHost()
    {
        LocalHostOptions services = CommandLine.Parse(["--services"])!;

        Assert.Equal(
            SharedAccessKey.WellKnown.ConnectionString("127.0.0.1", services.AmqpPort), Sample[AzureClients.EventHubs]);
        string[] urls = services.Urls.Split(';');
        Assert.Equal($"AccountEndpoint={urls[0]}/;AccountKey={MasterKey.WellKnown};", Sample[AzureClients.Cosmos]);
        Uri signalR = new(urls[1]);
        Assert.Equal(AccessKey.WellKnown.ConnectionString(signalR.Host, signalR.Port), Sample[AzureClients.SignalR]);
        Assert.Equal(AccessKey.DefaultPort, signalR.Port);
        // func start listens where the sample says, and answers the extension's webhook there.
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("local.settings.sample.json")));
        int app = file.RootElement.GetProperty("Host").GetProperty("LocalHttpPort").GetInt32();
        Assert.Equal($"http://localhost:{app}/runtime/webhooks/signalr", services.Upstream);
        Assert.StartsWith(urls[0] + ProviderEndpoints.Prefix, Sample["PaymentProvider__BaseUrl"], StringComparison.Ordinal);
        Assert.Equal(EventHubTriggerKind.DefaultConsumerGroup, Sample["TicksConsumerGroup"]);
        Assert.Equal("Gateway", Sample[HostOverride]);
    }

    /// <summary>The app's clients then keep to one address without TLS; in Azure they do not.</summary>
    [Theory]
    [InlineData(AzureClients.Cosmos, "accountEndpoint")]
    [InlineData(AzureClients.SignalR, "serviceUri")]
    public void Sample_NamesEmulators(string name, string endpoint)
    {
        AzureConnection Read(string key, string value) => AzureConnection.Read(
            new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build(), name, endpoint);

        Assert.True(Read(name, Sample[name]).IsEmulator);
        Assert.False(Read(name, Sample[name].Replace("http:", "https:", StringComparison.Ordinal)).IsEmulator);
        Assert.False(Read($"{name}:{endpoint}", "https://finvault.example/").IsEmulator);
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Compose_OffersTheSamePorts()
    {
        Yaml.Document compose = (await Yaml.ReadAllAsync())["compose.yaml"];
        Assert.Empty(compose.Errors);
        JsonElement services = compose.Content.GetProperty("services");
        string[] Ports(string name) =>
            [.. services.GetProperty(name).GetProperty("ports").EnumerateArray().Select(port => port.GetString()!)];

        Assert.Equal([$"127.0.0.1:{AmqpEndpoint.DefaultPort}:{AmqpEndpoint.DefaultPort}"], Ports("eventhubs"));
        int cosmos = new Uri(CommandLine.ServicesUrl).Port;
        Assert.Contains($"127.0.0.1:{cosmos}:{cosmos}", Ports("cosmos"));
        Assert.Equal(["127.0.0.1:10000:10000", "127.0.0.1:10001:10001", "127.0.0.1:10002:10002"], Ports("azurite"));
        string mounted = services.GetProperty("eventhubs").GetProperty("volumes")[0].GetString()!.Split(':')[0];
        using JsonDocument file = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.PathTo(mounted[2..].Split('/'))));
        JsonElement hub = file.RootElement.GetProperty("UserConfig").GetProperty("NamespaceConfig")[0].GetProperty("Entities")[0];
        Assert.Equal(Sample[AzureClients.TicksHub], hub.GetProperty("Name").GetString());
    }
}
