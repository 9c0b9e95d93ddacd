using FinVault.Giveaways.Draw;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Giveaways;

/// <summary>
/// Asks the networks once more about winners of condition mode, before they get anything. Who has undone a task is
/// replaced, in the draw's own chain and for everybody to read.
/// </summary>
public sealed partial class WinnerCheck(
    CompletionStore store, ISocialProvider social, Draws draws, ILogger<WinnerCheck> logger)
{
    // Each round removes at least one winner for good, so this ends; more would mean that hardly anybody is honest.
    private const int MaxRounds = 50;

    private const string Reason = "A task was undone after it had counted.";

    /// <summary>The record in which every holder of a prize still has what the points were given for.</summary>
    public async Task<DrawRecord> RunAsync(string giveaway, DrawRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Rules.Mode != DrawMode.Condition)
        {
            return record;
        }

        Dictionary<string, GiveawayTask> tasks = (await store.TasksAsync(giveaway, cancellationToken)).Tasks
            .ToDictionary(task => task.Id!);
        HashSet<string> kept = [];
        for (int round = record.Replacements.Count; round < MaxRounds; round++)
        {
            List<string> undone = [];
            foreach (string entry in record.Holders().Select(holder => holder.Entry).Where(entry => !kept.Contains(entry)))
            {
                (await StandsAsync(giveaway, entry, tasks, cancellationToken) ? (ICollection<string>)kept : undone).Add(entry);
            }

            if (undone.Count == 0)
            {
                break;
            }

            LogUndone(giveaway, undone.Count);
            HashSet<string> named = [.. kept, .. undone, .. record.Replacements.SelectMany(one => one.Removed)];
            bool next = record.RunnersUp.Any(pick => !named.Contains(pick.Entry));
            record = await draws.ReplaceAsync(
                giveaway, $"undone-{round}", next ? ReplacementKind.RunnersUp : ReplacementKind.Reroll, undone, Reason,
                cancellationToken);
        }

        return record;
    }

    private async Task<bool> StandsAsync(
        string giveaway, string entry, Dictionary<string, GiveawayTask> tasks, CancellationToken cancellationToken)
    {
        foreach (Completion one in await store.OfAsync(giveaway, entry, cancellationToken))
        {
            if (one.State == CompletionState.Completed && tasks.TryGetValue(one.Task, out GiveawayTask? task))
            {
                Correlation.Current = one.CorrelationId;
                SocialVerdict verdict = await social.CheckAsync(
                    new($"{one.JobId}-again", task.Network, task.Action, task.Target, one.Handle), cancellationToken);
                // A network that does not say is no reason to take a prize away.
                if (verdict.State == SocialState.NotDone)
                {
                    return false;
                }
            }
        }

        return true;
    }

    [LoggerMessage(EventId = 6103, Level = LogLevel.Information, Message = "{Giveaway}: {Count} winners had undone a task")]
    private partial void LogUndone(string giveaway, int count);
}
