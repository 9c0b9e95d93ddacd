using System.Collections.Concurrent;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Market.Live;
using FinVault.Platform;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Pushes portfolios that somebody looks at, at most once a second each, from the tick pipeline. Accounts of those who
/// look are kept in memory, ticks are gathered for a second, and only then is anything worked out; a tick costs no read.
/// With several instances each tells of the symbols that it takes; a message always has the whole total.
/// </summary>
public sealed partial class PortfolioPulse(
    LiveWatches watches, Valuations valuations, ServiceHubContext hub, TimeProvider time, ILogger<PortfolioPulse> logger)
    : IQuoteListener, IAsyncDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>An instance keeps no more of them in memory; who comes later is pushed to when others have left.</summary>
    private const int MaxWatches = 10_000;

    private const int AtOnce = 8;

    /// <summary>Between looks for new watches; clocks of instances may differ by as much.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Quote> _changed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;
    private Task? _sending;
    private int _disposed;

    public void Add(IReadOnlyList<Quote> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        lock (_gate)
        {
            foreach (Quote quote in changed)
            {
                _changed[quote.Symbol] = quote;
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
        Dictionary<string, Quote> changed;
        lock (_gate)
        {
            changed = new(_changed, StringComparer.Ordinal);
            _changed.Clear();
        }

        try
        {
            await LookAsync(_stop.Token);
            ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = _stop.Token };
            await Parallel.ForEachAsync(_watched.Values, options, (one, token) => new(SendAsync(one, changed, token)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotSent(logger, failure);
        }
    }

    // Also forgets those who have stopped looking.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string key, Watched one) in _watched)
        {
            if (one.ExpiresAt <= now)
            {
                _watched.TryRemove(key, out _);
            }
        }

        if (now - _lookedAt < LookEvery)
        {
            return;
        }

        // The first look goes back to the oldest watch that may still be one.
        DateTimeOffset since = _lookedAt == DateTimeOffset.MinValue
            ? now.AddSeconds(-LivePortfolio.WatchSeconds)
            : _lookedAt - LookEvery;
        foreach (WatchDocument said in await watches.SinceAsync(since, cancellationToken))
        {
            bool isKnown = _watched.TryGetValue(said.Id, out Watched? known);
            if (isKnown || _watched.Count < MaxWatches)
            {
                _watched[said.Id] = new(
                    said.Tenant, said.User, said.Stamp, DateTimeOffset.FromUnixTimeMilliseconds(said.ExpiresAt))
                {
                    Accounts = known?.Stamp == said.Stamp ? known.Accounts : null,
                };
            }
        }

        _lookedAt = now;
    }

    private async Task SendAsync(
        Watched one, Dictionary<string, Quote> changed, CancellationToken cancellationToken)
    {
        if (one.ExpiresAt <= time.GetUtcNow())
        {
            return;
        }

        one.Accounts ??= await valuations.LoadAsync(one.Tenant, one.User, cancellationToken);
        if (!one.Accounts.Any(account => valuations.HasTicked(account, changed)))
        {
            return;
        }

        LiveUpdate update = await valuations.UpdateAsync(one.Accounts, changed, time.GetUtcNow(), cancellationToken);
        // As the API writes it: the connection's own serializer has other names.
        JsonElement message = JsonSerializer.SerializeToElement(update, Json.Options);
        await hub.Clients.User(one.User).SendAsync(LivePortfolio.Target, message, cancellationToken);
    }

    [LoggerMessage(1502, LogLevel.Warning, "Portfolios were not pushed; the next second's ticks will bring them.")]
    private static partial void NotSent(ILogger logger, Exception failure);

    /// <summary>Somebody who looks, and what they have.</summary>
    private sealed record Watched(string Tenant, string User, string Stamp, DateTimeOffset ExpiresAt)
    {
        public IReadOnlyList<LoadedAccount>? Accounts { get; set; }
    }
}
