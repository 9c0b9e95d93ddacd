using System.Globalization;

namespace FinVault.Local.Feed;

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

    /// <summary>Its state: prices in hundredths.</summary>
    private sealed class Instrument
    {
        public required string Name { get; init; }

        public required double Anchor { get; init; }

        public required double TicksPerSecond { get; init; }

        public required double VolumePerSecond { get; init; }

        public double Price { get; set; }

        public long Volume { get; set; }

        public DateTime Day { get; set; }
    }

    /// <summary>The price around which a symbol walks; 0 for no such symbol.</summary>
    public static decimal AnchorOf(string symbol)
    {
        DemoFeed feed = new(null!, TimeProvider.System, false);
        return Names.Select(feed.Create).Where(one => one.Name == symbol).Sum(one => (decimal)one.Anchor) / 100;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        Instrument[] instruments = [.. Names.Select(Create)];
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
                if (_random.NextDouble() < instrument.TicksPerSecond * Step.TotalSeconds)
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

    private Instrument Create(string name)
    {
        // From 20.00 to about 3,000.00, and from a tick every 3 s to 2 ticks a second.
        double anchor = Math.Round(2_000 * Math.Exp(_random.NextDouble() * 5));
        return new Instrument
        {
            Name = name,
            Anchor = anchor,
            Price = anchor,
            TicksPerSecond = 0.33 + (_random.NextDouble() * 1.67),
            VolumePerSecond = 1 + (_random.NextDouble() * 20),
        };
    }

    private void Tick(Instrument instrument, DateTime now)
    {
        double lean = (instrument.Anchor - instrument.Price) * 0.002;
        double noise = instrument.Anchor * 0.0008 * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5);
        instrument.Price = Math.Max(1, instrument.Price + lean + noise);
        long volume = (long)(now.TimeOfDay.TotalSeconds * instrument.VolumePerSecond) + _random.Next(3);
        instrument.Volume = instrument.Day == now.Date ? Math.Max(instrument.Volume, volume) : volume;
        instrument.Day = now.Date;
        string price = ((decimal)Math.Round(instrument.Price) / 100).ToString("0.00", CultureInfo.InvariantCulture);
        sender.Add(
            instrument.Name,
            _events.Create(instrument.Name, price, instrument.Volume.ToString(CultureInfo.InvariantCulture), now));
    }
}
