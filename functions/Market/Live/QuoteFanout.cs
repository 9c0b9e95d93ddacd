using FinVault.Market.Calendar;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market.Live;

/// <summary>Turns the changed quotes of a window into messages: one a symbol for its watchers, one a board.</summary>
public sealed class QuoteFanout(Exchanges exchanges)
{
    // Which boards a symbol is on never changes while the app runs; a shard bounds how many symbols there are.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string[]> _boards = new();

    public SignalRMessageAction[] Messages(IReadOnlyList<Quote> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        List<SignalRMessageAction> messages = new(changed.Count + 4);
        Dictionary<string, List<Quote>> boards = [];
        foreach (Quote quote in changed)
        {
            messages.Add(To(Realtime.SymbolGroup(quote.Symbol), [quote]));
            foreach (string board in _boards.GetOrAdd(quote.Symbol, s => [.. exchanges.BoardsOf(s)]))
            {
                if (!boards.TryGetValue(board, out List<Quote>? quotes))
                {
                    boards.Add(board, quotes = []);
                }

                quotes.Add(quote);
            }
        }

        messages.AddRange(boards.Select(b => To(Realtime.BoardGroup(b.Key), [.. b.Value])));
        return [.. messages];
    }

    private static SignalRMessageAction To(string group, Quote[] quotes) =>
        new(Realtime.Quotes, [quotes]) { GroupName = group };
}
