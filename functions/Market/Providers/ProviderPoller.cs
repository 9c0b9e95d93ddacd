using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Providers;

/// <summary>
/// While an exchange trades, gets prices of the symbols whose feed is silent and sends them into the hub as ticks like
/// any others, with the provider as their source. A feed that is back takes over by itself.
/// </summary>
public sealed class ProviderPoller(
    HedgedPrices prices,
    ProviderOptions options,
    BoardReader boards,
    Exchanges exchanges,
    TicksHub hub,
    TimeProvider time,
    ILogger<ProviderPoller> logger)
{
    /// <summary>Polls once and returns the number of ticks that were sent.</summary>
    public async Task<int> PollAsync(CancellationToken cancellation)
    {
        if (prices.Providers.Count == 0)
        {
            return 0;
        }

        Dictionary<string, long> due = Due(await boards.ReadAsync(cancellation));
        if (due.Count == 0)
        {
            return 0;
        }

        IReadOnlyList<ProviderAnswer> answers = await prices.GetAsync(due.Keys, cancellation);
        if (answers.Count == 0)
        {
            ProviderLog.NoPrices(logger, due.Count);
            return 0;
        }

        foreach (ProviderAnswer answer in answers)
        {
            ProviderLog.Prices(logger, answer.Provider, answer.Prices.Count, due.Count);
            await hub.SendAsync(
                answer.Prices.Select(price => (price.Symbol, Event(answer.Provider, price, due))), cancellation);
        }

        return answers.Sum(answer => answer.Prices.Count);
    }

    /// <summary>The symbols to ask for, each with its volume of the day so far.</summary>
    private Dictionary<string, long> Due(BoardSnapshot snapshot)
    {
        HashSet<string> names = [.. prices.Providers.Select(provider => provider.Name)];
        Dictionary<string, long> due = new(StringComparer.Ordinal);
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (BoardSymbol place in snapshot.Symbols)
        {
            Quote quote = snapshot.QuoteOf(place);
            known.Add(quote.Symbol);
            // A quote that came from a provider is asked for again before it is stale, or it would be so now and then.
            if ((quote.Stale || names.Contains(quote.Source)) && IsPolled(quote.Symbol))
            {
                due[quote.Symbol] = quote.Volume;
            }
        }

        foreach (string symbol in options.Symbols.Where(symbol => !known.Contains(symbol) && IsPolled(symbol)))
        {
            due[symbol] = 0;
        }

        return due;
    }

    private bool IsPolled(string symbol) =>
        exchanges.Of(symbol).StateAt(time.Now()) == SessionState.Open
        && !options.IgnorePrefixes.Any(prefix => symbol.StartsWith(prefix, StringComparison.Ordinal));

    // A provider that tells no volume says nothing about it: the volume stays what it was.
    private static EventData Event(string provider, ProviderPrice price, Dictionary<string, long> due) => TickEvents.Of(
        BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(
            new TickSent(price.Symbol, price.Price, price.Volume ?? due[price.Symbol], price.EventTime), Json.Options)),
        provider);
}
