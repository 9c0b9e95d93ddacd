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

    /// <summary>Every address in it is one where somebody listens, so that it works as it stands.</summary>
    [Fact]
    public async Task Sample_NamesNoAddressWhereNobodyListens()
    {
        LocalHostOptions services = CommandLine.Parse(["--services", "--data", LocalHostOptions.Memory])!;
        int[] listening = [.. services.Urls.Split(';').Select(url => new Uri(url).Port), services.AmqpPort, services.MailPort];
        // The page's own address in links of mails: where the web client is developed.
        string[] others = ["Identity__WebBaseUrl"];
        Dictionary<string, int> named = Sample.Where(one => !others.Contains(one.Key))
            .SelectMany(one => PortsOf(one.Key, one.Value).Select(port => (one.Key, port)))
            .ToDictionary(one => one.Key, one => one.port);

        Assert.Equal(
            ["AzureSignalRConnectionString", "Cosmos", "EventHubs", "Mail__Host", "PaymentProvider__BaseUrl"],
            named.Keys.Order(StringComparer.Ordinal));
        Assert.All(named, one => Assert.Contains(one.Value, listening));
        Assert.All(
            Sample.Where(one => one.Value.Contains("UseDevelopmentStorage", StringComparison.Ordinal)),
            one => Assert.Contains(one.Key, (string[])["AzureWebJobsStorage", AzureClients.Blobs]));

        // The same on ports that are free: each of them is really listened to.
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Services = true });
        Assert.All([app.Host.BaseAddress.Port, app.Host.Amqp.Port, app.Host.Mail.Port], port =>
        {
            using System.Net.Sockets.TcpClient client = new("127.0.0.1", port);
            Assert.True(client.Connected);
        });
        Uri provider = new(Sample["PaymentProvider__BaseUrl"]);
        using HttpResponseMessage locked = await app.Client.GetAsync(new Uri(provider.AbsolutePath + "operations/NONE", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, locked.StatusCode);
    }

    private static IEnumerable<int> PortsOf(string name, string value) => name switch
    {
        "Mail__Host" => [int.Parse(Sample["Mail__Port"], System.Globalization.CultureInfo.InvariantCulture)],
        "EventHubs" => [AmqpEndpoint.DefaultPort],
        "AzureSignalRConnectionString" => [int.Parse(
            value.Split("Port=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture)],
        _ => value.Contains("127.0.0.1", StringComparison.Ordinal) || value.Contains("localhost:", StringComparison.Ordinal)
            ? [new Uri(value[value.IndexOf("http", StringComparison.Ordinal)..].Split(';')[0]).Port]
            : [],
    };

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
