using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.Jobs;

/// <summary>
/// The container <c>jobs</c>, each job in a partition of its own. Every change is conditioned on the state that it leaves,
/// and on the run, so that what is left over of an earlier one changes nothing.
/// </summary>
public sealed class JobStore(CosmosClient cosmos, TimeProvider time)
{
    private const string List = "jobs";

    private readonly Container _jobs = cosmos.GetContainer(Containers.Database, Containers.Jobs);

    internal async Task<bool> CreateAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            await _jobs.CreateItemAsync(
                job, new PartitionKey(job.Id), new ItemRequestOptions { EnableContentResponseOnWrite = false },
                cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    internal async Task<Job?> FindAsync(string id, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _jobs.ReadItemStreamAsync(
            id, new PartitionKey(id), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<Job>(response, cancellationToken);
    }

    /// <summary>Notes that a try begins; false when the job has ended, or runs anew.</summary>
    internal Task<bool> BeginAsync(Job job, int attempt, CancellationToken cancellationToken) => PatchAsync(
        job, "c.state IN ('waiting', 'active')", cancellationToken, State(JobState.Active),
        PatchOperation.Set("/attempts", attempt), PatchOperation.Set("/startedAt", job.StartedAt ?? time.GetUtcNow()));

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
        List<Job> rows = await ReadAsync<Job>(query, cancellationToken);
        JobRow[] data = [.. rows.Take(page.Limit).Select(job => job.Row())];
        return new(data, rows.Count > data.Length ? Cursor.Write(list, new Place(data[^1].JobId)) : null);
    }

    /// <summary>How many jobs of each kind are in each state but completed.</summary>
    internal Task<List<JobCount>> CountAsync(CancellationToken cancellationToken) => ReadAsync<JobCount>(
        new("SELECT c.kind, c.state, COUNT(1) AS jobs FROM c WHERE c.state IN ('waiting', 'active', 'failed') "
            + "GROUP BY c.kind, c.state"),
        cancellationToken);

    private async Task<bool> PatchAsync(
        Job job, string condition, CancellationToken cancellationToken, params PatchOperation[] changes)
    {
        using ResponseMessage response = await _jobs.PatchItemStreamAsync(
            job.Id, new PartitionKey(job.Id), changes,
            new PatchItemRequestOptions
            {
                FilterPredicate = $"FROM c WHERE {condition} AND c.run = {job.Run}", EnableContentResponseOnWrite = false,
            },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    private async Task<List<T>> ReadAsync<T>(QueryDefinition query, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        using FeedIterator<T> pages = _jobs.GetItemQueryIterator<T>(query);
        while (pages.HasMoreResults)
        {
            rows.AddRange(await pages.ReadNextAsync(cancellationToken));
        }

        return rows;
    }

    private static PatchOperation State(JobState state) => PatchOperation.Set("/state", Name(state));

    private static string Name(JobState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private sealed record Place(string Before);
}

/// <summary>Jobs of a kind in a state.</summary>
internal sealed record JobCount(string Kind, JobState State, long Jobs);
