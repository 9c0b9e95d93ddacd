#if AZURE_PACKAGES
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace FinVault.Platform;

/// <summary>
/// Sends FinVault's metrics to Application Insights, where the setting <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>
/// names one: the Functions host does that for requests and for what is logged, and knows nothing of our metrics.
/// Compiled only with Azure's packages, as the exporter is one of them.
/// </summary>
internal sealed class AzureMonitorExport(IConfiguration configuration) : IHostedService, IDisposable
{
    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string IdentitySetting = "AZURE_CLIENT_ID";

    private MeterProvider? _metrics;

    internal static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration[ConnectionSetting]))
        {
            services.AddHostedService<AzureMonitorExport>();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(TelemetryExport.Resource())
            .AddMeter(TelemetryExport.Meters)
            .AddAzureMonitorMetricExporter(options =>
            {
                options.ConnectionString = configuration[ConnectionSetting];
                if (configuration[IdentitySetting] is { Length: > 0 } id)
                {
                    // The resource takes no key, only identities that rbac.bicep lets publish metrics.
                    options.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(id));
                }
            })
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
        _metrics?.Dispose();
        _metrics = null;
    }
}
#endif
