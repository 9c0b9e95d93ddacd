using FinVault.Identity;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;
using FinVault.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

public static class PortfoliosRegistration
{
    /// <summary>Accounts, their transactions and holdings, exchange rates.</summary>
    public static IServiceCollection AddPortfolios(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<PortfolioDocuments>().AddSingleton<HoldingGenerations>().AddSingleton<PortfolioStore>();
        services.AddSingleton<ImportStore>().AddSingleton<UnfinishedWorks>().AddSingleton<AccountWork>();
        services.AddSingleton<Bookkeeping>().AddSingleton<Transactions>().AddSingleton<Accounts>();
        services.AddSingleton<DueTransactions>().AddSingleton<TransferLegs>().AddSingleton<Transfers>();
        services.AddSingleton<ReversalLegs>().AddSingleton<TransferReversals>();
        services.AddSingleton<ImportFiles>().AddSingleton<Imports>();
        services.AddSingleton<IPersonalData, PortfolioData>();
        services.AddSingleton<FxStore>().AddSingleton<FxRates>().AddSingleton<Valuations>();
        services.AddSingleton<LiveWatches>().AddSingleton<PortfolioPulse>();
        services.AddSingleton<ShareRounds>(provider => provider.GetRequiredService<PortfolioPulse>());
        services.AddSingleton<LinkStore>().AddSingleton<SharedPortfolios>().AddSingleton<PortfolioLinks>();
        services.AddPlans();
        services.AddSingleton<SnapshotCalendar>().AddSingleton<SnapshotStore>().AddSingleton<DailyCloses>();
        services.AddSingleton<SnapshotWorlds>().AddSingleton<LiveDays>().AddSingleton<HoldingPerformances>();
        services.AddSingleton<Snapshots>().AddSingleton<Performances>().AddSingleton<LivePerformances>();
        // Read now: a wrong setting stops the start.
        FxOptions fx = FxOptions.From(configuration);
        services.AddSingleton(fx).AddSingleton<DailyFetch>();
        services.AddSingleton(provider => new HttpRates(
            fx, provider.GetRequiredService<Dependencies>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HttpRates>>()));
        services.TryAddSingleton<ILiveRates>(provider => provider.GetRequiredService<HttpRates>());
        services.AddSingleton<FxPrefetch>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FxPrefetch>());
        services.AddSingleton<AlertDocuments>().AddSingleton<AlertStore>().AddSingleton<Alerts>();
        services.AddSingleton<Drawdowns>().AddSingleton<DrawdownWatch>();
        services.AddSingleton<IQuoteListener>(provider => provider.GetRequiredService<DrawdownWatch>());
        services.AddSingleton<Watchlists>();
        services.AddSingleton<AlertData>().AddSingleton<IPersonalData>(provider => provider.GetRequiredService<AlertData>());
        services.AddSingleton<ExportMaking>().AddSingleton<Exports>();
        services.AddSingleton<IJobHandler>(provider => provider.GetRequiredService<Exports>());
        services.AddSingleton<IJobHandler, ExportSweeps>();
        services.AddSingleton<LateCloseStore>().AddSingleton<LateCloses>().AddSingleton<LateRates>();
        services.AddSingleton<ITickObserver>(provider => provider.GetRequiredService<LateCloses>());
        // One book a process: the same that sees the ticks.
        services.AddSingleton<ITickObserver, AlertWatch>();
        return services;
    }
}
