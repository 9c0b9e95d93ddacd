using System.Diagnostics.Metrics;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Providers;

/// <summary>The providers' metrics.</summary>
internal static class ProviderTelemetry
{
    private static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "finvault.provider.requests", "{request}", "Requests to price providers by outcome");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "finvault.provider.duration", "ms", "Time a price provider took");

    public static void Asked(ProviderAnswer answer, TimeSpan took)
    {
        KeyValuePair<string, object?> provider = new("provider", answer.Provider);
        Requests.Add(1, provider, new("outcome", answer.Failure?.ToString() ?? "Good"));
        if (answer.Failure is not (ProviderFailure.RateLimited or ProviderFailure.CircuitOpen))
        {
            Duration.Record(took.TotalMilliseconds, provider);
        }
    }
}

/// <summary>What is logged of providers. Event ids 1200–1249.</summary>
internal static partial class ProviderLog
{
    [LoggerMessage(1202, LogLevel.Warning, "No provider gave any of {Symbols} prices whose feed is silent")]
    internal static partial void NoPrices(ILogger logger, int symbols);

    [LoggerMessage(1203, LogLevel.Debug, "{Provider} gave {Prices} of {Symbols} prices")]
    internal static partial void Prices(ILogger logger, string provider, int prices, int symbols);
}
