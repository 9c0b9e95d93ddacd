using System.Diagnostics.CodeAnalysis;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;

namespace FinVault.Local.EventHubs;

/// <summary>The Event Hubs producer that the app asks for, over the embedded hub. It does not own the hub.</summary>
public sealed class EmbeddedProducerClient(EmbeddedEventHub hub) : EventHubProducerClient
{
    private volatile bool _closed;

    public override Task<string[]> GetPartitionIdsAsync(CancellationToken cancellationToken = default)
    {
        RefuseWhenClosed();
        return Task.FromResult(hub.PartitionIds.ToArray());
    }

    public override Task SendAsync(
        IEnumerable<EventData> eventBatch, SendEventOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventBatch);
        RefuseWhenClosed();
        IReadOnlyList<EventData> events = eventBatch as IReadOnlyList<EventData> ?? [.. eventBatch];
        return hub.AppendAsync(options?.PartitionId, options?.PartitionKey, events, cancellationToken).AsTask();
    }

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        return Task.CompletedTask;
    }

    [SuppressMessage("Usage", "CA2215", Justification = "The declared base has nothing to dispose of and throws.")]
    public override ValueTask DisposeAsync()
    {
        _closed = true;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private void RefuseWhenClosed()
    {
        if (_closed)
        {
            throw new EventHubsException(
                false, hub.Name, "The producer is closed.", EventHubsException.FailureReason.ClientClosed);
        }
    }
}
