using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Outbox;

/// <summary>Hands the messages among a container's changes to those that take them.</summary>
public sealed partial class OutboxPublisher(
    CosmosClient cosmos, IEnumerable<IOutboxHandler> handlers, TimeProvider time, ILogger<OutboxPublisher> logger)
{
    private const int MaxFailureLength = 500;

    private readonly IOutboxHandler[] _handlers = [.. handlers];

    /// <summary>Publishes what is new. One message that cannot be told now does not hold up the others.</summary>
    /// <param name="container">Where the changes are from.</param>
    /// <param name="changes">Documents as they are now, of whatever type.</param>
    /// <param name="again">Whether they were tried before, so that some may be delivered already.</param>
    /// <param name="cancellationToken">Gives up; the change feed brings the same changes again.</param>
    /// <exception cref="AggregateException">Some could not be told now; call again.</exception>
    public async Task PublishAsync(
        string container, IReadOnlyList<JsonElement> changes, bool again, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Container store = cosmos.GetContainer(Containers.Database, container);
        List<Exception> later = [];
        foreach (JsonElement change in changes.Where(IsMessage))
        {
            OutboxMessage? message = change.Deserialize<OutboxMessage>(Json.Options)!;
            try
            {
                message = again ? await ReadAsync(store, message, cancellationToken) : message;
                if (message is { DeliveredAt: null, Failure: null })
                {
                    await TellAsync(store, message, cancellationToken);
                }
            }
            catch (Exception passing) when (Failures.IsTransient(passing))
            {
                later.Add(passing);
            }
        }

        if (later.Count > 0)
        {
            throw new AggregateException($"{later.Count} messages of {container} could not be told now.", later);
        }
    }

    private static bool IsMessage(JsonElement document) =>
        document.TryGetProperty("type", out JsonElement type) && type.ValueEquals(OutboxMessage.DocumentType);

    private async Task TellAsync(Container store, OutboxMessage message, CancellationToken cancellationToken)
    {
        Correlation.Current = message.CorrelationId;
        PatchOperation outcome;
        try
        {
            foreach (IOutboxHandler handler in _handlers.Where(handler => handler.Takes(message.Kind)))
            {
                await handler.HandleAsync(message, cancellationToken);
            }

            outcome = PatchOperation.Set("/deliveredAt", time.GetUtcNow());
        }
        catch (Exception failure) when (!Failures.IsTransient(failure))
        {
            LogGivenUp(message.Kind, message.Id, message.Partition, failure);
            string text = $"{failure.GetType().Name}: {failure.Message}";
            outcome = PatchOperation.Set("/failure", text[..Math.Min(text.Length, MaxFailureLength)]);
        }

        await MarkAsync(store, message, outcome, cancellationToken);
    }

    private static async Task MarkAsync(
        Container store, OutboxMessage message, PatchOperation outcome, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await store.PatchItemStreamAsync(
            message.Id, new PartitionKey(message.Partition), [outcome],
            new PatchItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            // Not found: its time was over, and it has been told.
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task<OutboxMessage?> ReadAsync(
        Container store, OutboxMessage message, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await store.ReadItemStreamAsync(
            message.Id, new PartitionKey(message.Partition), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<OutboxMessage>(response, cancellationToken);
    }

    [LoggerMessage(1200, LogLevel.Error, "Message {Kind} {Message} of {Partition} was set aside")]
    private partial void LogGivenUp(string kind, string message, string partition, Exception failure);
}
