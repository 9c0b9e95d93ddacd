using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FinVault.Platform;

/// <summary>
/// The one <see cref="Meter"/> and <see cref="ActivitySource"/> of FinVault, and the instruments that no slice owns.
/// Names follow OpenTelemetry: dotted, lower case, the unit beside the name and not in it.
/// </summary>
public static class Telemetry
{
    public const string Name = "FinVault";

    public const string RequestDuration = "finvault.http.request.duration";
    public const string CacheRequests = "finvault.cache.requests";
    public const string CacheEvictions = "finvault.cache.evictions";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>HTTP requests by <c>function</c> and <c>status</c>.</summary>
    internal static Histogram<double> RequestMilliseconds { get; } =
        Meter.CreateHistogram<double>(RequestDuration, "ms", "Time from the request to the end of its answer");

    /// <summary>
    /// Cache look-ups by <c>cache</c> and <c>result</c> (hit, miss, shared: joined another's load, or stale: in place of a failed load).
    /// </summary>
    internal static Counter<long> CacheRequestCount { get; } =
        Meter.CreateCounter<long>(CacheRequests, "{request}", "Cache look-ups");

    /// <summary>Values that a cache could not keep, by <c>cache</c>; whoever asked got them all the same.</summary>
    internal static Counter<long> CacheFailureCount { get; } =
        Meter.CreateCounter<long>("finvault.cache.failures", "{failure}", "Values that could not be kept");

    /// <summary>Entries that a cache dropped to stay within its limits, by <c>cache</c>.</summary>
    internal static Counter<long> CacheEvictionCount { get; } =
        Meter.CreateCounter<long>(CacheEvictions, "{entry}", "Cache entries dropped for room");
}
