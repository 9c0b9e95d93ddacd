using FinVault.Platform.Health;

namespace FinVault.Escrow;

/// <summary>The payment provider by its breaker: what was asked for waits while it is away, so FinVault goes on.</summary>
internal sealed class PaymentsCheck(IPaymentProvider provider) : IDependencyCheck
{
    public string Name => "paymentProvider";

    public bool Required => false;

    public Task<CheckResult> CheckAsync(CancellationToken cancellation) => Task.FromResult(
        provider.IsAvailable ? CheckResult.Healthy : new CheckResult(HealthStatus.Degraded, "breaker open"));
}
