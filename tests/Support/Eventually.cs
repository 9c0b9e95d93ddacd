namespace FinVault.Tests.Support;

/// <summary>Waits for what happens on its own time. The limit only ends a test that would else hang.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Did not happen within {Limit}: {what}.");
            await Task.Delay(Interval);
        }
    }

    /// <summary>The task's result, or a failure that names what was waited for.</summary>
    public static async Task<T> ResultAsync<T>(Task<T> task, string what)
    {
        ArgumentNullException.ThrowIfNull(task);
        Assert.True(await Task.WhenAny(task, Task.Delay(Limit)) == task, $"Did not happen within {Limit}: {what}.");
        return await task;
    }
}
