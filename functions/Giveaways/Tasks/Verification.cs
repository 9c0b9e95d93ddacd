using FinVault.Giveaways.Draw;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Giveaways;

/// <summary>One verification.</summary>
/// <param name="Giveaway">The partition.</param>
/// <param name="Completion">Its document.</param>
/// <param name="Submission">Which submission of it.</param>
/// <param name="CorrelationId">Of the request that sent it, also 90 seconds and a restart later.</param>
/// <param name="Failure">Why it cannot be decided, for the last step.</param>
public sealed record VerificationJob(
    string Giveaway, string Completion, int Submission, string CorrelationId, string? Failure = null);

/// <summary>Asks the network about a completion, and writes what it said.</summary>
public sealed partial class Verification(
    CompletionStore store, GiveawayStore giveaways, ISocialProvider social, SocialOptions options, TimeProvider time,
    ILogger<Verification> logger)
{
    /// <summary>Asks once.</summary>
    /// <returns>When to ask again, or null when it is decided.</returns>
    public async Task<TimeSpan?> AskAsync(VerificationJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        Correlation.Current = job.CorrelationId;
        if (await CurrentAsync(job, cancellationToken) is not { } completion)
        {
            return null;
        }

        GiveawayTask? task = (await store.TasksAsync(job.Giveaway, cancellationToken)).Tasks
            .FirstOrDefault(one => one.Id == completion.Task);
        if (task is null || !await store.AskingAsync(completion, cancellationToken))
        {
            return TimeSpan.Zero;
        }

        Completion asked = completion with { State = CompletionState.Active, Asked = completion.Asked + 1 };
        SocialVerdict verdict;
        try
        {
            verdict = await social.CheckAsync(
                new(asked.JobId, task.Network, task.Action, task.Target, asked.Handle), cancellationToken);
        }
        catch (Exception failure)
        {
            LogFailed(failure, job.Completion, asked.Asked, job.CorrelationId);
            throw;
        }

        if (verdict.State == SocialState.Pending)
        {
            return TimeSpan.FromSeconds(options.PollSeconds);
        }

        Giveaway? giveaway = await giveaways.FindAsync(job.Giveaway, cancellationToken);
        Completion decided = Decided(asked, verdict);
        // What the draw did not count must not show in the ranking that it was made from.
        await store.DecideAsync(
            asked, giveaway?.Draw is { State: not DrawState.Committed } ? TooLate(decided) : decided, cancellationToken);
        return null;
    }

    private static Completion TooLate(Completion decided) => decided.State != CompletionState.Completed
        ? decided
        : decided with { State = CompletionState.Failed, Reason = "The network said so after the entries were closed." };

    /// <summary>Gives up.</summary>
    public async Task FailAsync(VerificationJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        Correlation.Current = job.CorrelationId;
        while (await CurrentAsync(job, cancellationToken) is { } completion)
        {
            LogGivenUp(job.Completion, job.Failure, job.CorrelationId);
            Completion failed = completion with
            {
                State = CompletionState.Failed, Reason = job.Failure, DecidedAt = time.GetUtcNow(),
            };
            if (await store.DecideAsync(completion, failed, cancellationToken))
            {
                return;
            }
        }
    }

    private Completion Decided(Completion asked, SocialVerdict verdict)
    {
        int score = FraudScore.Of(verdict.Account);
        Completion decided = asked with { DecidedAt = time.GetUtcNow(), FraudScore = score };
        return verdict.State != SocialState.Done
            ? decided with { State = CompletionState.Failed, Reason = verdict.Reason ?? "The network does not see it." }
            : score >= options.FraudLimit
                ? decided with { State = CompletionState.Invalidated, Reason = "The account looks made up for this." }
                : decided with { State = CompletionState.Completed };
    }

    // Null once it is decided, or when it was sent anew.
    private async Task<Completion?> CurrentAsync(VerificationJob job, CancellationToken cancellationToken) =>
        await store.FindAsync(job.Giveaway, job.Completion, cancellationToken) is
            { State: CompletionState.Waiting or CompletionState.Active } found && found.Submission == job.Submission
            ? found
            : null;

    [LoggerMessage(
        EventId = 6101, Level = LogLevel.Warning,
        Message = "Verification of {Completion} failed at question {Asked} (correlation {CorrelationId})")]
    private partial void LogFailed(Exception failure, string completion, int asked, string correlationId);

    [LoggerMessage(
        EventId = 6102, Level = LogLevel.Warning,
        Message = "Verification of {Completion} was given up: {Reason} (correlation {CorrelationId})")]
    private partial void LogGivenUp(string completion, string? reason, string correlationId);
}
