namespace FinVault.Local.Hosting;

/// <summary>Counts invocations that somebody waits for, and lets none in once the host stops.</summary>
public sealed class DrainGate : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _running;
    private bool _closed;

    /// <summary>Cancelled when the patience of a stop is over.</summary>
    public CancellationToken Aborted => _abort.Token;

    /// <summary>Null when the host is stopping.</summary>
    public Pass? TryEnter()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            _running++;
            return new Pass(this);
        }
    }

    /// <summary>Lets nobody in any more and waits for those inside.</summary>
    public async Task CloseAsync(CancellationToken abort)
    {
        lock (_lock)
        {
            _closed = true;
            if (_running == 0)
            {
                _idle.TrySetResult();
            }
        }

        await _idle.Task.WaitAsync(abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_idle.Task.IsCompleted)
        {
            await _abort.CancelAsync();
        }
    }

    public void Dispose() => _abort.Dispose();

    private void Leave()
    {
        lock (_lock)
        {
            if (--_running == 0 && _closed)
            {
                _idle.TrySetResult();
            }
        }
    }

    /// <summary>One running invocation.</summary>
    public sealed class Pass(DrainGate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave();
            }
        }
    }
}
