using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Health;

/// <summary>One dependency as <c>GET /health</c> shows it; <c>latencyMs</c> is how long the look at it took.</summary>
public sealed record DependencyHealth(
    string Name,
    HealthStatus Status,
    bool Required,
    double LatencyMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail);

/// <summary>The answer of <c>GET /health</c>.</summary>
public sealed record HealthReport(
    HealthStatus Status,
    string Version,
    DateTimeOffset CheckedAt,
    double UptimeSeconds,
    IReadOnlyList<DependencyHealth> Dependencies);

/// <summary>
/// Looks at every dependency at once. One report serves everyone who asks within a second, so that a probe storm costs
/// the dependencies nothing.
/// </summary>
public sealed partial class HealthReporter(
    IEnumerable<IDependencyCheck> checks, TimeProvider time, ILogger<HealthReporter> logger)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    private readonly IDependencyCheck[] checks = [.. checks.OrderBy(check => check.Name, StringComparer.Ordinal)];
    private readonly DateTimeOffset _started = StartOfProcess();
    private readonly ReadThroughCache<HealthReport> _reports = new("health", new(1), time);

    public ValueTask<HealthReport> ReportAsync(CancellationToken cancellation) =>
        _reports.GetAsync("report", Life, MakeAsync, cancellation);

    private async Task<HealthReport> MakeAsync(CancellationToken cancellation)
    {
        DependencyHealth[] found = await Task.WhenAll(checks.Select(check => LookAsync(check, cancellation)));
        HealthStatus worst = found
            .Select(one => one.Required ? one.Status
                : (HealthStatus)Math.Min((int)one.Status, (int)HealthStatus.Degraded))
            .DefaultIfEmpty(HealthStatus.Healthy)
            .Max();
        // The process lives in the machine's time, whatever clock the app was given.
        double uptime = Math.Round((TimeProvider.System.GetUtcNow() - _started).TotalSeconds, 3);
        return new(worst, AppVersion.Current, time.GetUtcNow(), uptime, found);
    }

    private static DateTimeOffset StartOfProcess()
    {
        using Process process = Process.GetCurrentProcess();
        return process.StartTime;
    }

    private async Task<DependencyHealth> LookAsync(IDependencyCheck check, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = new(Timeout, time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        long start = time.GetTimestamp();
        CheckResult result;
        try
        {
            // Off this thread and with WaitAsync, since a client may block or ignore its token.
            result = await Task.Run(() => check.CheckAsync(either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            result = new(HealthStatus.Unhealthy, $"no answer within {Timeout.TotalSeconds} s");
            LogTimedOut(logger, check.Name);
        }
        catch (Exception failure) when (
            failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            result = new(HealthStatus.Unhealthy, "not reachable");
            LogFailed(logger, check.Name, failure);
        }

        double latency = Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 2);
        return new(check.Name, result.Status, check.Required, latency, result.Detail);
    }

    [LoggerMessage(1100, LogLevel.Warning, "The health check of {Dependency} did not answer in time")]
    private static partial void LogTimedOut(ILogger logger, string dependency);

    [LoggerMessage(1101, LogLevel.Warning, "The health check of {Dependency} failed")]
    private static partial void LogFailed(ILogger logger, string dependency, Exception failure);
}
