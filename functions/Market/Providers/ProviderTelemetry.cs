using System.Diagnostics.Metrics;
using FinVault.Platform;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace FinVault.Market.Providers;

/// <summary>The providers' metrics.</summary>
internal static class ProviderTelemetry
{
    private static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "finvault.provider.requests", "{request}", "Requests to price providers by outcome");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "finvault.provider.duration", "ms", "Time a price provider took");

    private static readonly Gauge<int> Breaker = Telemetry.Meter.CreateGauge<int>(
        "finvault.provider.breaker", "{state}", "Circuit breaker of a price provider: 0 closed, 1 half open, 2 open");

    public static void Asked(ProviderAnswer answer, TimeSpan took)
    {
        KeyValuePair<string, object?> provider = new("provider", answer.Provider);
        Requests.Add(1, provider, new("outcome", answer.Failure?.ToString() ?? "Good"));
        if (answer.Failure is not (ProviderFailure.RateLimited or ProviderFailure.CircuitOpen))
        {
            Duration.Record(took.TotalMilliseconds, provider);
        }
    }

    public static void BreakerChanged(string provider, CircuitState state) => Breaker.Record(
        state switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 },
        new KeyValuePair<string, object?>("provider", provider));
}

/// <summary>What is logged of providers. Event ids 1200–1249.</summary>
internal static partial class ProviderLog
{
    [LoggerMessage(1200, LogLevel.Error, "The breaker of {Provider} opened after {Failures} failures in a row")]
    internal static partial void BreakerOpened(ILogger logger, string provider, int failures);

    [LoggerMessage(1201, LogLevel.Information, "The breaker of {Provider} is {State}")]
    internal static partial void BreakerChanged(ILogger logger, string provider, CircuitState state);

    [LoggerMessage(1202, LogLevel.Warning, "No provider gave any of {Symbols} prices whose feed is silent")]
    internal static partial void NoPrices(ILogger logger, int symbols);

    [LoggerMessage(1203, LogLevel.Debug, "{Provider} gave {Prices} of {Symbols} prices")]
    internal static partial void Prices(ILogger logger, string provider, int prices, int symbols);
}
