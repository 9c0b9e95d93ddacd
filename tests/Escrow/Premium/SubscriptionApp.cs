using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Local.Payments;
using FinVault.Platform.Outbox;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Premium;

/// <summary>Premium for Harish, on a clock that a test moves by months.</summary>
internal static class SubscriptionApp
{
    public const string Card = "pm_card";
    public const string Declined = "declined_card";
    public const long Price = 1_000;

    // Without what else wakes up every few seconds: months go by.
    private static readonly Type[] Functions =
        [typeof(SubscriptionFunctions), typeof(SubscriptionLifecycleFunctions), typeof(PaymentFunctions)];

    public static Task<PaymentsApp> StartAsync(
        string? folder = null, ManualClock? clock = null, Func<LocalHostOptions, LocalHostOptions>? change = null,
        params (string Name, string Value)[] settings) => PaymentsApp.StartAsync(
            folder, clock, functions: Functions, change: options =>
            {
                LocalHostOptions with = options with
                {
                    Settings = new Dictionary<string, string?>([
                        .. options.Settings!,
                        .. settings.Select(one => KeyValuePair.Create($"Premium:{one.Name}", (string?)one.Value))]),
                };
                return change?.Invoke(with) ?? with;
            });

    public static Task<JsonElement> SubscribeAsync(this PaymentsApp app, string paymentMethod = Card) =>
        app.PostAsync("subscription", new { paymentMethod });

    /// <summary>Goes to a moment, and signs in again: no token lasts a month.</summary>
    public static void JumpTo(this PaymentsApp app, DateTimeOffset moment)
    {
        app.Clock.JumpTo(moment);
        app.SignIn(Roles.User);
    }

    /// <param name="step">Time that goes by whenever it is not so yet.</param>
    public static async Task<JsonElement> SubscriptionAsync(
        this PaymentsApp app, string state, Func<JsonElement, bool>? and = null, TimeSpan step = default)
    {
        JsonElement view = default;
        await Eventually.TrueAsync(
            async () =>
            {
                view = await app.GetAsync("subscription");
                bool reached = view.GetProperty("state").GetString() == state && (and is null || and(view));
                app.JumpTo(app.Clock.GetUtcNow() + (reached ? TimeSpan.Zero : step));
                return reached;
            },
            $"the subscription is {state}");
        return view;
    }

    public static Task<JsonElement> PaidUntilAsync(this PaymentsApp app, DateTimeOffset until, string state = "active") =>
        app.SubscriptionAsync(state, view => view.GetProperty("paidUntil").GetDateTimeOffset() == until);

    public static async Task<(string Id, string State)[]> ChargesAsync(this PaymentsApp app) =>
        [.. (await app.GetAsync("subscription/charges")).GetProperty("data").EnumerateArray()
            .Select(one => (one.GetProperty("id").GetString()!, one.GetProperty("state").GetString()!))];

    public static Task<bool> HasPremiumAsync(this PaymentsApp app) =>
        app.Get<FinVault.Escrow.Premium>().IsActiveAsync(PaymentsApp.Harish, default);

    /// <summary>So many months were paid, each once, at the provider, in the books and in the user's list alike.</summary>
    public static async Task AssertPaidAsync(this PaymentsApp app, int months)
    {
        SimulatedOperation[] paid = [.. app.Provider.Operations.Where(one => one.State == ProviderState.Succeeded)];
        Assert.Equal(months, paid.Length);
        Assert.All(paid, one => Assert.Equal((Price, "USD", "charges"), (one.Amount, one.Currency, one.Kind)));
        long kept = paid.Sum(one => one.Amount - one.Fee);
        Assert.Equal((kept, 0), await app.BalanceAsync(LedgerAccount.PlatformId(AccountKind.Revenue, "USD")));
        Assert.Equal((-kept, 0), await app.BalanceAsync(LedgerAccount.PlatformId(AccountKind.Provider, "USD")));
        await app.AssertBalancedAsync();
        Assert.Equal(
            paid.Select(one => one.Reference).Order(),
            (await app.ChargesAsync()).Where(one => one.State == "paid").Select(one => one.Id).Order());
    }

    /// <summary>Kinds of the messages of the last seven days; older ones are gone.</summary>
    public static async Task<string[]> MessagesAsync(this PaymentsApp app)
    {
        using FeedIterator<OutboxMessage> rows = app.Documents.GetItemQueryIterator<OutboxMessage>(
            new QueryDefinition("SELECT * FROM c WHERE c.type = 'outbox'"),
            requestOptions: new() { MaxItemCount = 1000, PartitionKey = new(PaymentsApp.Harish) });
        return [.. (await rows.ReadNextAsync()).Select(message => message.Kind)];
    }
}
