using System.Globalization;

namespace FinVault.Tests.Market.Reference;

/// <summary>
/// What follows from the kept ticks of a symbol, a line each, so that a difference reads well in a failed test.
/// </summary>
public static class ReferenceViews
{
    /// <summary>Every counter, quote, ring and bar, in a fixed order.</summary>
    public static List<string> Of(ReferenceMarket market)
    {
        ArgumentNullException.ThrowIfNull(market);
        List<string> lines = [.. market.Counters.OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => $"{c.Key} {c.Value}")];
        foreach ((string symbol, List<Kept> kept) in market.Symbols
            .Where(s => s.Value.Count > 0).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            lines.Add(Quote(symbol, kept));
            lines.AddRange(kept.TakeLast(100)
                .Select(k => Lines.Tick(symbol, k.Seq, k.Tick.Price, k.Tick.Volume, k.Tick.Time)));
            lines.AddRange(kept.GroupBy(k => k.Tick.Minute).OrderBy(g => g.Key)
                .Select(g => Bar("1m", symbol, g.Key, [.. g])));
            lines.AddRange(kept.GroupBy(k => k.Tick.LocalTime.Date).OrderBy(g => g.Key)
                .Select(g => Bar("1d", symbol, DateTime.SpecifyKind(g.Key, DateTimeKind.Utc), [.. g])));
        }

        return lines;
    }

    private static string Quote(string symbol, List<Kept> kept)
    {
        List<ReferenceTick> accepted = [.. kept.Where(k => k.IsAccepted).Select(k => k.Tick)];
        ReferenceTick last = accepted[^1];
        List<decimal> today = [.. accepted.Where(t => t.LocalTime.Date == last.LocalTime.Date).Select(t => t.Price)];
        decimal? previousClose = accepted.FindLast(t => t.LocalTime.Date < last.LocalTime.Date)?.Price;
        return Lines.Quote(
            symbol, kept.Count, last.Price, last.Volume, today[0], today.Max(), today.Min(), previousClose, last.Time);
    }

    private static string Bar(string interval, string symbol, DateTime start, List<Kept> kept)
    {
        List<Kept> inTime = [.. kept.OrderBy(k => k.Tick.Time).ThenBy(k => k.Seq)];
        return Lines.Bar(
            interval, symbol, start, inTime[0].Tick.Price, kept.Max(k => k.Tick.Price), kept.Min(k => k.Tick.Price),
            inTime[^1].Tick.Price, kept.Sum(k => k.VolumeIncrement), kept.Count);
    }
}

/// <summary>
/// How a quote, a tick and a bar are written, by the reference and by the app's side of a comparison.
/// </summary>
internal static class Lines
{
    public static string Tick(string symbol, long seq, decimal price, decimal volume, DateTime time) =>
        $"{symbol} tick {seq} {Number(price)} {Number(volume)} {time:O}";

    public static string Bar(
        string interval, string symbol, DateTime start,
        decimal open, decimal high, decimal low, decimal close, decimal volume, long trades) =>
        $"{symbol} {interval} {start:O} {Number(open)} {Number(high)} {Number(low)} {Number(close)} "
        + $"{Number(volume)} {trades}";

    public static string Quote(
        string symbol, long seq, decimal price, decimal volume,
        decimal open, decimal high, decimal low, decimal? previousClose, DateTime time) =>
        $"{symbol} quote {seq} {Number(price)} {Number(volume)} {Number(open)} {Number(high)} {Number(low)} "
        + $"{(previousClose is { } close ? Number(close) : "none")} {time:O}";

    private static string Number(decimal number) => number.ToString("G29", CultureInfo.InvariantCulture);
}
