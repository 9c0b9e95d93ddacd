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
    : WindowedQuotes(time)
{
    /// <summary>An instance keeps no more of them in memory; who comes later is pushed to when others have left.</summary>
    private const int MaxWatches = 10_000;

    private const int AtOnce = 8;

    /// <summary>Between looks for new watches; clocks of instances may differ by as much.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    protected override async Task TakeAsync(Dictionary<string, Quote> changed, CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_watched.Values, options, (one, token) => new(SendAsync(one, changed, token)));
    }

    protected override void NotTaken(Exception failure) => NotSent(logger, failure);

    // Also forgets those who have stopped looking.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
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
        if (one.ExpiresAt <= Time.GetUtcNow())
        {
            return;
        }

        one.Accounts ??= await valuations.LoadAsync(one.Tenant, one.User, cancellationToken);
        if (!one.Accounts.Any(account => valuations.HasTicked(account, changed)))
        {
            return;
        }

        LiveUpdate update = await valuations.UpdateAsync(one.Accounts, changed, Time.GetUtcNow(), cancellationToken);
        foreach (LiveUpdate part in LivePortfolio.MessagesOf(update))
        {
            // As the API writes it: the connection's own serializer has other names.
            JsonElement message = JsonSerializer.SerializeToElement(part, Json.Options);
            await hub.Clients.User(one.User).SendAsync(LivePortfolio.Target, message, cancellationToken);
        }
    }

    [LoggerMessage(1502, LogLevel.Warning, "Portfolios were not pushed; the next second's ticks will bring them.")]
    private static partial void NotSent(ILogger logger, Exception failure);

    /// <summary>Somebody who looks, and what they have.</summary>
    private sealed record Watched(string Tenant, string User, string Stamp, DateTimeOffset ExpiresAt)
    {
        public IReadOnlyList<LoadedAccount>? Accounts { get; set; }
    }
}
