using FinVault.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Identity;

public static class IdentityRegistration
{
    /// <summary>Who is calling, and whether they may.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services) =>
        services.AddSingleton<DevelopmentTokens>().AddSingleton<AccessMiddleware>()
            .AddSingleton<ProfileStore>().AddSingleton<IUploadTarget, ProfilePictureTarget>();
}
