using FinVault.Platform;
using FinVault.Platform.Health;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Escrow;

public static class EscrowRegistration
{
    /// <summary>The ledger and its books.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<LedgerBooks>();
        services.AddSingleton<ReconciliationStore>();
        services.AddSingleton<Reconciliations>();
        services.AddSingleton(provider =>
        {
            TimeProvider time = provider.GetRequiredService<TimeProvider>();
            LedgerStore store = new(provider.GetRequiredService<CosmosClient>(), time);
            return new Ledger(store, provider.GetRequiredService<LedgerBooks>(), time);
        });
        return services;
    }

    /// <summary>The payment provider, wallets and top-ups, withdrawals, and webhooks to tenants.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<EscrowDocuments>();
        services.AddSingleton<PaymentOptions>().AddSingleton<IPaymentProvider, HttpPaymentProvider>();
        services.AddSingleton<WalletStore>().AddSingleton<WalletCache>().AddSingleton<Wallets>().AddSingleton<TopUps>();
        services.AddSingleton<PaymentEventStore>().AddSingleton<PaymentEvents>();
        services.AddSingleton(WithdrawalOptions.From(configuration)).AddSingleton<WithdrawalStore>();
        services.AddSingleton<WithdrawalPayments>().AddSingleton<Withdrawals>();
        services.AddSingleton<IPayoutListener>(provider => provider.GetRequiredService<WithdrawalPayments>());
        services.AddSingleton(PremiumOptions.From(configuration)).AddSingleton<SubscriptionStore>();
        services.AddSingleton<Subscriptions>().AddSingleton<SubscriptionCharges>().AddSingleton<Premium>();
        services.AddSingleton<IPayoutListener>(provider => provider.GetRequiredService<SubscriptionCharges>());
        services.AddSingleton<WebhookStore>().AddSingleton<WebhookSending>().AddSingleton<Webhooks>();
        services.AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<Webhooks>());
        services.AddSingleton<IQueueSource>(provider => new DocumentQueue(
            provider.GetRequiredService<CosmosClient>(),
            new("WEBHOOKS", "deliveries", Containers.Escrow, DeliveryDocument.DocumentType, "pending", null, "dead")));
        return services;
    }

    /// <summary>The documents of merchants.</summary>
    public static IServiceCollection AddMerchantDocuments(this IServiceCollection services) =>
        services.AddSingleton<IUploadTarget, MerchantDocumentTarget>();
}
