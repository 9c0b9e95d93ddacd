using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>A merchant that has earned ₹2,00,000.00 and wants some of it.</summary>
internal static class WithdrawalApp
{
    public const string Merchant = "MERCHANT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Unpayable = "MERCHANT_01BX5ZZKBKACTAV9WEVGEMMVRZ";
    public const string Route = $"merchants/{Merchant}/withdrawals";
    public const long Earned = 20_000_000;
    public const string Third = "USER_01CX5ZZKBKACTAV9WEVGEMMVRZ";

    public static string Account { get; } = PayableMerchant.AccountOf(Merchant, "INR");

    private static string World { get; } = LedgerAccount.PlatformId(AccountKind.Provider, "INR");

    private static string Clearing { get; } = LedgerAccount.PlatformId(AccountKind.Withdrawal, "INR");

    public static async Task<PaymentsApp> StartAsync(
        string? folder = null, ManualClock? clock = null, IReadOnlyList<Type>? functions = null)
    {
        PaymentsApp app = await PaymentsApp.StartAsync(
            folder, clock, services => services.AddSingleton<IMerchantDirectory>(new Merchants()), functions);
        app.SignIn(Roles.Merchant);
        await app.Ledger.OpenAccountAsync(World, AccountKind.Provider, "INR", default);
        await app.Ledger.OpenAccountAsync(Account, AccountKind.Merchant, "INR", default);
        await app.Ledger.TransferAsync(new("EARNED", World, Account, Earned, "INR"), default);
        return app;
    }

    public static string NewId(this PaymentsApp app) => Ids.New("WITHDRAWAL", app.Clock);

    public static Task<JsonElement> WithdrawAsync(this PaymentsApp app, string id, long amount) =>
        app.PostAsync(Route, new { id, amount, currency = "INR" });

    public static async Task<string> StateAsync(this PaymentsApp app, string id) =>
        (await app.GetAsync($"{Route}/{id}")).GetProperty("state").GetString()!;

    /// <param name="step">Time that goes by whenever it is not so yet.</param>
    public static Task UntilAsync(this PaymentsApp app, string id, string state, TimeSpan step = default) =>
        Eventually.TrueAsync(
            async () =>
            {
                bool reached = await app.StateAsync(id) == state;
                app.Clock.Advance(reached ? TimeSpan.Zero : step);
                return reached;
            },
            $"{id} is {state}");

    /// <summary>Paid once: one payout at the provider, one message, and the books say so.</summary>
    public static Task AssertPaidAsync(this PaymentsApp app, string id, long amount) =>
        app.AssertPaidAsync([id], amount);

    public static async Task AssertPaidAsync(this PaymentsApp app, IReadOnlyList<string> ids, long amount)
    {
        long paid = ids.Count * amount;
        Assert.Equal((Earned - paid, 0), await app.BalanceAsync(Account));
        Assert.Equal((0, 0), await app.BalanceAsync(Clearing));
        Assert.Equal((paid - Earned, 0), await app.BalanceAsync(World));
        Assert.Equal(ids.Order(), app.Provider.Operations.Select(one => one.Reference).Order());
        Assert.All(app.Provider.Operations, one => Assert.Equal(ProviderState.Succeeded, one.State));
        foreach (string id in ids)
        {
            Assert.Equal(["withdrawal.completed"], (await app.MessagesAsync(id)).Except(["withdrawal.awaitingApproval"]));
        }

        await app.AssertBalancedAsync();
    }

    /// <summary>Given back once: nothing is held, nothing is gone, one message.</summary>
    public static async Task AssertReturnedAsync(this PaymentsApp app, string id, string message)
    {
        Assert.Equal((Earned, 0), await app.BalanceAsync(Account));
        Assert.Equal((0, 0), await app.BalanceAsync(Clearing));
        Assert.Equal([message], (await app.MessagesAsync(id)).Except(["withdrawal.awaitingApproval"]));
        await app.AssertBalancedAsync();
    }

    public static async Task<string[]> MessagesAsync(this PaymentsApp app, string id)
    {
        QueryDefinition query = new("SELECT * FROM c WHERE c.type = 'outbox'");
        using FeedIterator<OutboxMessage> rows = app.Documents.GetItemQueryIterator<OutboxMessage>(
            query, requestOptions: new() { MaxItemCount = 1000 });
        return [.. (await rows.ReadNextAsync())
            .Where(message => message.Id.StartsWith(id, StringComparison.Ordinal))
            .Select(message => message.Kind)];
    }

    /// <summary>Stands for the slice that keeps merchants.</summary>
    private sealed class Merchants : IMerchantDirectory
    {
        public Task<PayableMerchant?> FindAsync(
            string tenant, string merchantId, CancellationToken cancellationToken) =>
            Task.FromResult((tenant, merchantId) switch
            {
                (PaymentsApp.Tenant, Merchant) => new PayableMerchant(Merchant, tenant, true, "HDFC-0001-42"),
                (PaymentsApp.Tenant, Unpayable) => new PayableMerchant(Unpayable, tenant, false, null),
                _ => null,
            });
    }
}
