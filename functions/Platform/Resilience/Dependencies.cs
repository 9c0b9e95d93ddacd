using System.Collections.Concurrent;
using FinVault.Platform.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Resilience;

/// <summary>
/// Everything outside that FinVault calls, each by its name: who wants to call something asks for it here, and the same
/// name is the same breaker.
/// </summary>
public sealed class Dependencies(
    TimeProvider time, ILogger<Dependencies> logger, IConfiguration? configuration = null)
{
    private readonly ConcurrentDictionary<string, Lazy<Dependency>> _all = new(StringComparer.Ordinal);

    /// <summary>All that were asked for, by name.</summary>
    public IReadOnlyList<Dependency> All =>
        [.. _all.Values.Select(one => one.Value).OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>The dependency of a name; the first who asks says how it is called.</summary>
    /// <param name="name">lower-case, words joined by <c>-</c>; public.</param>
    /// <param name="settings">What holds where no setting says otherwise.</param>
    /// <param name="failures">What counts; null for whatever passes.</param>
    public Dependency Of(string name, DependencySettings? settings = null, FailureRule? failures = null) =>
        _all.GetOrAdd(name, _ => new(() => Create(name, SettingsOf(name, settings), failures))).Value;

    /// <summary>One kind of dependency that has many members, which fail apart and share their limit of calls.</summary>
    public DependencyFamily Family(
        string name, DependencySettings? settings = null, FailureRule? failures = null) =>
        new(name, SettingsOf(name, settings), failures ?? FailureRule.Transient, time, logger);

    private Dependency Create(string name, DependencySettings settings, FailureRule? failures) => new(
        name, settings, failures ?? FailureRule.Transient,
        new Bulkhead(name, settings.Concurrency, settings.Waiting), time, logger);

    private DependencySettings SettingsOf(string name, DependencySettings? settings)
    {
        DependencySettings chosen = (settings ?? new()) with { };
        configuration?.GetSection($"{DependencySettings.Section}:{name.Split('-')[0]}").Bind(chosen);
        return chosen.Checked(name);
    }
}

/// <summary>The names of those whose breaker is open. FinVault goes on without them, only worse.</summary>
internal sealed class DependenciesCheck(Dependencies dependencies) : IDependencyCheck
{
    public string Name => "outsideCalls";

    public bool Required => false;

    public Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        string[] open = [.. dependencies.All.Where(one => one.IsOpen).Select(one => one.Name)];
        return Task.FromResult(open.Length == 0
            ? CheckResult.Healthy
            : new CheckResult(HealthStatus.Degraded, $"breaker open: {string.Join(", ", open)}"));
    }
}
