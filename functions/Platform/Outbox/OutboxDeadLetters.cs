using System.Net;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.Outbox;

/// <summary>A message that was set aside.</summary>
/// <param name="Container">Where it stands.</param>
/// <param name="Message">The message and why it was set aside.</param>
public sealed record OutboxDeadLetter(string Container, OutboxMessage Message);

/// <summary>Messages that no handler could be told, and their way back.</summary>
public sealed class OutboxDeadLetters(CosmosClient cosmos)
{
    private const string Kind = "outbox-dead-letters";

    /// <summary>A page of the messages of a container that were set aside, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<OutboxDeadLetter>> ListAsync(
        string container, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        Place? after = page.After<Place>(Kind);
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = @type AND IS_STRING(c.failure) AND c.at < @before ORDER BY c.at DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@type", OutboxMessage.DocumentType)
            .WithParameter("@before", after?.Before ?? DateTimeOffset.MaxValue);
        List<OutboxMessage> rows = [];
        using FeedIterator<OutboxMessage> pages =
            cosmos.GetContainer(Containers.Database, container).GetItemQueryIterator<OutboxMessage>(query);
        while (pages.HasMoreResults)
        {
            rows.AddRange(await pages.ReadNextAsync(cancellationToken));
        }

        OutboxDeadLetter[] data = [.. rows.Take(page.Limit).Select(message => new OutboxDeadLetter(container, message))];
        return new(data, rows.Count > page.Limit ? Cursor.Write(Kind, new Place(data[^1].Message.At)) : null);
    }

    /// <summary>Has a message told again: the change brings it back through the feed.</summary>
    /// <exception cref="ProblemException">not_found.</exception>
    public async Task ReplayAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await cosmos.GetContainer(Containers.Database, container).PatchItemStreamAsync(
            id, new PartitionKey(partition), [PatchOperation.Set<string?>("/failure", null)],
            new PatchItemRequestOptions { FilterPredicate = "FROM c WHERE c.type = 'outbox' AND IS_STRING(c.failure)" },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            throw Problems.NotFound.With("There is no such message among those that were set aside.");
        }

        response.EnsureSuccessStatusCode();
    }

    private sealed record Place(DateTimeOffset Before);
}
