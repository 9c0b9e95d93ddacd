using System.Collections.Concurrent;
using FinVault.Market;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Alerts in the tick pipeline. Whoever ingests a shard keeps the alerts on its symbols in memory: read once a symbol,
/// again when an order says that they have changed (<see cref="TickEvents.Read"/>, sent before the change is answered), and
/// after <see cref="MaxAge"/> in any case; never for a tick.
/// <para>
/// What a batch of ticks does is written before the batch is committed to its board: the alert's state, the firing and
/// the message in one transaction, under the condition that nobody has changed the alert. A process that dies before is
/// given the ticks again and judges them again; one that dies after finds in the alert up to which tick it was judged. Two
/// instances that hold one shard for a moment meet in the same condition. So it fires once, and never not at all. The
/// price of that: while alerts cannot be written, the shard's ticks wait.
/// </para>
/// <para>
/// Only ticks that become the quote are judged: none that is late, out of order, doubled or older than
/// <see cref="Oldest"/> when it comes. A price that jumps over a level fires it. Prices made before an alert was set or
/// resumed do not fire it; the next one does, if the level holds then. Windows look back also to before it was set.
/// </para>
/// </summary>
public sealed partial class AlertWatch(
    AlertStore store, HistoryStore history, MarketOptions market, TimeProvider time, ILogger<AlertWatch> logger)
    : ITickObserver
{
    /// <summary>What is in memory is read again after this, should an order have been lost.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>After an outage prices of long ago come in; those older than this tell nobody anything any more.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromHours(1);

    /// <summary>A price that took longer to come is told as late.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private const int MaxTries = 8;
    private const int WritersAtOnce = 16;

    private readonly ConcurrentDictionary<string, Dictionary<string, SymbolAlerts>> _shards = new();

    public void Forget(string shardId) => _shards.TryRemove(shardId, out _);

    public async Task SeeAsync(
        string shardId, IReadOnlyList<AcceptedTick> ticks, IReadOnlyCollection<string> toRead,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticks);
        Dictionary<string, SymbolAlerts> known = _shards.GetOrAdd(
            shardId, _ => new Dictionary<string, SymbolAlerts>(StringComparer.Ordinal));
        await ReadAsync(known, ToRead(known, ticks, toRead), cancellationToken);
        IReadOnlyList<AcceptedTick> rest = ticks;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            HashSet<string> lost = await WriteAsync(
                await JudgeAsync(shardId, known, rest, cancellationToken), cancellationToken);
            if (lost.Count == 0)
            {
                return;
            }

            // Somebody has changed one of them meanwhile: all of its symbol is judged again, from what is stored.
            foreach (string symbol in lost)
            {
                known.Remove(symbol);
            }

            await ReadAsync(known, lost, cancellationToken);
            rest = [.. ticks.Where(tick => lost.Contains(tick.Symbol.State.Symbol))];
        }

        // The market does not wait for ever for an alert that cannot be written under any condition.
        LogGivenUp(shardId, string.Join(", ", rest.Select(tick => tick.Symbol.State.Symbol).Distinct()));
    }

    private HashSet<string> ToRead(
        Dictionary<string, SymbolAlerts> known, IReadOnlyList<AcceptedTick> ticks, IReadOnlyCollection<string> changed)
    {
        HashSet<string> due = [.. changed.Where(known.ContainsKey)];
        long old = time.Now() - (long)MaxAge.TotalMicroseconds;
        foreach (AcceptedTick tick in ticks)
        {
            string symbol = tick.Symbol.State.Symbol;
            if (!known.TryGetValue(symbol, out SymbolAlerts? alerts) || alerts.ReadAt < old)
            {
                due.Add(symbol);
            }
        }

        return due;
    }

    private async Task ReadAsync(
        Dictionary<string, SymbolAlerts> known, HashSet<string> symbols, CancellationToken cancellationToken)
    {
        if (symbols.Count == 0)
        {
            return;
        }

        ILookup<string, AlertDocument> stored = await store.WaitingOnAsync(symbols, cancellationToken);
        foreach (string symbol in symbols)
        {
            if (!known.TryGetValue(symbol, out SymbolAlerts? alerts))
            {
                known.Add(symbol, alerts = new SymbolAlerts(symbol, Oldest, Late));
            }

            alerts.Put(stored[symbol].Where(IsSound), time.Now());
        }
    }

    private async Task<Dictionary<string, AlertProgress>> JudgeAsync(
        string shardId, Dictionary<string, SymbolAlerts> known, IReadOnlyList<AcceptedTick> ticks,
        CancellationToken cancellationToken)
    {
        Dictionary<string, AlertProgress> progress = [];
        foreach (AcceptedTick tick in ticks)
        {
            SymbolAlerts alerts = known[tick.Symbol.State.Symbol];
            if (alerts.IsEmpty)
            {
                continue;
            }

            bool isReplay = tick.Source.StartsWith(market.ReplaySource, StringComparison.Ordinal);
            if (alerts.Arm(shardId, tick, isReplay) && alerts.Unseen is { Ticks: > 0 } window)
            {
                alerts.Recall(await PricesAsync(tick, window, cancellationToken));
            }

            alerts.See(shardId, tick, isReplay, progress);
        }

        return progress;
    }

    /// <summary>What a window has seen before this tick: the symbol's last ticks, and the bars of the minutes before.</summary>
    private async Task<List<(decimal Price, long At)>> PricesAsync(
        AcceptedTick tick, TimeSpan window, CancellationToken cancellationToken)
    {
        long from = tick.EventTime - (long)window.TotalMicroseconds;
        SymbolState state = tick.Symbol.State;
        Tick[] ring = [.. state.Ring.Enumerate().Where(one => one.Seq < tick.Seq && one.EventTime <= tick.EventTime)
            .OrderBy(one => one.EventTime)];
        long ringFrom = ring.Length > 0 ? ring[0].EventTime : tick.EventTime;
        List<(decimal, long)> prices = [];
        if (ringFrom > from)
        {
            List<Bar> stored = await history.ReadBarsAsync(
                state.Symbol, ChunkKind.Minutes, from, Micros.MinuteOf(ringFrom), cancellationToken);
            foreach (Bar bar in stored.Concat(state.Bars).Where(bar =>
                bar.Start >= from && bar.Start < Micros.MinuteOf(ringFrom)).DistinctBy(bar => bar.Start).OrderBy(bar => bar.Start))
            {
                prices.Add((bar.Low, bar.Start));
                prices.Add((bar.High, bar.Start));
            }
        }

        prices.AddRange(ring.Where(one => one.EventTime >= from).Select(one => (one.Price, one.EventTime)));
        return prices;
    }

    /// <summary>Writes what was done; the symbols of alerts that somebody else has changed meanwhile.</summary>
    private async Task<HashSet<string>> WriteAsync(
        Dictionary<string, AlertProgress> progress, CancellationToken cancellationToken)
    {
        ConcurrentBag<string> lost = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = WritersAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(progress.Values, options, async (one, token) =>
        {
            if (!await store.WriteAsync(one, token))
            {
                lost.Add(one.After.Symbol);
            }
        });
        return [.. lost];
    }

    // What nobody could have stored by our rules must not stop the market.
    private bool IsSound(AlertDocument alert)
    {
        if (alert.Rule.Fault() is not { } fault)
        {
            return true;
        }

        LogUnsound(alert.Id, fault);
        return false;
    }

    [LoggerMessage(1401, LogLevel.Error, "Alerts on {Symbols} of shard {Shard} could not be written and wait for the next tick.")]
    private partial void LogGivenUp(string shard, string symbols);

    [LoggerMessage(1402, LogLevel.Error, "Alert {Alert} is not watched: {Fault}")]
    private partial void LogUnsound(string alert, string fault);
}
