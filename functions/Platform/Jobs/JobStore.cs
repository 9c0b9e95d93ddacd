using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.Jobs;

/// <summary>
/// The container <c>jobs</c>, each job in a partition of its own. Every change is conditioned on the state that it leaves,
/// and on the run, so that what is left over of an earlier one changes nothing.
/// </summary>
public sealed class JobStore(CosmosClient cosmos, TimeProvider time) : Documents(cosmos, Containers.Jobs)
{
    private const string List = "jobs";

    internal Task<bool> CreateAsync(Job job, CancellationToken cancellationToken) =>
        CreateAsync(job.Id, job, cancellationToken);

    internal Task<Job?> FindAsync(string id, CancellationToken cancellationToken) =>
        FindAsync<Job>(id, id, cancellationToken);

    /// <summary>Notes that a try begins; false when the job has ended, or runs anew.</summary>
    internal Task<bool> BeginAsync(Job job, int attempt, CancellationToken cancellationToken) => PatchAsync(
        job, "c.state IN ('waiting', 'active')", cancellationToken, State(JobState.Active),
        PatchOperation.Set("/attempts", attempt), PatchOperation.Set("/startedAt", job.StartedAt ?? time.GetUtcNow()));

    internal Task ReportAsync(Job job, JobProgress progress, CancellationToken cancellationToken) => PatchAsync(
        job, "c.state = 'active'", cancellationToken, PatchOperation.Set("/progress", progress));

    internal Task CompleteAsync(Job job, JsonElement? result, CancellationToken cancellationToken) => PatchAsync(
        job, "c.state = 'active'", cancellationToken, State(JobState.Completed),
        PatchOperation.Set("/endedAt", time.GetUtcNow()), PatchOperation.Set("/result", result),
        PatchOperation.Set("/ttl", Job.KeptCompletedSeconds));

    internal Task FailAsync(Job job, string error, CancellationToken cancellationToken) => PatchAsync(
        job, "c.state IN ('waiting', 'active')", cancellationToken, State(JobState.Failed),
        PatchOperation.Set("/endedAt", time.GetUtcNow()), PatchOperation.Set("/error", error));

    /// <summary>Has a job that failed done again; false when it has not failed.</summary>
    internal Task<bool> RetryAsync(Job job, CancellationToken cancellationToken) => PatchAsync(
        job, "c.state = 'failed'", cancellationToken, State(JobState.Waiting), PatchOperation.Set("/run", job.Run + 1),
        PatchOperation.Set("/attempts", 0), PatchOperation.Set<string?>("/error", null),
        PatchOperation.Set<DateTimeOffset?>("/endedAt", null));

    /// <summary>Newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<JobRow>> ListAsync(
        string? kind, JobState? state, PageRequest page, CancellationToken cancellationToken)
    {
        string list = $"{List}:{kind}:{state}";
        string? before = page.After<Place>(list)?.Before;
        string filter = string.Concat(
            kind is null ? "" : " AND c.kind = @kind", state is null ? "" : " AND c.state = @state",
            before is null ? "" : " AND c.id < @before");
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE c.type = 'job'{filter} ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1).WithParameter("@kind", kind)
            .WithParameter("@state", state is { } one ? Name(one) : null).WithParameter("@before", before);
        List<Job> rows = await QueryAsync<Job>(null, query, cancellationToken).ToListAsync(cancellationToken);
        JobRow[] data = [.. rows.Take(page.Limit).Select(job => job.Row())];
        return new(data, rows.Count > data.Length ? Cursor.Write(list, new Place(data[^1].JobId)) : null);
    }

    /// <summary>How many jobs of each kind are in each state but completed.</summary>
    internal async Task<List<JobCount>> CountAsync(CancellationToken cancellationToken) => await QueryAsync<JobCount>(
        null,
        new("SELECT c.kind, c.state, COUNT(1) AS jobs FROM c WHERE c.state IN ('waiting', 'active', 'failed') "
            + "GROUP BY c.kind, c.state"),
        cancellationToken).ToListAsync(cancellationToken);

    private Task<bool> PatchAsync(
        Job job, string condition, CancellationToken cancellationToken, params PatchOperation[] changes) =>
        PatchAsync(
            job.Id, job.Id, $"FROM c WHERE {condition} AND c.run = {job.Run}", cancellationToken, changes);

    private static PatchOperation State(JobState state) => PatchOperation.Set("/state", Name(state));

    private static string Name(JobState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private sealed record Place(string Before);
}

/// <summary>Jobs of a kind in a state.</summary>
internal sealed record JobCount(string Kind, JobState State, long Jobs);
