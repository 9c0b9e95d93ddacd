using System.Collections.Concurrent;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Platform;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Pushes portfolios that somebody looks at, at most once a second each, whole: whoever has the share that a portfolio is
/// of looks at what all boards have stored, and nobody else tells of it. Accounts of those who look are kept in memory; a
/// tick costs no read, and where nothing that is held has changed nothing is worked out.
/// </summary>
public sealed partial class PortfolioPulse(
    LiveWatches watches, Valuations valuations, BoardReader boards, ServiceHubContext hub, TimeProvider time,
    ILogger<PortfolioPulse> logger) : ShareRounds(Pace)
{
    /// <summary>A share keeps no more of them in memory; who comes later is pushed to when others have left.</summary>
    private const int MaxWatches = 5_000;

    private const int AtOnce = 8;

    /// <summary>Between two messages to somebody.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    // Two rounds are just more than the time between messages: one that came too soon for the first goes with the second.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(510);

    // Lists look at the boards as often: what they have read will do.
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromMilliseconds(200);

    /// <summary>Between looks for new watches; clocks of instances may differ by as much.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Share> _shares = new(StringComparer.Ordinal);

    public override Task<bool> AnyAsync(CancellationToken cancellationToken) => watches.AnyAsync(cancellationToken);

    public override async Task<int> RoundAsync(string shardId, CancellationToken cancellationToken)
    {
        Share share = _shares.GetOrAdd(shardId, id => new Share(id));
        await share.Gate.WaitAsync(cancellationToken);
        try
        {
            return await RoundAsync(share, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotSent(logger, shardId, failure);
            return 0;
        }
        finally
        {
            share.Gate.Release();
        }
    }

    private async Task<int> RoundAsync(Share share, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await LookAsync(share, now, cancellationToken);
        Watched[] due = [.. share.Watched.Values.Where(one => now - one.SentAt >= AtMost)];
        if (due.Length == 0)
        {
            return 0;
        }

        BoardSnapshot snapshot = await boards.ReadFreshAsync(SnapshotAge, cancellationToken);
        int sent = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, options, async (one, token) =>
        {
            if (await TryToSendAsync(one, snapshot, now, token))
            {
                Interlocked.Increment(ref sent);
            }
        });
        return sent;
    }

    // Also forgets those who have stopped looking.
    private async Task LookAsync(Share share, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach ((string key, Watched one) in share.Watched)
        {
            if (one.Said.ExpiresAt <= now.ToUnixTimeMilliseconds())
            {
                share.Watched.Remove(key);
            }
        }

        if (now - share.LookedAt < LookEvery)
        {
            return;
        }

        // The first look goes back to the oldest watch that may still be one.
        DateTimeOffset since = share.LookedAt == DateTimeOffset.MinValue
            ? now.AddSeconds(-LivePortfolio.WatchSeconds)
            : share.LookedAt - LookEvery;
        foreach (WatchDocument said in await watches.SinceAsync(share.Id, since, cancellationToken))
        {
            bool isKnown = share.Watched.TryGetValue(said.Id, out Watched? known);
            bool isOver = said.ExpiresAt <= now.ToUnixTimeMilliseconds();
            if (!isOver && (isKnown ? known!.Said.At != said.At : share.Watched.Count < MaxWatches))
            {
                share.Watched[said.Id] = new(said)
                {
                    Accounts = known?.Said.Stamp == said.Stamp ? known.Accounts : null,
                    Before = known?.Before,
                    SentAt = known?.SentAt ?? DateTimeOffset.MinValue,
                    Since = DateTimeOffset.FromUnixTimeMilliseconds(said.At) - LookEvery,
                };
            }
        }

        share.LookedAt = now;
    }

    // One that cannot be told keeps nobody else waiting.
    private async Task<bool> TryToSendAsync(
        Watched one, BoardSnapshot snapshot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(one, snapshot, now, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotSent(logger, one.Said.Account, failure);
            return false;
        }
    }

    private async Task<bool> SendAsync(
        Watched one, BoardSnapshot snapshot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        one.Accounts ??= await valuations.LoadAsync(one.Said.Tenant, one.Said.User, cancellationToken);
        LiveUpdate? update = one.Accounts.Count == 0 ? null
            : await valuations.UpdateAsync(
                one.Accounts, snapshot, symbol => HasChanged(one, snapshot, symbol), now, cancellationToken);
        if (update is not null)
        {
            foreach (LiveUpdate part in LivePortfolio.MessagesOf(update))
            {
                // As the API writes it: the connection's own serializer has other names.
                JsonElement message = JsonSerializer.SerializeToElement(part, Json.Options);
                await hub.Clients.User(one.Said.User).SendAsync(LivePortfolio.Target, message, cancellationToken);
            }

            one.SentAt = now;
        }

        (one.Before, one.Since) = (snapshot, null);
        return update is not null;
    }

    // Since the last round, or since it was said that somebody looks: what was read then may be a little older.
    private static bool HasChanged(Watched one, BoardSnapshot now, string symbol)
    {
        if (now.Peek(symbol) is not { } place)
        {
            return false;
        }

        bool isSince = one.Since is { } since && Micros.ToTime(place.State.Quote!.AsOf) >= since;
        return isSince || (one.Before is { } before && before.Peek(symbol)?.State.Seq != place.State.Seq);
    }

    [LoggerMessage(1502, LogLevel.Warning, "Portfolios of share {Share} were not pushed; the next round will bring them.")]
    private static partial void NotSent(ILogger logger, string share, Exception failure);

    /// <summary>Those who look and are told by one partition's ingest.</summary>
    private sealed class Share(string id)
    {
        public string Id { get; } = id;

        public SemaphoreSlim Gate { get; } = new(1);

        public Dictionary<string, Watched> Watched { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset LookedAt { get; set; } = DateTimeOffset.MinValue;
    }

    /// <summary>Somebody who looks, what they have, and what they were told of.</summary>
    private sealed class Watched(WatchDocument said)
    {
        public WatchDocument Said { get; } = said;

        public IReadOnlyList<LoadedAccount>? Accounts { get; set; }

        public BoardSnapshot? Before { get; set; }

        public DateTimeOffset SentAt { get; set; }

        /// <summary>Where set, what came since then is told again.</summary>
        public DateTimeOffset? Since { get; set; }
    }
}
