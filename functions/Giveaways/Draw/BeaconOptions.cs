using FinVault.Platform.Resilience;

namespace FinVault.Giveaways.Draw;

/// <summary>
/// The settings under <c>Beacon</c>: which drand chain, and where to ask for it. The defaults are drand's public
/// network <c>quicknet</c> (docs.drand.love).
/// </summary>
public sealed record BeaconOptions
{
    public const string Section = "Beacon";

    /// <summary>Asked in this order; any of them serves any round, and none need be trusted to pick one.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public string Chain { get; init; } = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

    public long GenesisSeconds { get; init; } = 1_692_803_367;

    public int PeriodSeconds { get; init; } = 3;

    public double ConnectSeconds { get; init; } = 3;

    /// <summary>Longest wait for one endpoint's whole answer.</summary>
    public double ReadSeconds { get; init; } = 10;

    /// <summary>Failures in a row that open the breaker.</summary>
    public int BreakerFailures { get; init; } = 5;

    public double BreakerSeconds { get; init; } = 30;

    /// <summary>Of one round from all endpoints, each of which has its own time.</summary>
    internal DependencySettings Limits => new()
    {
        ConnectSeconds = ConnectSeconds,
        TotalSeconds = (ReadSeconds * EndpointsOrDefault.Count) + 1,
        BreakerFailures = BreakerFailures,
        BreakerSeconds = BreakerSeconds,
    };

    internal IReadOnlyList<string> EndpointsOrDefault =>
        Endpoints.Count > 0 ? Endpoints : ["https://api.drand.sh", "https://api2.drand.sh", "https://drand.cloudflare.com"];
}
