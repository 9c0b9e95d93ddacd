using System.Globalization;

namespace FinVault.Local.Feed;

/// <summary>What a demo symbol's made-up trading goes by.</summary>
/// <param name="Anchor">The price around which it walks, in hundredths.</param>
internal sealed record DemoSymbol(string Name, double Anchor, double TicksPerSecond, double VolumePerSecond);

/// <summary>
/// Made-up prices of marked test symbols, around the clock: a random walk that leans back to where it began, from a seed.
/// Volume is the day's cumulative volume and follows the time of day, so that a restart does not make it fall. An empty
/// hub first gets a past, so that a newcomer meets changes against yesterday and a chart with something on it.
/// </summary>
internal sealed class DemoFeed(TickSender sender, TimeProvider time, bool withPast, int seed = DemoFeed.Seed)
{
    public const int Seed = 20_240_101;

    private static readonly TimeSpan Past = TimeSpan.FromHours(2);
    private static readonly TimeSpan PastStep = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Names =
    [
        "TEST-AURUM", "TEST-ARGENT", "TEST-CUPRUM", "TEST-FERRUM", "TEST-PLUMBUM", "TEST-STANNUM", "TEST-ZINCUM",
        "TEST-NICKEL", "TEST-COBALT", "TEST-TITAN", "TEST-NEON", "TEST-ARGON", "TEST-XENON", "TEST-RADON", "TEST-CARBON",
        "TEST-SILICA", "TEST-BORAX", "TEST-SULFUR", "TEST-IODINE", "TEST-URANUS",
    ];

    private readonly TickEvents _events = new("demo");
    private readonly Random _random = new(seed);

    /// <summary>What it sends, the same at every start.</summary>
    public static IReadOnlyList<DemoSymbol> Symbols { get; } = Create(new(Seed));

    /// <summary>Its state: prices in hundredths.</summary>
    private sealed class Instrument(DemoSymbol symbol)
    {
        public DemoSymbol Symbol => symbol;

        public double Price { get; set; } = symbol.Anchor;

        public long Volume { get; set; }

        public DateTime Day { get; set; }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        Instrument[] instruments = [.. Symbols.Select(symbol => new Instrument(symbol))];
        if (withPast)
        {
            await SendPastAsync(instruments, cancellation);
        }

        foreach (Instrument instrument in instruments)
        {
            Tick(instrument, Now);
        }

        using var timer = new PeriodicTimer(Step, time);
        do
        {
            foreach (Instrument instrument in instruments)
            {
                if (_random.NextDouble() < instrument.Symbol.TicksPerSecond * Step.TotalSeconds)
                {
                    Tick(instrument, Now);
                }
            }

            await sender.FlushAsync(cancellation);
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    // Yesterday's close, then the last while, each symbol in order of time.
    private async Task SendPastAsync(Instrument[] instruments, CancellationToken cancellation)
    {
        DateTime now = Now;
        DateTime from = now - Past;
        DateTime close = (from < now.Date ? from : now.Date) - TimeSpan.FromSeconds(1);
        for (DateTime at = close; at < now; at = at == close ? from : at + PastStep)
        {
            foreach (Instrument instrument in instruments)
            {
                Tick(instrument, at);
            }
        }

        await sender.FlushAsync(cancellation);
    }

    // From 20.00 to about 3,000.00, and from a tick every 3 s to 2 ticks a second.
    private static IReadOnlyList<DemoSymbol> Create(Random random) =>
    [
        .. Names.Select(name => new DemoSymbol(
            name, Math.Round(2_000 * Math.Exp(random.NextDouble() * 5)), 0.33 + (random.NextDouble() * 1.67),
            1 + (random.NextDouble() * 20))),
    ];

    private void Tick(Instrument instrument, DateTime now)
    {
        (string name, double anchor, _, double volumePerSecond) = instrument.Symbol;
        double lean = (anchor - instrument.Price) * 0.002;
        double noise = anchor * 0.0008 * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5);
        instrument.Price = Math.Max(1, instrument.Price + lean + noise);
        long volume = (long)(now.TimeOfDay.TotalSeconds * volumePerSecond) + _random.Next(3);
        instrument.Volume = instrument.Day == now.Date ? Math.Max(instrument.Volume, volume) : volume;
        instrument.Day = now.Date;
        string price = ((decimal)Math.Round(instrument.Price) / 100).ToString("0.00", CultureInfo.InvariantCulture);
        sender.Add(
            name,
            _events.Create(name, price, instrument.Volume.ToString(CultureInfo.InvariantCulture), now));
    }
}
