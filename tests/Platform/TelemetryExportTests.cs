using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using FinVault.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Platform;

public sealed class TelemetryExportTests
{
    private readonly ConcurrentDictionary<string, string> received = new();

    [Fact]
    public async Task Export_ToACollector_SendsTracesMetricsAndLogsByTheTimeTheHostHasStopped()
    {
        await using WebApplication collector = await StartCollectorAsync();
        using IHost host = BuildHost(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });

        await host.StartAsync();
        using (Telemetry.Source.StartActivity("SpanOfTheTest"))
        {
            Telemetry.CacheRequestCount.Add(1, new("cache", "cacheOfTheTest"), new("result", "hit"));
            host.Services.GetRequiredService<ILogger<TelemetryExportTests>>().LogWarning("LineOfTheTest");
        }

        await host.StopAsync();
        host.Dispose();

        Assert.Contains("SpanOfTheTest", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("cacheOfTheTest", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("LineOfTheTest", received["/v1/logs"], StringComparison.Ordinal);
        Assert.All(received.Values, body => Assert.Contains("finvault", body, StringComparison.Ordinal));
    }

    [Fact]
    public void Export_WithoutAnEndpoint_IsNotThere()
    {
        using IHost host = BuildHost([]);

        Assert.DoesNotContain(host.Services.GetServices<IHostedService>(), one => one is TelemetryExport);
    }

    private static IHost BuildHost(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        TelemetryExport.AddTo(builder.Services, builder.Configuration);
        return builder.Build();
    }

    private async Task<WebApplication> StartCollectorAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication web = builder.Build();
        web.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            // Protobuf keeps strings as they are, which is all that is looked for here.
            received.AddOrUpdate(
                request.Path, Encoding.Latin1.GetString(body.ToArray()),
                (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
            return Results.Ok();
        });
        await web.StartAsync();
        return web;
    }
}
