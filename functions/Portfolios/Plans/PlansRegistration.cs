using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Portfolios;

internal static class PlansRegistration
{
    /// <summary>Rebalancing, tax losses, and the night that does both.</summary>
    public static IServiceCollection AddPlans(this IServiceCollection services) => services
        .AddSingleton<PlanPrices>().AddSingleton<RebalanceStore>().AddSingleton<RebalanceDrafts>().AddSingleton<Rebalances>()
        .AddSingleton<TaxLossStore>().AddSingleton<TaxLossViews>()
        .AddSingleton<NightlyOptions>().AddSingleton<NightlyPlans>();
}
