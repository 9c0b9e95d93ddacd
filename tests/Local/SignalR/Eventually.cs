namespace FinVault.Tests.Local.SignalR;

/// <summary>Waits for what another thread or process does, up to a limit that only a failure reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition)
    {
        using var overdue = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), overdue.Token);
        }
    }
}
