using System.Collections.Concurrent;
using FinVault.Market.Read;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Live;

/// <summary>
/// Sends every connection that looks at a list one message a round, however many of its symbols have changed on however
/// many partitions: a round looks at what all boards have stored.
/// </summary>
public sealed partial class PackedRounds(
    BoardReader boards, PackedWatches watches, ServiceHubContext signalR, MarketOptions options, TimeProvider time,
    ILogger<PackedRounds> logger) : ShareRounds(TimeSpan.FromMilliseconds(options.PackedMilliseconds))
{
    private const int AtOnce = 8;

    // Shares of one instance have their rounds at nearly the same time: one look is enough for all.
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Share> _shares = new(StringComparer.Ordinal);

    public override async Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        options.PackedMilliseconds > 0 && await watches.AnyAsync(cancellationToken);

    public override Task<int> RoundAsync(string shardId, CancellationToken cancellationToken) =>
        options.PackedMilliseconds > 0
            ? RoundAsync(_shares.GetOrAdd(shardId, id => new Share(id)), cancellationToken)
            : Task.FromResult(0);

    private async Task<int> RoundAsync(Share share, CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(share, cancellationToken);
            if (share.Watchers.IsEmpty)
            {
                share.Before = null;
                return 0;
            }

            BoardSnapshot now = await boards.ReadFreshAsync(SnapshotAge, cancellationToken);
            int sent = await SendAsync(share, new PackedRound(share.Before, now), cancellationToken);
            share.Before = now;
            return sent;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // By the numbers of the watches the next round says everything.
            share.Before = null;
            NotSent(logger, share.Id, failure);
            return 0;
        }
    }

    private async Task LookAsync(Share share, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset oldest = now - PackedWatches.Lasts;
        foreach (PackedWatch watch in await watches.SinceAsync(
            share.Id, share.LookedAt > oldest ? share.LookedAt : oldest, cancellationToken))
        {
            bool isKnown = share.Watchers.TryGetValue(watch.Id, out PackedWatcher? known) && known.Watch.At == watch.At
                && known.Watch.Symbols.SequenceEqual(watch.Symbols);
            if (!isKnown)
            {
                share.Watchers[watch.Id] = new PackedWatcher(watch, IsNew: true);
            }
        }

        foreach ((string connection, PackedWatcher watcher) in share.Watchers)
        {
            if (watcher.Watch.Of == PackedWatch.Left || watcher.Watch.At < oldest.ToUnixTimeMilliseconds())
            {
                share.Watchers.TryRemove(connection, out _);
            }
        }

        share.LookedAt = now;
    }

    private async Task<int> SendAsync(Share share, PackedRound round, CancellationToken cancellationToken)
    {
        List<(string Connection, PackedQuotes Message)> messages = [];
        foreach ((string connection, PackedWatcher watcher) in share.Watchers)
        {
            if (round.For(watcher) is { } message)
            {
                messages.Add((connection, message));
            }
        }

        ParallelOptions several = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(messages, several, (one, token) =>
            new(signalR.Clients.Client(one.Connection).SendCoreAsync(Realtime.Packed, [one.Message], token)));
        foreach ((string connection, PackedWatcher watcher) in share.Watchers.Where(w => w.Value.IsNew))
        {
            share.Watchers[connection] = watcher with { IsNew = false };
        }

        return messages.Count;
    }

    [LoggerMessage(1103, LogLevel.Warning, "Lists of share {Share} were not sent; the next round says everything.")]
    private static partial void NotSent(ILogger logger, string share, Exception failure);

    /// <summary>The connections that one partition's ingest sends to.</summary>
    private sealed class Share(string id)
    {
        public string Id { get; } = id;

        public ConcurrentDictionary<string, PackedWatcher> Watchers { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset LookedAt { get; set; } = DateTimeOffset.MinValue;

        public BoardSnapshot? Before { get; set; }
    }
}
