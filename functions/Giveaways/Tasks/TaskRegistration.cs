using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Platform.Resilience;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Giveaways;

public static class TaskRegistration
{
    /// <summary>Tasks and their verification; the HTTP adapter unless the host brings a network of its own.</summary>
    public static IServiceCollection AddGiveawayTasks(this IServiceCollection services, IConfiguration configuration)
    {
        SocialOptions options = configuration.GetSection(SocialOptions.Section).Get<SocialOptions>() ?? new();
        services.TryAddSingleton<ISocialProvider>(
            provider => new HttpSocialProvider(options, provider.GetRequiredService<Dependencies>()));
        return services.AddSingleton(options).AddSingleton<CompletionStore>().AddSingleton<Completions>()
            .AddSingleton<Verification>().AddSingleton<WinnerCheck>().AddSingleton<Ranking>()
            .AddSingleton<IQueueSource>(provider => new DocumentQueue(
                provider.GetRequiredService<CosmosClient>(),
                new(JobKinds.SocialVerification, "completions", Containers.Giveaways, "completion", "waiting", "active", null)));
    }
}
