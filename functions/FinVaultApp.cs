using FinVault.Audit;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Market;
using FinVault.Market.Providers;
using FinVault.Notifications;
using FinVault.Operations;
using FinVault.Platform;
using FinVault.Platform.Idempotency;
using FinVault.Platform.RateLimits;
using FinVault.Portfolios;
using FinVault.Uploads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault;

/// <summary>
/// Everything that FinVault registers and every middleware, in one place, for the isolated worker in Azure
/// (<c>Program.cs</c>) and for the local host alike. The clients of Azure services are not here: Azure's come from
/// <see cref="AzureClients"/>, the local host brings its own.
/// </summary>
public static class FinVaultApp
{
    public static IFunctionsWorkerApplicationBuilder AddFinVault(
        this IFunctionsWorkerApplicationBuilder worker, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        worker.Services.AddPlatform(configuration);
        worker.Services.AddNotifications();
        worker.Services.AddIdentity();
        worker.Services.AddAudit();
        worker.Services.AddMarket(configuration);
        worker.Services.AddPriceProviders(configuration);
        worker.Services.AddUploads(configuration);
        worker.Services.AddLedger();
        worker.Services.AddDraws(configuration);
        worker.Services.AddEscrows(configuration);
        worker.Services.AddOperations();
        worker.Services.AddPayments(configuration);
        worker.Services.AddGiveaways(configuration);
        worker.Services.AddGiveawayTasks(configuration);
        worker.Services.AddMerchantDocuments();
        worker.Services.AddPortfolios(configuration);
        worker.Use(next => context => context.InstanceServices.GetRequiredService<RequestMiddleware>().Invoke(context, next));
        worker.Use(next => context => context.InstanceServices.GetRequiredService<AccessMiddleware>().Invoke(context, next));
        worker.Use(next => context => context.InstanceServices.GetRequiredService<RateLimitMiddleware>().Invoke(context, next));
        worker.Use(next => context => context.InstanceServices.GetRequiredService<IdempotencyMiddleware>().Invoke(context, next));
        return worker;
    }
}
