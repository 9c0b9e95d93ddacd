using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Operations;

public static class OperationsRegistration
{
    /// <summary>What operators see of orchestrations.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<TransferLinks>();
        return services;
    }
}
