using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.Jobs;

/// <summary>Documents of a type that are jobs of their own, with a <c>state</c> that says how far they are.</summary>
/// <param name="Kind">Of <see cref="JobKinds"/>, or a slice's own.</param>
/// <param name="Worker">What does them.</param>
/// <param name="Container">Where they stand; it indexes type and state.</param>
/// <param name="Type">Their <c>type</c>.</param>
/// <param name="Waiting">The state of those that have not begun.</param>
/// <param name="Active">The state of those under way; null for none.</param>
/// <param name="Failed">The state of those that were given up; null where that is an outcome like any other.</param>
public sealed record QueueOfDocuments(
    string Kind, string Worker, string Container, string Type, string Waiting, string? Active, string? Failed);

/// <summary>Counts them.</summary>
public sealed class DocumentQueue(CosmosClient cosmos, QueueOfDocuments queue)
    : Documents(cosmos, queue.Container), IQueueSource
{
    public async Task<QueueDepth> ReadAsync(CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT c.state, COUNT(1) AS jobs FROM c WHERE c.type = @type AND ARRAY_CONTAINS(@states, c.state) GROUP BY c.state")
            .WithParameter("@type", queue.Type)
            .WithParameter("@states", new[] { queue.Waiting, queue.Active, queue.Failed }.OfType<string>());
        List<StateCount> counts =
            await QueryAsync<StateCount>(null, query, cancellationToken).ToListAsync(cancellationToken);
        long Of(string? state) => counts.Where(count => count.State == state).Sum(count => count.Jobs);
        return new(queue.Kind, queue.Worker, Of(queue.Waiting), Of(queue.Active), Of(queue.Failed));
    }

    private sealed record StateCount(string State, long Jobs);
}
