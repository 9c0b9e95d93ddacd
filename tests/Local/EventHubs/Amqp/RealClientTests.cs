using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using FinVault.Local.Blobs;
using FinVault.Local.EventHubs;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Local.EventHubs.Amqp;

/// <summary>
/// The embedded event hub of <c>--services</c> as <c>@azure/event-hubs</c> from npm sees it: nobody here wrote that, nor
/// the AMQP that it speaks. The .NET client is on no partial feed; the two speak the same protocol.
/// </summary>
public class RealClientTests
{
    private static readonly LocalHostOptions Services = AppHost.Defaults with
    {
        Services = true,
        AmqpPort = 0,
        Partitions = 4,
        Settings = new Dictionary<string, string?> { ["TicksConsumerGroup"] = "proof" },
    };

    [NodeModulesFact]
    public async Task JavaScriptSdk_SendsReadsAndGoesOnFromItsCheckpoints()
    {
        await using AppHost app = await AppHost.StartAsync(Services);
        await using EmbeddedBlobs blobs = new(Services, null, NullLogger<EmbeddedBlobs>.Instance);
        blobs.Start(["http://127.0.0.1"]);
        Assert.True(await blobs.Ready);
        BlobContainerClient checkpoints = await blobs.Client!.CreateBlobContainerAsync("checkpoints");
        Uri container = checkpoints.GenerateSasUri(
            BlobContainerSasPermissions.Read | BlobContainerSasPermissions.Write | BlobContainerSasPermissions.List,
            DateTimeOffset.UtcNow.AddHours(1));

        Tool.Result result = await Tool.RunAsync(
            "node",
            [
                Repository.PathTo("tests", "node", "eventhubs.mjs"),
                SharedAccessKey.WellKnown.ConnectionString("127.0.0.1", app.Host.Amqp.Port),
                app.Host.Hub.Name,
                "proof",
                app.Host.BaseAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                container.AbsoluteUri,
            ],
            TimeSpan.FromMinutes(1));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.EndsWith("ok", result.Output.Trim());
        // It is the hub that triggers and REST senders use.
        StoredEvent first = (await app.Host.Hub.ReadAsync("3", -1, 1, default))[0];
        Assert.Contains("टाटा", Encoding.UTF8.GetString(first.Body.Span), StringComparison.Ordinal);
        Assert.Equal(5_000_000_000L, first.Properties["big"]);
        Assert.Equal("m-1", first.ToEventData().MessageId);
    }
}
