using System.Globalization;
using FinVault.Local.Feed;

namespace FinVault.Benchmarks.Harness;

/// <summary>The ticks that a benchmark plays: recorded ones where there are any, else made up.</summary>
internal static class TickSource
{
    private const int RecordedSymbols = 50;
    private const int IndianOffsetSeconds = 19_800;

    /// <summary>
    /// At most <paramref name="count"/> ticks of <paramref name="symbols"/> symbols, in the order of the recording.
    /// More
    /// symbols than it has are renamed copies: a tick's second decides which, so that repeats stay repeats.
    /// </summary>
    public static IEnumerable<RecordedTick> Read(string? recording, int symbols, int count)
    {
        int copies = Math.Max(1, symbols / RecordedSymbols);
        IEnumerable<RecordedTick> ticks = recording is null ? MadeUp() : TickFile.Read(recording);
        if (symbols < RecordedSymbols)
        {
            HashSet<string> few = [.. ticks.Take(10_000).Select(t => t.Symbol).Distinct().Take(symbols)];
            ticks = ticks.Where(t => few.Contains(t.Symbol));
        }

        return ticks.Take(count)
            .Select(t => copies == 1 ? t : t with { Symbol = $"{t.Symbol}-{SecondOfDay(t) % copies}" });
    }

    /// <summary>The made-up ticks as a recording, for who reads a file.</summary>
    public static string WriteMadeUp(RunFolder folder)
    {
        string file = Path.Combine(folder.Path, "made-up.csv");
        IEnumerable<string> rows = MadeUp().Select((tick, row) => string.Create(
            CultureInfo.InvariantCulture,
            $"{tick.Symbol},{row + 1},{tick.EventTime.AddSeconds(IndianOffsetSeconds):yyyy-MM-dd HH:mm:ss},{tick.Price},{tick.Volume}"));
        File.WriteAllLines(file, rows.Prepend("symbol,seq,timestamp,ltp,volume"));
        return file;
    }

    private static int SecondOfDay(RecordedTick tick) =>
        ((int)tick.EventTime.TimeOfDay.TotalSeconds + IndianOffsetSeconds) % 86_400;

    // A trading day of random walks in which every thirtieth tick is sent twice. The same every time.
    private static IEnumerable<RecordedTick> MadeUp()
    {
        Random random = new(1);
        int[] cents = [.. Enumerable.Range(0, RecordedSymbols).Select(_ => random.Next(10_000, 400_000))];
        long[] volumes = new long[RecordedSymbols];
        DateTime start = new(2021, 6, 10, 3, 45, 0, DateTimeKind.Utc);
        for (int line = 2; line < 400_000; line++)
        {
            int symbol = random.Next(RecordedSymbols);
            cents[symbol] = Math.Max(100, cents[symbol] + (5 * random.Next(-3, 4)));
            volumes[symbol] += random.Next(500);
            RecordedTick tick = new(
                $"MADEUP{symbol:D2}", start.AddSeconds(line * 22_000L / 400_000),
                $"{cents[symbol] / 100}.{cents[symbol] % 100:D2}",
                $"{volumes[symbol]}", line);
            yield return tick;
            if (line % 30 == 0)
            {
                yield return tick;
            }
        }
    }
}
