using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Giveaways;

/// <summary>
/// Tells a giveaway's lifecycle that something has changed. What is lost on the way (the caller dies between its write
/// and this) is told again by a timer: the write leaves a mark that only the lifecycle takes off.
/// </summary>
public static class LifecycleSignals
{
    public const string Changed = "Changed";

    /// <summary>Starts the lifecycle, or tells the one that runs.</summary>
    public static async Task TellAsync(
        DurableTaskClient client, Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(giveaway);
        OrchestrationMetadata? there = await client.GetInstanceAsync(giveaway.Id, cancellationToken);
        if (there is { IsCompleted: false })
        {
            await ChangedAsync(client, giveaway.Id, cancellationToken);
        }
        else if (giveaway.IsFunding || giveaway.IsPublic)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(LifecycleFunctions.GiveawayLifecycle), giveaway.Id, new StartOrchestrationOptions(giveaway.Id),
                cancellationToken);
        }
    }

    public static Task ChangedAsync(DurableTaskClient client, string giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RaiseEventAsync(giveaway, Changed, cancellation: cancellationToken);
    }
}
