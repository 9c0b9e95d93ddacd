using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace FinVault.Platform.Resilience;

/// <summary>The metrics of calls to the outside.</summary>
internal static class DependencyTelemetry
{
    public static readonly Gauge<int> Breaker = Telemetry.Meter.CreateGauge<int>(
        "finvault.dependency.breaker", "{state}", "Circuit breaker by dependency: 0 closed, 1 half open, 2 open");

    private static readonly Counter<long> Calls = Telemetry.Meter.CreateCounter<long>(
        "finvault.dependency.calls", "{call}",
        "Calls to the outside by dependency and outcome: answered, failed, late, rejected, busy, canceled");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "finvault.dependency.duration", "ms", "Time of a call to the outside, its retries included");

    public static void Called(string dependency, string outcome, TimeSpan took)
    {
        KeyValuePair<string, object?> name = new("dependency", dependency);
        Calls.Add(1, name, new("outcome", outcome));
        if (outcome is not ("rejected" or "busy"))
        {
            Duration.Record(took.TotalMilliseconds, name);
        }
    }
}

/// <summary>What is logged of breakers. Event ids 1150–1159. An opening is an error, which is what alerts look at.</summary>
internal static partial class DependencyLog
{
    [LoggerMessage(
        1150, LogLevel.Error, "The breaker of {Dependency} {Member} opened after {Failures} failures in a row")]
    internal static partial void Opened(
        ILogger logger, string dependency, string? member, int failures, Exception? last);

    [LoggerMessage(1151, LogLevel.Information, "The breaker of {Dependency} {Member} is {State}")]
    internal static partial void Changed(ILogger logger, string dependency, string? member, CircuitState state);
}
