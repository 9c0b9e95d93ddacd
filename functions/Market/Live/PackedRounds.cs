using System.Collections.Concurrent;
using FinVault.Market.Ingest;
using FinVault.Market.Read;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Live;

/// <summary>
/// Sends every connection that looks at a list one message a round, however many of its symbols have changed on however
/// many partitions: a round looks at what all boards have stored. Connections are shared out by the partitions of the
/// ticks hub. Each second one instance orders rounds of every share through the hub, and whoever ingests the partition
/// goes on with them a little longer than that; so a share has a sender wherever its partition goes.
/// </summary>
public sealed partial class PackedRounds(
    BoardReader boards, PackedWatches watches, TicksHub hub, ServiceHubContext signalR, MarketOptions options,
    TimeProvider time, ILogger<PackedRounds> logger) : IAsyncDisposable
{
    private const int AtOnce = 8;

    /// <summary>An order that is late must not leave a hole.</summary>
    private static readonly TimeSpan OrderLasts = TimeSpan.FromMilliseconds(1_500);

    // Shares of one instance have their rounds at nearly the same time: one look is enough for all.
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromMilliseconds(100);

    // The pace of messages on the wire, not a matter of the market's time: the machine's clock, whatever the app's is.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly ConcurrentDictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Orders rounds of every share while anything moves and anybody looks. For one instance, each second; never throws.</summary>
    public async Task OrderAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.PackedMilliseconds > 0
                && (await boards.ReadAsync(cancellationToken)).Moves
                && await watches.AnyAsync(cancellationToken))
            {
                await Task.WhenAll((await hub.PartitionIdsAsync(cancellationToken)).Select(
                    id => hub.SendAsync(id, [TickEvents.Order(TickEvents.PackOrder)], cancellationToken)));
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotOrdered(logger, failure);
        }
    }

    /// <summary>An order has come to this instance: the share's rounds go on, in the background.</summary>
    public void Ordered(string shardId)
    {
        Share share = _shares.GetOrAdd(shardId, id => new Share(id));
        lock (share)
        {
            share.Until = Clock.GetTimestamp() + (long)(OrderLasts.TotalSeconds * Clock.TimestampFrequency);
            if (!share.IsRunning && !_stop.IsCancellationRequested)
            {
                share.IsRunning = true;
                share.Running = Task.Run(() => RunAsync(share));
            }
        }
    }

    /// <summary>One round of a share; answers how many connections were sent a message. One at a time for each share.</summary>
    public Task<int> RoundAsync(string shardId, CancellationToken cancellationToken) =>
        RoundAsync(_shares.GetOrAdd(shardId, id => new Share(id)), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_shares.Values.Select(share => share.Running));
        _stop.Dispose();
    }

    private async Task RunAsync(Share share)
    {
        while (GoesOn(share))
        {
            try
            {
                long started = Clock.GetTimestamp();
                await RoundAsync(share, _stop.Token);
                TimeSpan rest = TimeSpan.FromMilliseconds(options.PackedMilliseconds) - Clock.GetElapsedTime(started);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Clock, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The loop's condition ends it.
            }
        }
    }

    private bool GoesOn(Share share)
    {
        lock (share)
        {
            share.IsRunning = Clock.GetTimestamp() < share.Until && !_stop.IsCancellationRequested;
            return share.IsRunning;
        }
    }

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

    [LoggerMessage(1104, LogLevel.Warning, "Rounds of lists were not ordered; the next second orders them again.")]
    private static partial void NotOrdered(ILogger logger, Exception failure);

    [LoggerMessage(1103, LogLevel.Warning, "Lists of share {Share} were not sent; the next round says everything.")]
    private static partial void NotSent(ILogger logger, string share, Exception failure);

    /// <summary>The connections that one partition's ingest sends to.</summary>
    private sealed class Share(string id)
    {
        public string Id { get; } = id;

        public ConcurrentDictionary<string, PackedWatcher> Watchers { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset LookedAt { get; set; } = DateTimeOffset.MinValue;

        public BoardSnapshot? Before { get; set; }

        public long Until { get; set; }

        public bool IsRunning { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
