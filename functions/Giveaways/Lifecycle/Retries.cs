using Microsoft.DurableTask;

namespace FinVault.Giveaways;

/// <summary>How often a step is tried again that could not be done.</summary>
internal static class Retries
{
    /// <summary>About five minutes; then a saga undoes what it did.</summary>
    public static TaskOptions Step { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(12, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromMinutes(1)));

    /// <summary>Most of a day: what must be undone, or goes forward only, is not given up lightly.</summary>
    public static TaskOptions Undo { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(200, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromMinutes(5)));
}
