using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FinVault.Platform.RateLimits;

/// <summary>
/// The settings <c>RateLimits__…</c>: <c>enabled</c>, and calls in each window as <c>burst</c> (a second), <c>medium</c>
/// (ten), <c>long</c> (a minute) and <c>suspicious</c> (a minute). Each has the default that was decided.
/// </summary>
public sealed class RateLimitOptions(IConfiguration configuration)
{
    public const string Section = "RateLimits";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Only tests and benchmarks, which call as fast as they can, turn it off.</summary>
    public bool Enabled { get; } = bool.Parse(configuration[$"{Section}:enabled"] ?? "true");

    /// <summary>For a user, else an address.</summary>
    public IReadOnlyList<RateLimit> Tiers { get; } =
    [
        new("burst", Number(configuration, "burst", 10), TimeSpan.FromSeconds(1)),
        new("medium", Number(configuration, "medium", 60), TimeSpan.FromSeconds(10)),
        new("long", Number(configuration, "long", 300), Minute),
    ];

    /// <summary>For what calls itself a program, on public routes (SEC-04).</summary>
    public RateLimit Suspicious { get; } = new("suspicious", Number(configuration, "suspicious", 5), Minute);

    private static int Number(IConfiguration configuration, string name, int otherwise) =>
        configuration[$"{Section}:{name}"] is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
