using System.Diagnostics.Metrics;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>Metrics of payments and webhooks.</summary>
internal static class PaymentTelemetry
{
    private static readonly Counter<long> Calls = Telemetry.Meter.CreateCounter<long>(
        "finvault.payments.calls", "{call}", "Calls of the payment provider by operation and outcome");

    private static readonly Counter<long> Events = Telemetry.Meter.CreateCounter<long>(
        "finvault.payments.events", "{event}", "Events of the payment provider by type and outcome");

    private static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>(
        "finvault.webhooks.deliveries", "{delivery}", "Webhooks sent by outcome");

    public static void Called(string operation, string outcome) =>
        Calls.Add(1, new("operation", operation), new("outcome", outcome));

    public static void Received(string type, string outcome) =>
        Events.Add(1, new("type", type), new("outcome", outcome));

    public static void Delivered(string outcome) =>
        Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
