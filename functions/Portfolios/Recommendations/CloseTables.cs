using FinVault.Market.Read;
using FinVault.Market.Store;

namespace FinVault.Portfolios;

/// <summary>Closes of several symbols side by side.</summary>
/// <param name="Symbols">The columns.</param>
/// <param name="Days">Ascending; an item a symbol, <c>NaN</c> where it did not trade.</param>
internal sealed record CloseTable(IReadOnlyList<string> Symbols, IReadOnlyList<(DateOnly Date, double[] Closes)> Days);

/// <summary>
/// Daily closes as snapshots know them: on the trading days of the first exchange that are over, so that symbols of all
/// exchanges have the same days, 252 or so a year.
/// </summary>
public sealed class CloseTables(BoardReader boards, DailyCloses closes, SnapshotCalendar calendar)
{
    private const int ReadsAtOnce = 8;

    /// <summary>
    /// Symbols that are priced in a currency, those with the most traded today first. Of a company that trades on several
    /// exchanges it is the busiest: the same company twice would count as two.
    /// </summary>
    internal async Task<IReadOnlyList<string>> UniverseAsync(string currency, int most, CancellationToken cancellationToken) =>
    [
        .. (await boards.ReadAsync(cancellationToken)).Symbols
            .Where(one => one.State.Exchange.Currency == currency)
            .OrderByDescending(one => one.State.Today?.Bar.Turnover ?? 0)
            .ThenBy(one => one.State.Symbol, StringComparer.Ordinal)
            .DistinctBy(one => Sectors.NameOf(one.State.Symbol))
            .Take(most).Select(one => one.State.Symbol),
    ];

    /// <summary>The currency of each symbol's prices; null where no tick of it was ever accepted.</summary>
    internal async Task<IReadOnlyList<(string Symbol, string? Currency)>> CurrenciesAsync(
        IEnumerable<string> symbols, CancellationToken cancellationToken)
    {
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        return [.. symbols.Select(symbol => (symbol, snapshot.Find(symbol)?.Symbol.State.Exchange.Currency))];
    }

    /// <summary>The last day whose closes are in.</summary>
    internal DateOnly LastDay() => calendar.LastClosed();

    /// <summary>Closes of the days of a range that are over, both ends in it.</summary>
    internal async Task<CloseTable> ReadAsync(
        IReadOnlyList<string> symbols, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        DateOnly last = calendar.LastClosed() is var closed && closed < to ? closed : to;
        List<SymbolCloses> columns = [];
        foreach (string[] some in symbols.Chunk(ReadsAtOnce))
        {
            columns.AddRange(await Task.WhenAll(
                some.Select(symbol => closes.ReadAsync(symbol, from, last, cancellationToken))));
        }

        return new(symbols, [.. calendar.Between(from, last).Select(day => (day, Row(columns, day)))]);
    }

    private static double[] Row(List<SymbolCloses> columns, DateOnly day) =>
        [.. columns.Select(column => column.Exactly(day) is { } close && close > 0 ? (double)close : double.NaN)];
}
