using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FinVault.Identity;

/// <summary>An erasure, from its grace period to its last step. It only goes forward.</summary>
public sealed class ErasureFunctions(Erasure erasure)
{
    // Most of a day: what is half erased is not given up lightly.
    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(
        new RetryPolicy(200, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromMinutes(5)));

    [Function(nameof(ErasePerson))]
    public static async Task ErasePerson([OrchestrationTrigger] TaskOrchestrationContext context, ErasureRun run)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(run);
        await context.CreateTimer(run.DueAt.UtcDateTime, CancellationToken.None);
        if (!await context.CallActivityAsync<bool>(nameof(BeginErasure), run, Patient))
        {
            return;
        }

        foreach (string slice in await context.CallActivityAsync<string[]>(nameof(ListErasureSteps), run.User, Patient))
        {
            await context.CallActivityAsync(nameof(EraseSlice), new ErasureStep(run.User, slice), Patient);
        }

        await context.CallActivityAsync(nameof(FinishErasure), run.User, Patient);
    }

    [Function(nameof(BeginErasure))]
    public Task<bool> BeginErasure([ActivityTrigger] ErasureRun run, CancellationToken cancellationToken) =>
        erasure.BeginAsync(run, cancellationToken);

    [Function(nameof(ListErasureSteps))]
    public Task<string[]> ListErasureSteps([ActivityTrigger] string user) => Task.FromResult(erasure.Slices.ToArray());

    [Function(nameof(EraseSlice))]
    public Task EraseSlice([ActivityTrigger] ErasureStep step, CancellationToken cancellationToken) =>
        erasure.EraseAsync(step, cancellationToken);

    [Function(nameof(FinishErasure))]
    public Task FinishErasure([ActivityTrigger] string user, CancellationToken cancellationToken) =>
        erasure.FinishAsync(user, cancellationToken);
}
