using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Giveaways;

/// <summary>Verifications as durable jobs (queue SOCIAL_VERIFICATION): they survive restarts and take their time.</summary>
public sealed class VerificationFunctions(Verification verification, CompletionStore store, TimeProvider time)
{
    // Long enough that whoever wrote the completion has started its job, if it still lives.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(8, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1)));

    /// <summary>The instance id is <see cref="Completion.JobId"/>.</summary>
    [Function(nameof(VerifyCompletion))]
    public static async Task VerifyCompletion([OrchestrationTrigger] TaskOrchestrationContext context, VerificationJob job)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.SetCustomStatus(new { job.CorrelationId });
        string failure = "The network did not say in time. Try again.";
        try
        {
            for (int asked = 0; asked < MaxPolls; asked++)
            {
                TimeSpan? again = await context.CallActivityAsync<TimeSpan?>(nameof(AskNetwork), job, Retry);
                if (again is not { } wait)
                {
                    return;
                }

                await context.CreateTimer(context.CurrentUtcDateTime + wait, CancellationToken.None);
            }
        }
        catch (TaskFailedException)
        {
            failure = "The network cannot be asked at present. Try again.";
        }

        await context.CallActivityAsync(nameof(GiveUpVerification), job with { Failure = failure }, Retries.Undo);
    }

    [Function(nameof(AskNetwork))]
    public Task<TimeSpan?> AskNetwork([ActivityTrigger] VerificationJob job, CancellationToken cancellationToken) =>
        verification.AskAsync(job, cancellationToken);

    [Function(nameof(GiveUpVerification))]
    public Task GiveUpVerification([ActivityTrigger] VerificationJob job, CancellationToken cancellationToken) =>
        verification.FailAsync(job, cancellationToken);

    /// <summary>Starts the jobs of completions whose writer died before it could.</summary>
    [Function(nameof(StartVerifications))]
    public async Task StartVerifications(
        [TimerTrigger("20 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await foreach (Completion completion in store.WaitingAsync(time.GetUtcNow() - Forgotten, cancellationToken))
        {
            await StartAsync(client, completion, cancellationToken);
        }
    }

    /// <summary>Starts a completion's job, unless it was started.</summary>
    public static async Task StartAsync(
        DurableTaskClient client, Completion completion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(completion);
        if (await client.GetInstanceAsync(completion.JobId, cancellationToken) is null)
        {
            VerificationJob job = new(
                completion.Giveaway, completion.Id, completion.Submission, completion.CorrelationId);
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(VerifyCompletion), job, new StartOrchestrationOptions(completion.JobId), cancellationToken);
        }
    }

    // Fixed, so that a replay after a change of settings goes the way that it went: 10 minutes by the defaults.
    private const int MaxPolls = 40;
}
