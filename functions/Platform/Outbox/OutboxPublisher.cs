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

    // The most that a transaction takes.
    private const int MarksAtOnce = 100;

    private static readonly TransactionalBatchPatchItemRequestOptions NoBody =
        new() { EnableContentResponseOnWrite = false };

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
        List<Mark> told = [];
        List<Exception> later = [];
        foreach (JsonElement change in changes.Where(IsMessage))
        {
            OutboxMessage? message = change.Deserialize<OutboxMessage>(Json.Options)!;
            try
            {
                message = again ? await ReadAsync(store, message, cancellationToken) : message;
                if (message is { DeliveredAt: null, Failure: null })
                {
                    told.Add(await TellAsync(message, cancellationToken));
                }
            }
            catch (Exception passing) when (Failures.IsTransient(passing))
            {
                later.Add(passing);
            }
        }

        await MarkAsync(store, told, cancellationToken);
        if (later.Count > 0)
        {
            throw new AggregateException($"{later.Count} messages of {container} could not be told now.", later);
        }
    }

    private static bool IsMessage(JsonElement document) =>
        document.TryGetProperty("type", out JsonElement type) && type.ValueEquals(OutboxMessage.DocumentType);

    private async Task<Mark> TellAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        Correlation.Current = message.CorrelationId;
        try
        {
            foreach (IOutboxHandler handler in _handlers.Where(handler => handler.Takes(message.Kind)))
            {
                await handler.HandleAsync(message, cancellationToken);
            }

            return new(message, PatchOperation.Set("/deliveredAt", time.GetUtcNow()));
        }
        catch (Exception failure) when (!Failures.IsTransient(failure))
        {
            LogGivenUp(message.Kind, message.Id, message.Partition, failure);
            string text = $"{failure.GetType().Name}: {failure.Message}";
            return new(message, PatchOperation.Set("/failure", text[..Math.Min(text.Length, MaxFailureLength)]));
        }
    }

    /// <summary>Marks what was told, a partition's messages in one write.</summary>
    private static async Task MarkAsync(Container store, List<Mark> told, CancellationToken cancellationToken)
    {
        foreach (Mark[] marks in told.GroupBy(mark => mark.Message.Partition).SelectMany(one => one.Chunk(MarksAtOnce)))
        {
            TransactionalBatch batch = store.CreateTransactionalBatch(new PartitionKey(marks[0].Message.Partition));
            foreach (Mark mark in marks)
            {
                batch.PatchItem(mark.Message.Id, [mark.Outcome], NoBody);
            }

            BatchOutcome outcome = await Documents.ExecuteAsync(batch, cancellationToken);
            if (!outcome.IsDone)
            {
                await MarkOneByOneAsync(store, marks, cancellationToken);
            }
        }
    }

    // One is not there any more: its time was over, and it has been told.
    private static async Task MarkOneByOneAsync(Container store, Mark[] marks, CancellationToken cancellationToken)
    {
        foreach (Mark mark in marks)
        {
            using ResponseMessage response = await store.PatchItemStreamAsync(
                mark.Message.Id, new PartitionKey(mark.Message.Partition), [mark.Outcome],
                new PatchItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                response.EnsureSuccessStatusCode();
            }
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

    /// <summary>What became of a message.</summary>
    private readonly record struct Mark(OutboxMessage Message, PatchOperation Outcome);
}
