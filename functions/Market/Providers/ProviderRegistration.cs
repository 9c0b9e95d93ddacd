using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Market.Providers;

public static class ProviderRegistration
{
    /// <summary>
    /// The configured HTTP providers, then every other <see cref="IPriceProvider"/> that is registered, in that order
    /// of preference.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static IServiceCollection AddPriceProviders(this IServiceCollection services, IConfiguration configuration)
    {
        // Read now: a wrong setting stops the start and does not wait for the first poll.
        ProviderOptions options = ProviderOptions.From(configuration);
        services.AddSingleton(options);
        foreach (HttpProviderOptions http in options.Providers)
        {
            services.AddSingleton<IPriceProvider>(
                provider => new HttpJsonProvider(http, provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton(provider => Hedged(options, provider));
        services.AddSingleton<ProviderPoller>();
        return services;
    }

    private static HedgedPrices Hedged(ProviderOptions options, IServiceProvider services)
    {
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        Dependencies dependencies = services.GetRequiredService<Dependencies>();
        GuardedProvider[] guarded = [.. services.GetServices<IPriceProvider>()
            .Select(one => new GuardedProvider(one, options.LimitsOf(one.Name), dependencies, time))];
        return new(guarded, TimeSpan.FromMilliseconds(options.HedgeMilliseconds), time);
    }
}
