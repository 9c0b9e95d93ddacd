using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.Health;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Platform.Health;

public sealed class HealthReporterTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly CapturedLogs logs = new();

    [Fact]
    public async Task Report_AllWell_IsHealthyAndNamesEachDependency()
    {
        HealthReport report = await Reporter(new Check("b"), new Check("a")).ReportAsync(default);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["a", "b"], report.Dependencies.Select(one => one.Name));
        Assert.True(report.UptimeSeconds > 0);
        Assert.NotEmpty(report.Version);
        Assert.Equal(clock.GetUtcNow(), report.CheckedAt);
    }

    [Theory]
    [InlineData(true, HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(true, HealthStatus.Degraded, HealthStatus.Degraded)]
    [InlineData(false, HealthStatus.Unhealthy, HealthStatus.Degraded)]
    [InlineData(false, HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task Report_OneDependencyDown_CountsByWhetherItIsRequired(
        bool required, HealthStatus found, HealthStatus overall)
    {
        Check bad = new("bad", required, _ => Task.FromResult(new CheckResult(found, "why")));

        HealthReport report = await Reporter(new Check("good"), bad).ReportAsync(default);

        Assert.Equal(overall, report.Status);
        Assert.Equal((found, "why"), (report.Dependencies[0].Status, report.Dependencies[0].Detail));
    }

    [Fact]
    public async Task Report_CheckThrows_IsUnhealthyWithoutItsMessage_WhichIsLogged()
    {
        InvalidOperationException failure = new("AccountKey=secret");

        HealthReport report = await Reporter(new Check("a", true, _ => throw failure)).ReportAsync(default);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(report, Json.Options), StringComparison.Ordinal);
        Assert.Contains(logs.All, log => log.Level == LogLevel.Warning && log.Exception == failure);
    }

    [Fact]
    public async Task Report_TwoChecksHang_AreGivenUpTogetherAfterTheTimeout()
    {
        // They ignore their token, as a blocked client would.
        TaskCompletionSource<CheckResult> never = new();
        HealthReporter reporter = Reporter(
            new Check("a", true, _ => never.Task), new Check("b", true, _ => never.Task));
        Task<HealthReport> asked = reporter.ReportAsync(default).AsTask();
        clock.Advance(HealthReporter.Timeout);

        HealthReport report = await asked;

        Assert.All(report.Dependencies, one => Assert.Equal("no answer within 2 s", one.Detail));
        Assert.All(report.Dependencies, one => Assert.Equal(2000, one.LatencyMs));
    }

    [Fact]
    public async Task Report_AskedByMany_LooksOnceASecond()
    {
        int looks = 0;
        HealthReporter reporter = Reporter(new Check("a", true, _ =>
        {
            looks++;
            return Task.FromResult(CheckResult.Healthy);
        }));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => reporter.ReportAsync(default).AsTask()));
        Assert.Equal(1, looks);

        clock.Advance(TimeSpan.FromSeconds(1));
        await reporter.ReportAsync(default);
        Assert.Equal(2, looks);
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, 200)]
    [InlineData(HealthStatus.Degraded, 200)]
    [InlineData(HealthStatus.Unhealthy, 503)]
    public async Task GetHealth_AnswersTheStatusThatADeployGateUnderstands(HealthStatus found, int status)
    {
        HealthFunctions functions = new(Reporter(new Check("a", true, _ => Task.FromResult(new CheckResult(found)))));
        DefaultHttpContext http = new() { Response = { Body = new MemoryStream() } };

        IActionResult answer = await functions.GetHealth(http.Request, default);
        await answer.ExecuteResultAsync(new() { HttpContext = http });

        Assert.Equal(status, http.Response.StatusCode);
        http.Response.Body.Position = 0;
        JsonElement body = JsonDocument.Parse(http.Response.Body).RootElement;
        Assert.Equal(JsonNamingPolicy.CamelCase.ConvertName($"{found}"), body.GetProperty("status").GetString());
        Assert.Equal("a", body.GetProperty("dependencies")[0].GetProperty("name").GetString());
    }

    public void Dispose() => logs.Dispose();

    private HealthReporter Reporter(params IDependencyCheck[] checks) =>
        new(checks, clock, logs.Create<HealthReporter>());

    private sealed class Check(
        string name, bool required = true, Func<CancellationToken, Task<CheckResult>>? look = null)
        : IDependencyCheck
    {
        public string Name => name;

        public bool Required => required;

        public Task<CheckResult> CheckAsync(CancellationToken cancellation) =>
            look?.Invoke(cancellation) ?? Task.FromResult(CheckResult.Healthy);
    }
}
