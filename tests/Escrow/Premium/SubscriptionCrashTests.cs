using FinVault.Escrow;
using FinVault.Local.Payments;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Escrow.Redemptions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Premium;

/// <summary>Subscriptions whose host dies around each step of a payment, restarted on the same data folder.</summary>
public sealed class SubscriptionCrashTests
{
    private static readonly string[] Steps =
        [nameof(SubscriptionLifecycleFunctions.BeginCharge), nameof(SubscriptionLifecycleFunctions.MakeCharge)];

    [Fact]
    public async Task EveryStep_StoppedBeforeItAndAfter_ChargesOnce()
    {
        using DataFolder folder = new();
        ManualClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        StopAt[] stops = [.. Steps.SelectMany(step => new StopAt[] { new(step, after: false), new(step, after: true) })];
        bool subscribed = false;
        foreach (StopAt stop in stops)
        {
            await using PaymentsApp dying = await SubscriptionApp.StartAsync(folder.Name, clock, stop.Around);
            // What it is told is lost with it, so the provider must be asked.
            dying.Provider.Faults = new(Webhooks: new(Hold: true));
            if (!subscribed)
            {
                await dying.SubscribeAsync();
                subscribed = true;
            }

            await PassAsync(clock, () => stop.Reached.IsCompleted, "the stop");
        }

        await using PaymentsApp app = await SubscriptionApp.StartAsync(folder.Name, clock);
        await app.SubscriptionAsync("active", step: TimeSpan.FromSeconds(20));
        await app.PaidUntilAsync(start.AddMonths(1));
        await app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task Subscriber_WhoseOrchestrationNeverBegan_IsFoundByTheTimer()
    {
        await using PaymentsApp app = await SubscriptionApp.StartAsync();
        SubscriptionRequest request = new(SubscriptionApp.Card);
        // As if the process had died between the database and the orchestration.
        await app.Get<Subscriptions>().SubscribeAsync(PaymentsApp.Harish, request, default);
        await app.SubscriptionAsync("active", step: TimeSpan.FromSeconds(20));
        await app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task Trial_IsFreeAndThenPaid_OnceForEachUser()
    {
        await using PaymentsApp app = await SubscriptionApp.StartAsync(settings: ("TrialDays", "14"));
        DateTimeOffset start = app.Clock.GetUtcNow();
        System.Text.Json.JsonElement trial = await app.SubscribeAsync();
        Assert.True(trial.GetProperty("isTrial").GetBoolean());
        Assert.True(await app.HasPremiumAsync());
        Assert.Empty(app.Provider.Operations);
        app.JumpTo(start.AddDays(14).AddSeconds(1));
        await app.PaidUntilAsync(start.AddDays(14).AddMonths(1));
        await app.PostAsync("subscription/cancel", new { });
        app.JumpTo(start.AddDays(14).AddMonths(1).AddSeconds(1));
        await app.SubscriptionAsync("ended");
        Assert.Equal("pending", (await app.SubscribeAsync()).GetProperty("state").GetString());
        await app.SubscriptionAsync("active");
        await app.AssertPaidAsync(2);
    }

    private static Task PassAsync(ManualClock clock, Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        what);
}
