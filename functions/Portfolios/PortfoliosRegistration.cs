using FinVault.Identity;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Portfolios;

public static class PortfoliosRegistration
{
    /// <summary>Accounts, their transactions and holdings, exchange rates.</summary>
    public static IServiceCollection AddPortfolios(this IServiceCollection services)
    {
        services.AddSingleton<PortfolioDocuments>().AddSingleton<HoldingGenerations>().AddSingleton<PortfolioStore>();
        services.AddSingleton<ImportStore>().AddSingleton<UnfinishedWorks>().AddSingleton<AccountWork>();
        services.AddSingleton<Bookkeeping>().AddSingleton<Transactions>().AddSingleton<Accounts>();
        services.AddSingleton<DueTransactions>();
        services.AddSingleton<ImportFiles>().AddSingleton<Imports>();
        services.AddSingleton<IPersonalData, PortfolioData>();
        services.AddSingleton<FxStore>().AddSingleton<FxRates>().AddSingleton<Valuations>();
        services.AddSingleton<LiveWatches>().AddSingleton<PortfolioPulse>();
        services.AddSingleton<IQuoteListener>(provider => provider.GetRequiredService<PortfolioPulse>());
        services.AddPlans();
        services.AddSingleton<SnapshotCalendar>().AddSingleton<SnapshotStore>().AddSingleton<DailyCloses>();
        services.AddSingleton<Snapshots>().AddSingleton<Performances>().AddSingleton<LivePerformances>();
        services.TryAddSingleton<ILiveRates, NoLiveRates>();
        services.AddSingleton<AlertDocuments>().AddSingleton<AlertStore>().AddSingleton<Alerts>();
        services.AddSingleton<Watchlists>();
        services.AddSingleton<IPersonalData, AlertData>();
        // One book a process: the same that sees the ticks.
        services.AddSingleton<ITickObserver, AlertWatch>();
        return services;
    }
}
