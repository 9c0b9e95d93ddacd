using FinVault.Local.EventHubs;

namespace FinVault.Local.Hosting;

/// <summary>One function's partitions, each read in order by its own pump, all of them at the same time.</summary>
internal sealed class EventHubListener(
    FunctionModel function,
    EventHubTriggerKind.Subscription subscription,
    EmbeddedEventHub hub,
    HostJson.EventHubsSettings settings,
    FunctionRunner runner,
    TimeProvider time,
    ILogger<EventHubListener> logger) : FunctionListener
{
    private Task _pumps = Task.CompletedTask;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _pumps = Task.WhenAll(hub.PartitionIds.Select(partition =>
        {
            var pump = new PartitionPump(
                function, subscription, partition, hub, settings, runner, time, logger, Stopping, Abort);
            return Task.Run(pump.RunAsync, CancellationToken.None);
        }));
        return Task.CompletedTask;
    }

    /// <summary>The pumps finish and checkpoint the batch they are in; one that waits for a retry gives up without.</summary>
    protected override Task FinishAsync() => _pumps;
}
