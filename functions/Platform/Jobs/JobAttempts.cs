using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Jobs;

/// <summary>A try of a run.</summary>
public sealed record JobAttempt(string Job, int Run, int Number);

/// <summary>What follows a try.</summary>
/// <param name="Wait">Null when the job has ended.</param>
/// <param name="Number">Of the try after the wait.</param>
public sealed record JobStep(TimeSpan? Wait, int Number);

/// <summary>Tries jobs, and writes what became of them.</summary>
public sealed partial class JobAttempts(JobStore store, Jobs jobs, TimeProvider time, ILogger<JobAttempts> logger)
{
    /// <summary>In the document, so well below what it may have.</summary>
    public const int MaxResultBytes = 512 * 1024;

    private static readonly JobStep Ended = new(null, 0);

    /// <summary>Tries once, as the request's own doing: with its correlation id.</summary>
    public async Task<JobStep> TryAsync(JobAttempt attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        Job? job = await store.FindAsync(attempt.Job, cancellationToken);
        if (job is null || job.HasEnded || job.Run != attempt.Run)
        {
            return Ended;
        }

        Correlation.Current = job.CorrelationId;
        if (job.NotBefore is { } begin && begin > time.GetUtcNow())
        {
            return new(begin - time.GetUtcNow(), attempt.Number);
        }

        if (!await store.BeginAsync(job, attempt.Number, cancellationToken))
        {
            return Ended;
        }

        try
        {
            return await RunAsync(job, attempt, cancellationToken);
        }
        catch (ProblemException refused)
        {
            LogRefused(job.Kind, job.Id, refused.Problem.Code, job.CorrelationId, refused);
            await store.FailAsync(job, refused.Problem.Code, cancellationToken);
            return Ended;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return await FailedAsync(job, attempt, failure, cancellationToken);
        }
    }

    private async Task<JobStep> RunAsync(Job job, JobAttempt attempt, CancellationToken cancellationToken)
    {
        JobOutcome outcome = await jobs.Handler(job.Kind).RunAsync(
            new(job.Id, job.Owner, job.Input, attempt.Number)
            {
                Report = progress => store.ReportAsync(job, progress, cancellationToken),
            },
            cancellationToken);
        if (outcome.Wait is { } wait)
        {
            return new(wait, attempt.Number);
        }

        JsonElement? result = outcome.Result is null
            ? null
            : JsonSerializer.SerializeToElement(outcome.Result, outcome.Result.GetType(), Json.Options);
        if (result?.GetRawText().Length > MaxResultBytes)
        {
            throw Problems.JobResultTooLarge.With($"The result has {MaxResultBytes} bytes at most.");
        }

        await store.CompleteAsync(job, result, cancellationToken);
        return Ended;
    }

    private async Task<JobStep> FailedAsync(
        Job job, JobAttempt attempt, Exception failure, CancellationToken cancellationToken)
    {
        JobPolicy policy = jobs.Handler(job.Kind).Policy;
        LogFailed(job.Kind, job.Id, attempt.Number, policy.Attempts, job.CorrelationId, failure);
        if (attempt.Number < policy.Attempts)
        {
            return new(policy.WaitAfter(attempt.Number), attempt.Number + 1);
        }

        ProblemDefinition said = Failures.IsTransient(failure) ? Problems.Unavailable : Problems.Internal;
        await store.FailAsync(job, said.Code, cancellationToken);
        return Ended;
    }

    [LoggerMessage(
        1301, LogLevel.Warning, "Job {Kind} {Job} failed at try {Attempt} of {Attempts} (correlation {CorrelationId})")]
    private partial void LogFailed(
        string kind, string job, int attempt, int attempts, string correlationId, Exception failure);

    [LoggerMessage(1302, LogLevel.Warning, "Job {Kind} {Job} was refused: {Code} (correlation {CorrelationId})")]
    private partial void LogRefused(string kind, string job, string code, string correlationId, Exception failure);
}
