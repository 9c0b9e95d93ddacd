using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Live;

/// <summary>
/// The once-a-second stream of those who cannot keep up: the latest quote of each changed symbol, with the number that
/// this stream sent before it. A second in which the process dies is a gap like any other, which the next quote shows.
/// </summary>
public sealed partial class ConflatedQuotes(
    ServiceHubContext hub, TimeProvider time, ILogger<ConflatedQuotes> logger)
    : IQuoteListener, IAsyncDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Quote> _latest = [];
    private readonly CancellationTokenSource _stop = new();
    private Task? _sending;
    private int _disposed;

    /// <summary>Takes the quotes that were just published.</summary>
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

            if (changed.Count > 0 && _sending is null or { IsCompleted: true })
            {
                _sending = SendAfterWindowAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Known by two names, it is disposed of by both.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync();
        await (_sending ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SendAfterWindowAsync()
    {
        await Task.Delay(Window, time, _stop.Token);
        Quote[] quotes;
        lock (_gate)
        {
            quotes = [.. _latest.Values];
            _latest.Clear();
        }

        try
        {
            await Task.WhenAll(quotes.Select(q => hub.Clients.Group(Realtime.ConflatedGroup(q.Symbol))
                .SendCoreAsync(Realtime.Quotes, [new[] { q }], _stop.Token)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotSent(logger, failure);
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "Conflated quotes were not sent; their clients will find a gap.")]
    private static partial void NotSent(ILogger logger, Exception failure);
}
