using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FinVault.Platform;

/// <summary>What share of its look-ups each cache answers without a load of its own (CACHE-08), since the start.</summary>
internal static class CacheRates
{
    public const string Metric = "finvault.cache.hit_ratio";

    private static readonly ConcurrentDictionary<string, Rate> Rates = new(StringComparer.Ordinal);

    private static readonly ObservableGauge<double> Gauge = Telemetry.Meter.CreateObservableGauge(
        Metric, Measure, "1", "Share of cache look-ups that needed no load, by cache");

    public static void Note(string cache, bool hit)
    {
        Rate rate = Rates.GetOrAdd(cache, static _ => new());
        Interlocked.Increment(ref hit ? ref rate.Hits : ref rate.Misses);
    }

    private static IEnumerable<Measurement<double>> Measure() => Rates.Select(one => new Measurement<double>(
        (double)one.Value.Hits / Math.Max(1, one.Value.Hits + one.Value.Misses),
        new KeyValuePair<string, object?>("cache", one.Key)));

    private sealed class Rate
    {
        public long Hits;
        public long Misses;
    }
}
