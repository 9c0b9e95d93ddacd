using Azure.Core;
using FinVault.Contracts;

// The real assembly is not annotated for nullability.
#nullable disable

namespace Azure.Messaging.EventHubs.Producer;

public class SendEventOptions
{
    public SendEventOptions()
    {
    }

    public string PartitionId { get; set; }

    public string PartitionKey { get; set; }
}

public class EventHubProducerClientOptions
{
    public EventHubProducerClientOptions()
    {
    }

    public string Identifier { get; set; }
}

public class EventHubProducerClient : IAsyncDisposable
{
    protected EventHubProducerClient()
    {
    }

    public EventHubProducerClient(string connectionString, string eventHubName) => throw Declaration.Only;

    public EventHubProducerClient(
        string fullyQualifiedNamespace,
        string eventHubName,
        TokenCredential credential,
        EventHubProducerClientOptions clientOptions = null) => throw Declaration.Only;

    public virtual Task<string[]> GetPartitionIdsAsync(CancellationToken cancellationToken = default) =>
        throw Declaration.Only;

    public virtual Task SendAsync(
        IEnumerable<EventData> eventBatch, SendEventOptions options, CancellationToken cancellationToken = default) =>
        throw Declaration.Only;

    public virtual Task CloseAsync(CancellationToken cancellationToken = default) => throw Declaration.Only;

    public virtual ValueTask DisposeAsync() => throw Declaration.Only;
}
