using FinVault.Platform.Health;
using FinVault.Platform.Idempotency;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;
using FinVault.Platform.RateLimits;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Platform;

public static class PlatformRegistration
{
    /// <summary>
    /// What every slice stands on: the clock, the request pipeline, health, telemetry, the API's document.
    /// </summary>
    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(RequestLogOptions.From(configuration)).AddSingleton<RequestLines>();
        services.AddSingleton<RequestMiddleware>();
        services.AddSingleton<HealthReporter>();
        services.AddSingleton<IDependencyCheck, CosmosCheck>();
        services.AddSingleton<IDependencyCheck, EventHubsCheck>();
        services.AddSingleton<IDependencyCheck, SignalRCheck>();
        services.AddSingleton<Dependencies>().AddSingleton<IDependencyCheck, DependenciesCheck>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<IdempotencyStore>().AddSingleton<IdempotencyMiddleware>();
        services.AddSingleton<RateCounterStore>().AddSingleton<RateLimiter>().AddSingleton<ClientAddress>()
            .AddSingleton<RateLimitOptions>().AddSingleton<RequestLimits>().AddSingleton<RateLimitMiddleware>();
        services.AddSingleton<OutboxPublisher>().AddSingleton<OutboxDeadLetters>();
        services.AddJobs();
        TelemetryExport.AddTo(services, configuration);
        return services;
    }
}
