using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FinVault.Platform;

/// <summary>
/// Sends traces, metrics and logs to an OpenTelemetry collector where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one, and
/// does nothing where none is. The other <c>OTEL_*</c> settings apply as the specification says. The providers live as
/// long as the host and are flushed when it stops.
/// </summary>
internal sealed class TelemetryExport(IConfiguration configuration) : IHostedService, IDisposable
{
    internal const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // What the SDKs that FinVault uses emit, beside its own.
    private static readonly string[] Sources = [Telemetry.Name, "Azure.*", "Microsoft.Azure.Functions.Worker"];
    internal static readonly string[] Meters = [Telemetry.Name, "Polly", "System.Runtime"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    internal static bool IsOn(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointSetting]);

    internal static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
#if AZURE_PACKAGES
        AzureMonitorExport.AddTo(services, configuration);
#endif
        if (IsOn(configuration))
        {
            services.AddHostedService<TelemetryExport>();
            services.AddLogging(logging => logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeScopes = true;
                logs.SetResourceBuilder(Resource()).AddOtlpExporter();
            }));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddSource(Sources)
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _traces = null;
        _metrics = null;
    }

    internal static ResourceBuilder Resource() => ResourceBuilder.CreateDefault()
        .AddService("finvault", serviceVersion: AppVersion.Current)
        .AddEnvironmentVariableDetector();
}

/// <summary>The version that was built: the assembly's, with the commit where the build recorded it.</summary>
public static class AppVersion
{
    public static string Current { get; } = typeof(AppVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
