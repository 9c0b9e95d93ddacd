using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Uploads;

public static class UploadRegistration
{
    /// <summary>Presigned uploads. Where there is no Blob Storage, each of them says so and all else works.</summary>
    public static IServiceCollection AddUploads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(UploadOptions.From(configuration));
        services.AddSingleton<UploadStore>().AddSingleton<UploadBlobs>();
        services.AddSingleton<UploadTargets>().AddSingleton<UploadPresigning>().AddSingleton<UploadConfirmation>();
        services.AddSingleton<UploadSweeper>().AddSingleton<IPersonalData, UploadData>();
        return services;
    }
}
