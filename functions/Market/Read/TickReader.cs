using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;

namespace FinVault.Market.Read;

/// <summary>The last ticks of a symbol: its stored ring, continued by the segments behind it.</summary>
public sealed class TickReader(BoardReader boards, ShardStore shards, HistoryStore history)
{
    /// <summary>The kept ticks of a symbol after a number.</summary>
    /// <exception cref="ProblemException">unknown_symbol.</exception>
    public async Task<TickPage> ReadAsync(string symbol, long after, int limit, CancellationToken cancellationToken)
    {
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        (BoardSymbol place, string shard) = snapshot.Find(symbol)
            ?? throw Problems.UnknownSymbol.With($"No tick of {symbol} was ever accepted.");
        TickRing ring = new();
        ring.Continue(await history.ReadRingAsync(symbol, cancellationToken));
        long from = place.StoredSeq == place.State.Seq ? place.Board.LastSequence + 1 : place.UnstoredFrom;
        await foreach ((string name, IEnumerable<Tick> ticks) in shards.ReadSegmentsAsync(shard, from, cancellationToken))
        {
            if (name == symbol)
            {
                ring.Continue(ticks);
            }
        }

        TickView[] data = [.. ring.Enumerate(after).Take(limit).Select(t => TickView.Of(symbol, t))];
        bool complete = after == 0 || ring.Count == 0 || after >= ring.FirstSeq - 1;
        return new TickPage(data, ring.LastSeq, complete, complete ? null : snapshot.QuoteOf(place));
    }
}

/// <summary>A kept tick.</summary>
public sealed record TickView(string Symbol, long Seq, decimal Price, long Volume, DateTimeOffset EventTime)
{
    public static TickView Of(string symbol, in Tick tick) =>
        new(symbol, tick.Seq, tick.Price, tick.Volume, Micros.ToTime(tick.EventTime));
}

/// <summary>Ticks after a number.</summary>
/// <param name="Data">In order.</param>
/// <param name="LastSeq">Number of the symbol's last kept tick.</param>
/// <param name="Complete">False when ticks after the asked number are no longer kept: start again from the quote.</param>
/// <param name="Quote">The snapshot to start again from, when the ticks are not complete.</param>
public sealed record TickPage(IReadOnlyList<TickView> Data, long LastSeq, bool Complete, Quote? Quote);
