using FinVault.Market.Calendar;
using FinVault.Market.DeadLetters;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Market;

public static class MarketRegistration
{
    /// <summary>The live market: ingest, boards, history, live connection.</summary>
    public static IServiceCollection AddMarket(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(MarketOptions.From(configuration));
        services.AddSingleton(_ => Exchanges.Load());
        services.AddSingleton<HistoryStore>().AddSingleton<ShardStore>();
        services.AddSingleton<TicksHub>().AddSingleton<TickIntake>().AddSingleton<TickIngest>();
        services.AddSingleton<BoardReader>().AddSingleton<TickReader>().AddSingleton<HistoryReader>();
        services.AddSingleton<QuoteFanout>().AddSingleton<ConflatedQuotes>();
        services.AddSingleton<IQuoteListener>(provider => provider.GetRequiredService<ConflatedQuotes>());
        services.AddSingleton<WatchStore>().AddSingleton<Watching>().AddSingleton<FeedWatch>();
        services.AddSingleton<PackedWatches>().AddSingleton<PackedRounds>().AddSingleton<RoundOrders>();
        services.AddSingleton<ShareRounds>(provider => provider.GetRequiredService<PackedRounds>());
        services.AddSingleton<DeadLetterStore>();
        return services;
    }
}
