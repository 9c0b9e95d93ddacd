using FinVault.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Portfolios;

internal static class PlansRegistration
{
    /// <summary>Rebalancing, tax losses, recommendations, and the night that does them.</summary>
    public static IServiceCollection AddPlans(this IServiceCollection services) => services
        .AddSingleton<PlanPrices>().AddSingleton<RebalanceStore>().AddSingleton<RebalanceDrafts>().AddSingleton<Rebalances>()
        .AddSingleton<TaxLossStore>().AddSingleton<TaxLossViews>()
        .AddSingleton(Sectors.Load()).AddSingleton<CloseTables>().AddSingleton<ModelPortfolios>()
        .AddSingleton<RecommendationChecks>().AddSingleton<Recommendations>().AddSingleton<Backtests>()
        .AddSingleton<IJobHandler>(provider => provider.GetRequiredService<Recommendations>())
        .AddSingleton<NightlyOptions>().AddSingleton<NightlyNotices>().AddSingleton<NightlyPlans>();
}
