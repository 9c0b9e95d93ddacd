using Azure.Core.Serialization;
using Azure.Messaging.EventHubs.Producer;
using Azure.Storage.Blobs;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform;

/// <summary>
/// The clients of Azure services, each a singleton, by managed identity (<c>X__…</c> settings) or connection string
/// (<c>X</c>). The names are those of the trigger attributes' connections, so that one setting serves both.
/// </summary>
public static class AzureClients
{
    public const string EventHubs = "EventHubs";
    public const string Cosmos = "Cosmos";
    public const string SignalR = "AzureSignalRConnectionString";
    public const string Blobs = "Blobs";

    /// <summary>The setting that names the event hub of ticks.</summary>
    public const string TicksHub = "TicksHub";

    /// <param name="services">Gets <c>CosmosClient</c>, <c>EventHubProducerClient</c> and <c>ServiceHubContext</c>.</param>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="hub">The SignalR hub that the <c>ServiceHubContext</c> speaks for.</param>
    public static IServiceCollection AddAzureClients(
        this IServiceCollection services, IConfiguration configuration, string hub)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton<StoreLoad>();
        services.AddSingleton(provider => CosmosClient(configuration, provider.GetRequiredService<StoreLoad>()));
        services.AddSingleton(_ => EventHubProducerClient(configuration));
        services.AddSingleton(provider => ServiceHubContext(configuration, hub, provider));
        Lazy<BlobServiceClient> blobs = new(() => BlobServiceClient(configuration));
        services.AddSingleton<BlobServices>(() => blobs.Value);
        return services;
    }

    /// <summary>The options of every <c>CosmosClient</c> of the app, in Azure and locally.</summary>
    public static CosmosClientOptions CosmosOptions() => new()
    {
        ApplicationName = "FinVault",
        UseSystemTextJsonSerializerWithOptions = Json.Stored,
    };

    private static CosmosClient CosmosClient(IConfiguration configuration, StoreLoad load)
    {
        CosmosClientOptions options = CosmosOptions();
        options.CustomHandlers.Add(new StoreLoadHandler(load, options.ConnectionMode));
        AzureConnection connection = AzureConnection.Read(configuration, Cosmos, "accountEndpoint");
        if (connection.IsEmulator)
        {
            options.ConnectionMode = ConnectionMode.Gateway;
            options.LimitToEndpoint = true;
        }

        return connection.Credential is { } credential
            ? new CosmosClient(connection.Value, credential, options)
            : new CosmosClient(connection.Value, options);
    }

    private static BlobServiceClient BlobServiceClient(IConfiguration configuration)
    {
        AzureConnection connection = AzureConnection.Read(configuration, Blobs, "serviceUri");
        return connection.Credential is { } credential
            ? new BlobServiceClient(new Uri(connection.Value), credential)
            : new BlobServiceClient(connection.Value);
    }

    private static EventHubProducerClient EventHubProducerClient(IConfiguration configuration)
    {
        AzureConnection connection = AzureConnection.Read(configuration, EventHubs, "fullyQualifiedNamespace");
        string hub = configuration[TicksHub] is { Length: > 0 } name
            ? name
            : throw new InvalidOperationException($"Set '{TicksHub}' to the name of the event hub of ticks.");
        return connection.Credential is { } credential
            ? new EventHubProducerClient(connection.Value, hub, credential)
            : new EventHubProducerClient(connection.Value, hub);
    }

    private static ServiceHubContext ServiceHubContext(
        IConfiguration configuration, string hub, IServiceProvider provider)
    {
        AzureConnection connection = AzureConnection.Read(configuration, SignalR, "serviceUri");
        ServiceManager manager = new ServiceManagerBuilder()
            .WithOptions(options =>
            {
                options.ServiceEndpoints = connection.Credential is { } credential
                    ? [new ServiceEndpoint(new Uri(connection.Value), credential)]
                    : [new ServiceEndpoint(connection.Value)];
                if (!connection.IsEmulator)
                {
                    // REST sends are limited to about 200 a second and unit; a connection kept open is not.
                    options.ServiceTransportType = ServiceTransportType.Persistent;
                }

                options.UseJsonObjectSerializer(new JsonObjectSerializer(Json.Options));
            })
            .WithLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
            .BuildServiceManager();

        // A container cannot await: the first use waits for the connection; after a failure the next tries again.
        return manager.CreateHubContextAsync(hub, CancellationToken.None).GetAwaiter().GetResult();
    }
}
