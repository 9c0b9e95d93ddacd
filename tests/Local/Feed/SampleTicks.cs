using System.Globalization;

namespace FinVault.Tests.Local.Feed;

/// <summary>
/// Writes the sample that ships with the project: a made-up trading day in the form of a recorded one, with the faults that
/// real feeds have. The same seed writes the same file.
/// </summary>
internal static class SampleTicks
{
    private const int Seed = 20_250_610;
    private const int Ticks = 20_000;

    private static readonly DateTime Open = new(2025, 6, 10, 9, 15, 0);
    private static readonly TimeSpan Session = new(6, 15, 0);

    private static readonly (string Symbol, double Price, int Lot)[] Instruments =
    [
        ("SAMPLE-A", 2_450.00, 400), ("SAMPLE-B", 154.35, 9_000), ("SAMPLE-C", 18_120.50, 40), ("SAMPLE-D", 612.80, 2_500),
        ("SAMPLE-E", 1_033.15, 1_200), ("SAMPLE-F", 87.95, 15_000), ("SAMPLE-G", 3_701.25, 300), ("SAMPLE-H", 429.60, 3_000),
    ];

    private sealed class State
    {
        public double Price { get; set; }

        public long Volume { get; set; }

        public int Sequence { get; set; }

        public string Last { get; set; } = "";
    }

    public static void Write(TextWriter writer)
    {
        var random = new Random(Seed);
        State[] states = [.. Instruments.Select(instrument => new State { Price = instrument.Price })];
        writer.Write("symbol,seq,timestamp,ltp,volume\n");
        for (int tick = 0; tick < Ticks; tick++)
        {
            // Busy at the open and at the close, as a trading day is.
            double progress = (double)tick / Ticks;
            double bent = progress + (Math.Sin(2 * Math.PI * progress) * 0.08);
            DateTime time = Open + (Session * Math.Clamp(bent, 0, 1));
            int chosen = Math.Min(random.Next(Instruments.Length), random.Next(Instruments.Length));
            writer.Write(Row(random, Instruments[chosen], states[chosen], time));
        }
    }

    private static string Row(Random random, (string Symbol, double Price, int Lot) instrument, State state, DateTime time)
    {
        double fault = random.NextDouble();
        state.Sequence++;
        if (fault < 0.03 && state.Last.Length > 0)
        {
            return $"{instrument.Symbol},{state.Sequence},{state.Last}\n";
        }

        double step = random.NextDouble() + random.NextDouble() - 1;
        state.Price = Math.Max(0.05, state.Price * (1 + (step * 0.0006)));
        state.Volume += random.Next(instrument.Lot);
        long volume = fault < 0.04 ? Math.Max(0, state.Volume - (instrument.Lot * 2)) : state.Volume;
        // Most late rows are seconds late, a few come after their minute is long closed.
        DateTime stamped = fault switch
        {
            < 0.04 => time,
            < 0.05 => time.AddSeconds(-random.Next(2, 40)),
            < 0.0505 => time.AddMinutes(-10),
            _ => time,
        };
        // The smallest step of a price is 5 paise.
        decimal price = Math.Round((decimal)state.Price * 20) / 20;
        state.Last = string.Create(
            CultureInfo.InvariantCulture, $"{stamped:yyyy-MM-dd HH:mm:ss},{price:0.##},{volume}");
        return $"{instrument.Symbol},{state.Sequence},{state.Last}\n";
    }
}
