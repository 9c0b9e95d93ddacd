using System.Collections.Concurrent;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;

namespace FinVault.Portfolios;

/// <summary>
/// Ticks that change a day's close after its snapshots were made: one that a feed held back, a correction, days that were
/// filled in. Who ingests them notes the symbol with the first day that is wrong, before the ticks are committed; some
/// minutes later, when no cache has the old closes any more, accounts that had the symbol then are sent back to that day,
/// and have it and all later ones made again, as after a backdated transaction. All of it may be done twice.
/// </summary>
public sealed class LateCloses(LateCloseStore store, SnapshotCalendar calendar, TimeProvider time) : ITickObserver
{
    /// <summary>Longer than closes are cached, and than a batch of ticks takes.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(6);

    private const int MaxRemembered = 10_000;

    /// <summary>A mark says for so long what ticks that follow it would say.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, LateMark> _marked = new(StringComparer.Ordinal);

    public void Forget(string shardId) => _marked.Clear();

    public async Task SeeAsync(
        string shardId, IReadOnlyList<AcceptedTick> ticks, IReadOnlyCollection<string> toRead,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticks);
        if (ticks.Count == 0)
        {
            return;
        }

        // Nearly all ticks are of now: one comparison each.
        DateOnly closed = calendar.LastClosed();
        long ended = calendar.EndOf(closed);
        Dictionary<string, DateOnly> late = new(StringComparer.Ordinal);
        foreach (AcceptedTick tick in ticks)
        {
            if (tick.EventTime > ended)
            {
                continue;
            }

            Exchange exchange = tick.Symbol.State.Exchange;
            DateOnly day = calendar.FirstAfter(exchange, exchange.DayOf(tick.EventTime).Date);
            string symbol = tick.Symbol.State.Symbol;
            if (day <= closed && (!late.TryGetValue(symbol, out DateOnly known) || day < known))
            {
                late[symbol] = day;
            }
        }

        foreach ((string symbol, DateOnly day) in late)
        {
            await MarkAsync(symbol, day, cancellationToken);
        }
    }

    /// <summary>Sends accounts back whose closes have changed.</summary>
    public Task ApplyAsync(CancellationToken cancellationToken) =>
        store.RewindDueAsync(LateCloseDocument.Closes, time.GetUtcNow() - Wait, cancellationToken);

    private async Task MarkAsync(string symbol, DateOnly day, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_marked.TryGetValue(symbol, out LateMark? known) && known.Day <= day && now - known.At < Remembered)
        {
            return;
        }

        await store.MarkAsync(LateCloseDocument.Closes, symbol, day, now, cancellationToken);
        if (_marked.Count >= MaxRemembered)
        {
            _marked.Clear();
        }

        _marked[symbol] = new(symbol, day, now);
    }
}

/// <summary>A symbol whose closes have changed, or a currency whose rates have.</summary>
/// <param name="Symbol">As the market knows it; or the currency, ISO 4217.</param>
/// <param name="Day">The first day whose snapshots are wrong.</param>
/// <param name="At">When it was noted last.</param>
internal sealed record LateMark(string Symbol, DateOnly Day, DateTimeOffset At);
