using FinVault.Market.Read;

namespace FinVault.Market.Live;

/// <summary>
/// What each connection is to be told of what came between two looks at all boards. Pure. A round that is the first, or
/// a watch that is new, is told by the numbers of the watch's own snapshot: nothing falls in between.
/// </summary>
/// <param name="before">The boards at the last round that was sent; null when there was none.</param>
/// <param name="now">The boards now.</param>
public sealed class PackedRound(BoardSnapshot? before, BoardSnapshot now)
{
    // Most symbols are on many lists.
    private readonly Dictionary<string, Change?> _changes = new(StringComparer.Ordinal);

    /// <summary>The one message for a connection, or null when nothing of its list has changed.</summary>
    public PackedQuotes? For(PackedWatcher watcher)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        bool isFirst = before is null || watcher.IsNew;
        List<PackedRow> rows = [];
        List<Quote> quotes = [];
        for (int i = 0; i < watcher.Watch.Symbols.Count; i++)
        {
            string symbol = watcher.Watch.Symbols[i];
            if (isFirst)
            {
                AddSince(watcher.Watch.Seqs[i], symbol, quotes);
            }
            else if (ChangeOf(symbol) is { } change)
            {
                if (change.IsWhole)
                {
                    quotes.Add(change.Row.Quote);
                }
                else
                {
                    rows.Add(change.Row);
                }
            }
        }

        int known = isFirst ? watcher.Watch.Of : before!.Count;
        return rows.Count > 0 || quotes.Count > 0 || known != now.Count
            ? new PackedQuotes(now.At, now.Count, rows, quotes)
            : null;
    }

    private void AddSince(long seq, string symbol, List<Quote> quotes)
    {
        if (now.Peek(symbol) is { } place && place.State.Seq != seq)
        {
            // Numbers that start again leave no gap to be healed.
            quotes.Add(now.QuoteOf(place) with { Prev = Math.Min(seq, place.State.Seq) });
        }
    }

    private Change? ChangeOf(string symbol)
    {
        if (!_changes.TryGetValue(symbol, out Change? change))
        {
            _changes[symbol] = change = Compare(symbol);
        }

        return change;
    }

    private Change? Compare(string symbol)
    {
        if (now.Peek(symbol) is not { } place || before!.Peek(symbol)?.State.Seq == place.State.Seq)
        {
            return null;
        }

        Quote quote = now.QuoteOf(place);
        if (before.Peek(symbol) is not { } held || held.State.Seq > quote.Seq)
        {
            return new(new(quote, true), IsWhole: true);
        }

        Quote old = before.QuoteOf(held);
        bool isWhole = old.Source != quote.Source || old.Stale != quote.Stale || old.Session != quote.Session
            || old.Open != quote.Open || old.PreviousClose != quote.PreviousClose;
        bool isRangeMoved = old.High != quote.High || old.Low != quote.Low;
        return new(new(quote with { Prev = old.Seq }, isRangeMoved), isWhole);
    }

    private sealed record Change(PackedRow Row, bool IsWhole);
}
