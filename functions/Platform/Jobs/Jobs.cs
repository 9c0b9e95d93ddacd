using System.Text;
using System.Text.Json;

namespace FinVault.Platform.Jobs;

/// <summary>
/// Starts jobs, and says how they stand. A job is a document; the change feed begins an orchestration for each. So a
/// request that wants one is answered as long as the store is there, whatever becomes of the engine (JOB-09), and a job
/// that was written is done even when its writer dies at once (JOB-03).
/// </summary>
public sealed class Jobs(JobStore store, Func<IEnumerable<IJobHandler>> handlers, TimeProvider time)
{
    public const int MaxInputBytes = 64 * 1024;

    // Asked for late, since handlers may themselves start jobs.
    private readonly Lazy<Dictionary<string, IJobHandler>> _handlers =
        new(() => handlers().ToDictionary(handler => handler.Kind, StringComparer.Ordinal));

    /// <summary>A job's id that is the same for the same instant and name, for who may start it twice.</summary>
    public static string IdOf(DateTimeOffset at, string name) => Ids.Derive(Job.Prefix, at, Encoding.UTF8.GetBytes(name));

    /// <summary>Starts a job; one of that id that is there already is answered as it stands.</summary>
    /// <param name="kind">One with a handler.</param>
    /// <param name="owner">The user who may ask for it; empty for nobody.</param>
    /// <param name="input">For the handler; written as JSON, at most <see cref="MaxInputBytes"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="id">From <see cref="IdOf"/>, where a repeated start must not make a second job; else a new one.</param>
    /// <param name="notBefore">When it may begin; null for at once.</param>
    /// <exception cref="InvalidOperationException">The kind has no handler, or the id is another's.</exception>
    public async Task<JobView> StartAsync(
        string kind, string owner, object input, CancellationToken cancellationToken, string? id = null,
        DateTimeOffset? notBefore = null)
    {
        IJobHandler handler = Handler(kind);
        JsonElement written = JsonSerializer.SerializeToElement(input, Json.Options);
        if (written.GetRawText().Length > MaxInputBytes)
        {
            throw new InvalidOperationException($"A job's input has {MaxInputBytes} bytes at most.");
        }

        Job job = new(
            id ?? Ids.New(Job.Prefix, time), kind, owner, written, Correlation.Current, time.GetUtcNow(), notBefore, 0);
        if (!await store.CreateAsync(job, cancellationToken))
        {
            Job there = await store.FindAsync(job.Id, cancellationToken) ?? job;
            job = (there.Kind, there.Owner) == (kind, owner)
                ? there
                : throw new InvalidOperationException($"{job.Id} is a job of another kind or owner.");
        }

        return job.View(handler.Policy.EstimatedSeconds);
    }

    /// <summary>A job as its owner sees it.</summary>
    /// <param name="id">The job.</param>
    /// <param name="owner">Who asks; null for an operator, who may see any.</param>
    /// <exception cref="ProblemException">unknown_job, also for another's.</exception>
    public async Task<JobView> ReadAsync(string id, string? owner, CancellationToken cancellationToken)
    {
        Job? found = Ids.IsValid(id, Job.Prefix) ? await store.FindAsync(id, cancellationToken) : null;
        return found is not null && (owner is null || found.Owner == owner)
            ? found.View(_handlers.Value.GetValueOrDefault(found.Kind)?.Policy.EstimatedSeconds)
            : throw Problems.UnknownJob.With("There is no such job.");
    }

    internal IJobHandler Handler(string kind) => _handlers.Value.GetValueOrDefault(kind)
        ?? throw new InvalidOperationException($"Nothing does jobs of the kind {kind}.");
}
