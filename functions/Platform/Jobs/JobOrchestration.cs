using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Platform.Jobs;

/// <summary>A run of a job as its orchestration gets it.</summary>
/// <param name="Attempt">The try to go on with.</param>
public sealed record JobInstance(string Job, int Run, int Attempt = 1);

/// <summary>Runs jobs: an orchestration for each run of one, begun by the job's own document.</summary>
public sealed class JobOrchestration(JobAttempts attempts)
{
    private const int PollMilliseconds = 200;

    // A history that grows for days makes every replay slow.
    private const int StepsInOneHistory = 50;

    // A handler that fails is an outcome; what is tried again here, for most of a day, is our own store.
    private static readonly TaskOptions Persistent = TaskOptions.FromRetryPolicy(
        new RetryPolicy(200, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(5)));

    /// <summary>Begins what is new, or is to be done again. While the engine is down, jobs wait here.</summary>
    [Function(nameof(StartJobs))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public static async Task StartJobs(
        [CosmosDBTrigger(
            Containers.Database, Containers.Jobs, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "jobs",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(client);
        foreach (Job job in changes.Where(IsJob).Select(change => change.Deserialize<Job>(Json.Options)!))
        {
            if (job.State == JobState.Waiting && await client.GetInstanceAsync(job.Instance, cancellationToken) is null)
            {
                await client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(RunJob), new JobInstance(job.Id, job.Run), new StartOrchestrationOptions(job.Instance),
                    cancellationToken);
            }
        }
    }

    /// <summary>Tries until the job has ended, with the waits that its kind asks for.</summary>
    [Function(nameof(RunJob))]
    public static async Task RunJob([OrchestrationTrigger] TaskOrchestrationContext context, JobInstance job)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(job);
        int attempt = job.Attempt;
        for (int step = 0; step < StepsInOneHistory; step++)
        {
            JobStep next = await context.CallActivityAsync<JobStep>(
                nameof(TryJob), new JobAttempt(job.Job, job.Run, attempt), Persistent);
            if (next.Wait is not { } wait)
            {
                return;
            }

            attempt = next.Number;
            await context.CreateTimer(wait, CancellationToken.None);
        }

        context.ContinueAsNew(job with { Attempt = attempt });
    }

    [Function(nameof(TryJob))]
    public Task<JobStep> TryJob([ActivityTrigger] JobAttempt attempt, CancellationToken cancellationToken) =>
        attempts.TryAsync(attempt, cancellationToken);

    private static bool IsJob(JsonElement document) =>
        document.TryGetProperty("type", out JsonElement type) && type.ValueEquals(Job.DocumentType);
}
