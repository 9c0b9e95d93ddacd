using System.Diagnostics.Metrics;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.Jobs;

/// <summary>How much of a kind is to be done (JOB-14).</summary>
/// <param name="Kind">Of <see cref="JobKinds"/>, or a slice's own.</param>
/// <param name="Worker">What does it: <c>jobs</c>, or the mechanism that the kind has of its own.</param>
/// <param name="Waiting">Not begun.</param>
/// <param name="Active">Begun, also between two tries.</param>
/// <param name="Failed">Given up, for an operator.</param>
public sealed record QueueDepth(string Kind, string Worker, long Waiting, long Active, long Failed);

/// <summary>A mechanism that does the work of a kind in its own way, and counts what it has to do.</summary>
public interface IQueueSource
{
    Task<QueueDepth> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>Every queue, however it is worked.</summary>
public sealed class Queues(JobStore store, IEnumerable<IJobHandler> handlers, IEnumerable<IQueueSource> sources)
{
    private const string Metric = "finvault.jobs.depth";

    private static readonly Gauge<long> Depth = Telemetry.Meter.CreateGauge<long>(
        Metric, "{job}", "Jobs by kind and state, of every worker");

    /// <summary>All of them, also those with nothing to do.</summary>
    public async Task<IReadOnlyList<QueueDepth>> ReadAsync(CancellationToken cancellationToken)
    {
        Task<QueueDepth>[] others = [.. sources.Select(source => source.ReadAsync(cancellationToken))];
        List<JobCount> counts = await store.CountAsync(cancellationToken);
        long Of(string kind, JobState state) =>
            counts.Where(count => count.Kind == kind && count.State == state).Sum(count => count.Jobs);
        IEnumerable<string> kinds = handlers.Select(handler => handler.Kind).Union(counts.Select(count => count.Kind));
        return
        [
            .. kinds.Order(StringComparer.Ordinal).Select(kind => new QueueDepth(
                kind, "jobs", Of(kind, JobState.Waiting), Of(kind, JobState.Active), Of(kind, JobState.Failed))),
            .. (await Task.WhenAll(others)).OrderBy(queue => queue.Worker, StringComparer.Ordinal),
        ];
    }

    /// <summary>Writes them as the metric <c>finvault.jobs.depth</c>.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        foreach (QueueDepth queue in await ReadAsync(cancellationToken))
        {
            Record(queue, "waiting", queue.Waiting);
            Record(queue, "active", queue.Active);
            Record(queue, "failed", queue.Failed);
        }
    }

    private static void Record(QueueDepth queue, string state, long jobs) => Depth.Record(
        jobs, new("kind", queue.Kind), new("worker", queue.Worker), new KeyValuePair<string, object?>("state", state));
}

/// <summary>
/// The outbox of a container: messages of the last day, since a message that waits is told within seconds or set aside.
/// </summary>
internal sealed class OutboxQueue(CosmosClient cosmos, TimeProvider time, string container)
    : Documents(cosmos, container), IQueueSource
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    public async Task<QueueDepth> ReadAsync(CancellationToken cancellationToken) => new(
        JobKinds.EventProcessing, $"outbox:{Container.Id}",
        await CountAsync("NOT IS_STRING(c.failure)", cancellationToken), 0,
        await CountAsync("IS_STRING(c.failure)", cancellationToken));

    private async Task<long> CountAsync(string condition, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            $"SELECT VALUE COUNT(1) FROM c WHERE c.type = @type AND c.at >= @from AND NOT IS_STRING(c.deliveredAt) AND {condition}")
            .WithParameter("@type", OutboxMessage.DocumentType).WithParameter("@from", time.GetUtcNow() - Recent);
        return await QueryAsync<long>(null, query, cancellationToken).SumAsync(cancellationToken);
    }
}
