using FinVault.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Giveaways;

public static class GiveawaysRegistration
{
    /// <summary>The pictures of giveaways and prizes.</summary>
    public static IServiceCollection AddGiveaways(this IServiceCollection services) => services
        .AddSingleton<IUploadTarget, EventImageTarget>().AddSingleton<IUploadTarget, PrizeImageTarget>();
}
