using FinVault.Identity;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Giveaways.Draw;

public static class DrawRegistration
{
    /// <summary>The provable draw, and drand unless the host brings a beacon of its own.</summary>
    public static IServiceCollection AddDraws(this IServiceCollection services, IConfiguration configuration)
    {
        BeaconOptions beacon = configuration.GetSection(BeaconOptions.Section).Get<BeaconOptions>() ?? new();
        DrawOptions draw = configuration.GetSection(DrawOptions.Section).Get<DrawOptions>() ?? new();
        services.TryAddSingleton<IRandomnessBeacon>(
            provider => new DrandBeacon(
                beacon, provider.GetRequiredService<Dependencies>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Draws(
            new DrawStore(provider.GetRequiredService<GiveawayDocuments>()),
            provider.GetRequiredService<IRandomnessBeacon>(), draw, provider.GetRequiredService<SecretBox>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
