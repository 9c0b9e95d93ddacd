using FinVault.Audit;
using FinVault.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Escrow;

public static class EscrowsRegistration
{
    /// <summary>Escrows, cards, merchants, branches and redemptions.</summary>
    public static IServiceCollection AddEscrows(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        EscrowOptions options = new();
        configuration.GetSection("Escrow").Bind(options);
        services.AddSingleton(options);
        services.AddSingleton<GiftCode>().AddSingleton<GiftCards>().AddSingleton<CardStock>().AddSingleton<CardCatalogue>();
        services.AddSingleton<EscrowStore>().AddSingleton<EscrowMoney>().AddSingleton<EscrowSteps>();
        services.AddSingleton<AirtimeStore>().AddSingleton<AirtimeGifts>().AddSingleton<EscrowClaims>();
        services.AddSingleton<IPayoutListener, AirtimePayouts>();
        services.AddSingleton(provider => new Escrows(
            provider.GetRequiredService<EscrowStore>(),
            provider.GetRequiredService<EscrowSteps>(),
            provider.GetRequiredService<EscrowClaims>(),
            provider.GetRequiredService<CardCatalogue>(),
            provider.GetRequiredService<Wallets>(),
            options,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Merchants>().AddSingleton<Branches>();
        services.AddSingleton<IMerchantDirectory>(provider => provider.GetRequiredService<Merchants>());
        services.AddSingleton(provider => new CardDesk(
            provider.GetRequiredService<CardCatalogue>(), provider.GetRequiredService<CardStock>(),
            provider.GetRequiredService<Merchants>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPersonalData, EscrowData>();
        foreach (string kind in EscrowRollback.Kinds)
        {
            services.AddSingleton<IRollbackTarget>(
                provider => EscrowRollback.Of(kind, provider.GetRequiredService<EscrowDocuments>()));
        }

        return services.AddRedemptions();
    }

    private static IServiceCollection AddRedemptions(this IServiceCollection services)
    {
        services.AddSingleton<RedemptionStore>().AddSingleton<CodeAttempts>();
        services.AddSingleton(provider => new Redemptions(
            provider.GetRequiredService<RedemptionStore>(),
            provider.GetRequiredService<GiftCards>(),
            provider.GetRequiredService<EscrowStore>(),
            provider.GetRequiredService<Merchants>(),
            provider.GetRequiredService<Branches>(),
            provider.GetRequiredService<CodeAttempts>(),
            provider.GetRequiredService<EscrowOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Settlements(
            provider.GetRequiredService<RedemptionStore>(),
            provider.GetRequiredService<EscrowStore>(),
            provider.GetRequiredService<EscrowMoney>(),
            provider.GetRequiredService<IPaymentProvider>(),
            provider.GetRequiredService<EscrowOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
