using FinVault.Platform.Health;
using Polly.CircuitBreaker;

namespace FinVault.Market.Providers;

/// <summary>
/// The providers by their breakers. They stand in for feeds, so without them FinVault only has less to fall back on.
/// </summary>
internal sealed class ProvidersCheck(HedgedPrices prices) : IDependencyCheck
{
    public string Name => "priceProviders";

    public bool Required => false;

    public Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        string[] open = [.. prices.Providers
            .Where(provider => provider.State is CircuitState.Open or CircuitState.Isolated)
            .Select(provider => provider.Name)];
        return Task.FromResult(open.Length == 0
            ? CheckResult.Healthy
            : new CheckResult(
                open.Length == prices.Providers.Count ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                $"breaker open: {string.Join(", ", open)}"));
    }
}
