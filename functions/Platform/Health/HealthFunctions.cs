using FinVault.Identity;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform.Health;

/// <summary>Is FinVault up, and what of it: for people, load balancers and the deploy gate. Anonymous.</summary>
public sealed class HealthFunctions(HealthReporter reporter)
{
    [Function(nameof(GetHealth))]
    [Public("Probes and the deploy gate have no user.")]
    [Unlimited("A probe that is refused would take an instance away that works.")]
    [Api("Health of FinVault and of each dependency", Description = "A report is at most a second old.")]
    [Answers(StatusCodes.Status200OK, typeof(HealthReport), "Healthy, or degraded: it works, but not all of it.")]
    [Answers(
        StatusCodes.Status503ServiceUnavailable, typeof(HealthReport), "A dependency it cannot do without is down.")]
    public async Task<IActionResult> GetHealth(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request,
        CancellationToken cancellation)
    {
        HealthReport report = await reporter.ReportAsync(cancellation);
        bool down = report.Status == HealthStatus.Unhealthy;
        return new JsonAnswer(report, down ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    /// <summary>Says only that the process answers: a restart would not mend a dependency.</summary>
    [Function(nameof(GetLiveness))]
    [Public("Probes and the deploy gate have no user.")]
    [Unlimited("A probe that is refused would take an instance away that works.")]
    [Api("Whether the process answers")]
    [Answers(StatusCodes.Status200OK, typeof(Liveness), "It does.")]
    public IActionResult GetLiveness(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        new JsonAnswer(new Liveness(HealthStatus.Healthy));
}

/// <summary>The answer of <c>GET /health/live</c>.</summary>
public sealed record Liveness(HealthStatus Status);
