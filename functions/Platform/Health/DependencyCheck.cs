namespace FinVault.Platform.Health;

public enum HealthStatus
{
    Healthy,
    Degraded,
    Unhealthy,
}

/// <summary>What one look at a dependency found. <paramref name="Detail"/> is public: nothing internal in it.</summary>
public sealed record CheckResult(HealthStatus Status, string? Detail = null)
{
    public static CheckResult Healthy { get; } = new(HealthStatus.Healthy);
}

/// <summary>
/// Something FinVault depends on and can look at. A check that throws, or takes longer than
/// <see cref="HealthReporter.Timeout"/>, counts as unhealthy.
/// </summary>
public interface IDependencyCheck
{
    string Name { get; }

    /// <summary>
    /// False if FinVault still does its work without it, only worse: then it degrades and does not fail.
    /// </summary>
    bool Required { get; }

    Task<CheckResult> CheckAsync(CancellationToken cancellation);
}
