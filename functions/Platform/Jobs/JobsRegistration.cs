using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Platform.Jobs;

public static class JobsRegistration
{
    /// <summary>Jobs. A slice adds a kind by registering an <see cref="IJobHandler"/>.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        foreach (string container in new[] { Containers.Giveaways, Containers.Escrow, Containers.Identity })
        {
            services.AddSingleton<IQueueSource>(provider => new OutboxQueue(
                provider.GetRequiredService<CosmosClient>(), provider.GetRequiredService<TimeProvider>(), container));
        }

        services.AddSingleton<Func<IEnumerable<IJobHandler>>>(provider => provider.GetServices<IJobHandler>);
        return services.AddSingleton<JobStore>().AddSingleton<Jobs>().AddSingleton<JobAttempts>().AddSingleton<Queues>();
    }
}
