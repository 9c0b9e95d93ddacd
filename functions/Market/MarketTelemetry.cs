using System.Diagnostics.Metrics;
using Azure.Messaging.EventHubs;
using FinVault.Market.Rules;
using FinVault.Platform;

namespace FinVault.Market;

/// <summary>The market's metrics.</summary>
internal static class MarketTelemetry
{
    public static readonly Counter<long> CommitRetries =
        Telemetry.Meter.CreateCounter<long>("finvault.market.commit.retries", "{retry}", "Commits that were tried again");

    private static readonly Counter<long> Ticks =
        Telemetry.Meter.CreateCounter<long>("finvault.market.ticks", "{tick}", "Ticks by outcome");

    private static readonly Counter<double> Charge =
        Telemetry.Meter.CreateCounter<double>("finvault.market.charge", "{ru}", "Request units of commits");

    private static readonly Histogram<int> BatchSize =
        Telemetry.Meter.CreateHistogram<int>("finvault.market.batch", "{event}", "Events a batch");

    private static readonly Histogram<double> IngestMilliseconds =
        Telemetry.Meter.CreateHistogram<double>(
            "finvault.market.ingest.duration", "ms", "From the hub's acceptance of a batch's oldest event to its commit");

    private static readonly Histogram<double> PushMilliseconds =
        Telemetry.Meter.CreateHistogram<double>(
            "finvault.market.push.latency", "ms", "From the hub's acceptance of a batch's oldest event to its push");

    private static readonly KeyValuePair<string, object?>[] Outcomes =
        [.. Enum.GetNames<TickOutcome>().Select(name => new KeyValuePair<string, object?>("outcome", name))];

    public static void Committed(
        IngestCounters counted, IReadOnlyList<EventData> events, double charge, TimeProvider time)
    {
        for (int outcome = 0; outcome < Outcomes.Length; outcome++)
        {
            if (counted[(TickOutcome)outcome] is > 0 and long count)
            {
                Ticks.Add(count, Outcomes[outcome]);
            }
        }

        Charge.Add(charge);
        BatchSize.Record(events.Count);
        IngestMilliseconds.Record(Since(events, time));
    }

    public static void Pushed(IReadOnlyList<EventData> events, TimeProvider time) =>
        PushMilliseconds.Record(Since(events, time));

    private static double Since(IReadOnlyList<EventData> events, TimeProvider time) =>
        (time.GetUtcNow() - events[0].EnqueuedTime).TotalMilliseconds;
}
