namespace FinVault.Market.Live;

/// <summary>
/// Gathers what the tick pipeline publishes and takes it a second later all at once, each symbol's latest quote with the
/// number that was before the first of them. One taking at a time; what comes meanwhile waits for the next window.
/// </summary>
public abstract class WindowedQuotes(TimeProvider time) : IQuoteListener, IAsyncDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Quote> _latest = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task? _taking;
    private int _disposed;

    protected TimeProvider Time { get; } = time;

    public void Add(IReadOnlyList<Quote> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        lock (_gate)
        {
            foreach (Quote quote in changed)
            {
                long prev = _latest.TryGetValue(quote.Symbol, out Quote? waiting) ? waiting.Prev : quote.Prev;
                _latest[quote.Symbol] = quote with { Prev = prev };
            }

            if (changed.Count > 0 && _taking is null or { IsCompleted: true })
            {
                _taking = TakeAfterWindowAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // Known by two names, it is disposed of by both.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync();
        await (_taking ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Takes a window's quotes by symbol, which nobody else has.</summary>
    protected abstract Task TakeAsync(Dictionary<string, Quote> changed, CancellationToken cancellationToken);

    /// <summary>A window's quotes were not taken. Logs it; the next window is taken all the same.</summary>
    protected abstract void NotTaken(Exception failure);

    private async Task TakeAfterWindowAsync()
    {
        await Task.Delay(Window, Time, _stop.Token);
        Dictionary<string, Quote> changed;
        lock (_gate)
        {
            changed = new(_latest, StringComparer.Ordinal);
            _latest.Clear();
        }

        try
        {
            await TakeAsync(changed, _stop.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotTaken(failure);
        }
    }
}
