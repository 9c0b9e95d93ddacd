using System.Net;
using Azure.Messaging.EventHubs.Producer;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Platform.Health;

/// <summary>A point read of an item that is not there: the cheapest proof (1 RU) that the data plane answers us.</summary>
internal sealed class CosmosCheck(CosmosClient client) : IDependencyCheck
{
    private const string ContainerMissing = "1003";

    public string Name => "cosmos";

    public bool Required => true;

    public async Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        Container container = client.GetContainer(Containers.Database, Containers.Leases);
        using ResponseMessage response = await container.ReadItemStreamAsync(
            "health", new PartitionKey("health"), cancellationToken: cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound when response.Headers["x-ms-substatus"] == ContainerMissing =>
                new(HealthStatus.Unhealthy, "the database is not set up"),
            HttpStatusCode.NotFound or HttpStatusCode.OK => CheckResult.Healthy,
            HttpStatusCode.TooManyRequests => new(HealthStatus.Degraded, "throttled"),
            HttpStatusCode other => new(HealthStatus.Unhealthy, $"answered {(int)other}"),
        };
    }
}

/// <summary>The hub's partitions, which its producer must know before it can send anything.</summary>
internal sealed class EventHubsCheck(EventHubProducerClient producer) : IDependencyCheck
{
    public string Name => "eventHubs";

    public bool Required => true;

    public async Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        string[] partitions = await producer.GetPartitionIdsAsync(cancellation);
        return partitions.Length > 0 ? CheckResult.Healthy : new(HealthStatus.Unhealthy, "has no partitions");
    }
}

/// <summary>
/// The SignalR service. Without it nothing is pushed, but prices are still taken in and can be read: degraded.
/// A hub in this process, as on the local host, is there as soon as its context is.
/// </summary>
internal sealed class SignalRCheck(IServiceProvider services) : IDependencyCheck
{
    public string Name => "signalR";

    public bool Required => false;

    public async Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        if (services.GetService<ServiceManager>() is { } manager)
        {
            return await manager.IsServiceHealthy(cancellation)
                ? CheckResult.Healthy
                : new(HealthStatus.Unhealthy, "the service reports itself as not healthy");
        }

        return services.GetService<ServiceHubContext>() is null
            ? new(HealthStatus.Unhealthy, "is not configured")
            : CheckResult.Healthy;
    }
}
