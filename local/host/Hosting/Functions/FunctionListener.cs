namespace FinVault.Local.Hosting;

/// <summary>Fires one function.</summary>
public abstract class FunctionListener : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Nothing new is begun once this is cancelled; what runs goes on.</summary>
    protected CancellationToken Stopping => _stopping.Token;

    /// <summary>Handed to functions: the patience of a stop is over.</summary>
    protected CancellationToken Abort => _abort.Token;

    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Finishes what runs; <paramref name="abort"/> ends the patience for it.</summary>
    public async Task StopAsync(CancellationToken abort)
    {
        await _stopping.CancelAsync();
        using CancellationTokenRegistration giveUp = abort.Register(_abort.Cancel);
        await FinishAsync();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Completes when nothing runs any more.</summary>
    protected abstract Task FinishAsync();

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Dispose();
            _abort.Dispose();
        }
    }
}
