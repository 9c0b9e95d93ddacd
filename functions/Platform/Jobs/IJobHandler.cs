using System.Text.Json;

namespace FinVault.Platform.Jobs;

/// <summary>
/// Does the jobs of one kind. It may be run again after it was done (the process died before that was noted), so what it
/// does a second time, by the job's id, changes nothing.
/// </summary>
public interface IJobHandler
{
    /// <summary>Of <see cref="JobKinds"/>, or one of the slice's own in the same form.</summary>
    string Kind { get; }

    /// <summary>How often it is tried, and how long it usually takes.</summary>
    JobPolicy Policy => JobPolicy.Default;

    /// <summary>
    /// Tries once. A <see cref="ProblemException"/> is the job's end: its code is what the owner sees. After any other
    /// exception it is tried again, until <see cref="JobPolicy.Attempts"/> is reached.
    /// </summary>
    Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken);
}

/// <summary>A try.</summary>
/// <param name="Id">The job's.</param>
/// <param name="Owner">A user; empty for nobody.</param>
/// <param name="Input">What it was started with.</param>
/// <param name="Attempt">From 1.</param>
public sealed record JobRun(string Id, string Owner, JsonElement Input, int Attempt)
{
    /// <summary>Notes how far the try is.</summary>
    internal Func<JobProgress, Task>? Report { get; init; }

    /// <summary>Tells the owner how far it is: a part of 1, and the step that begins, in a word.</summary>
    public Task ReportAsync(double part, string step) => Report?.Invoke(new(part, step)) ?? Task.CompletedTask;

    /// <summary>The input as it was given.</summary>
    public T Read<T>() where T : class => Input.Deserialize<T>(Json.Options)
        ?? throw new JsonException($"The input of {Id} is null.");
}

/// <summary>How a try ended that did not fail.</summary>
/// <param name="Result">For the owner; written as JSON.</param>
/// <param name="Wait">Not done yet: when to look again. That is no failure, and not counted as a try.</param>
public sealed record JobOutcome(object? Result, TimeSpan? Wait = null)
{
    public static JobOutcome Done(object? result = null) => new(result);

    public static JobOutcome Later(TimeSpan wait) => new(null, wait);
}

/// <summary>How often a kind of job is tried.</summary>
/// <param name="Attempts">Tries at most.</param>
/// <param name="FirstWait">Between the first and the second; each wait is twice the one before.</param>
/// <param name="LongestWait">No wait is longer.</param>
/// <param name="EstimatedSeconds">What owners are told; null for nothing.</param>
public sealed record JobPolicy(int Attempts, TimeSpan FirstWait, TimeSpan LongestWait, int? EstimatedSeconds = null)
{
    private const int MostDoublings = 20;

    /// <summary>Eight tries within about two minutes.</summary>
    public static JobPolicy Default { get; } = new(8, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>The wait after a try that failed, from 1.</summary>
    public TimeSpan WaitAfter(int attempt)
    {
        double seconds = FirstWait.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, MostDoublings));
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds));
    }
}
