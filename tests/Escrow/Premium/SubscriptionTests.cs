using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Local.Cosmos;
using FinVault.Local.Payments;
using FinVault.Platform;
using FinVault.Tests.Escrow.Payments;

namespace FinVault.Tests.Escrow.Premium;

/// <summary>Premium over HTTP: paid by the month, once a month, whatever the provider does.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private PaymentsApp _app = null!;

    private DateTimeOffset Start { get; set; }

    public async Task InitializeAsync()
    {
        // The last of a month, so that the months after it are short.
        _app = await SubscriptionApp.StartAsync(clock: new(new DateTimeOffset(2024, 1, 31, 10, 0, 0, TimeSpan.Zero)));
        Start = _app.Clock.GetUtcNow();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Plan_IsTenDollarsAMonth_ToldToEverybody()
    {
        _app.Client.DefaultRequestHeaders.Authorization = null;
        JsonElement plan = await _app.GetAsync("subscription/plan");
        Assert.Equal(
            ("premium", 1_000, "USD", 2),
            (plan.GetProperty("name").GetString()!, plan.GetProperty("amount").GetInt64(),
                plan.GetProperty("currency").GetString()!, plan.GetProperty("exponent").GetInt32()));
    }

    [Fact]
    public async Task Subscribe_WhenPaid_IsActiveForAMonth()
    {
        Assert.Equal((HttpStatusCode.NotFound, false), (await StatusAsync("subscription"), await _app.HasPremiumAsync()));
        JsonElement begun = await _app.SubscribeAsync();
        Assert.Equal("pending", begun.GetProperty("state").GetString());
        JsonElement active = await _app.PaidUntilAsync(Start.AddMonths(1));
        Assert.Equal((true, false), (active.GetProperty("isActive").GetBoolean(), active.GetProperty("isTrial").GetBoolean()));
        Assert.True(await _app.HasPremiumAsync());
        await _app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task Renewals_AreOnTheDayThatItBegan_OnceAMonth()
    {
        await _app.SubscribeAsync();
        await _app.PaidUntilAsync(Start.AddMonths(1));
        for (int month = 1; month <= 3; month++)
        {
            _app.JumpTo(Start.AddMonths(month).AddSeconds(-1));
            Assert.Equal(month, _app.Provider.Operations.Count);
            _app.JumpTo(_app.Clock.GetUtcNow().AddSeconds(2));
            await _app.PaidUntilAsync(Start.AddMonths(month + 1));
        }

        await _app.AssertPaidAsync(4);
    }

    [Fact]
    public async Task Subscribe_WhenDeclined_EndsWithoutPremium_AndMayBeTriedAgain()
    {
        await _app.SubscribeAsync(SubscriptionApp.Declined);
        JsonElement ended = await _app.SubscriptionAsync("ended");
        Assert.DoesNotContain("account_closed", ended.ToString(), StringComparison.Ordinal);
        Assert.False(await _app.HasPremiumAsync());
        Assert.Equal(["declined"], (await _app.ChargesAsync()).Select(one => one.State));
        await _app.SubscribeAsync();
        await _app.SubscriptionAsync("active");
        await _app.AssertPaidAsync(1);
        Assert.Contains(SubscriptionMessages.Ended, await _app.MessagesAsync());
    }

    [Fact]
    public async Task Renewal_WhenDeclined_IsTriedAgainAfterADay_AndPaidOnce()
    {
        await ActiveAsync();
        _app.Provider.Faults = new(Webhooks: new(Outcome: ProviderState.Failed));
        _app.JumpTo(Start.AddMonths(1).AddSeconds(1));
        await _app.SubscriptionAsync("pastDue");
        Assert.True(await _app.HasPremiumAsync());
        _app.Provider.Faults = new();
        _app.JumpTo(Start.AddMonths(1).AddHours(23));
        Assert.Equal(2, _app.Provider.Operations.Count);
        _app.JumpTo(Start.AddMonths(1).AddHours(24.1));
        await _app.PaidUntilAsync(Start.AddMonths(2));
        await _app.AssertPaidAsync(2);
    }

    [Fact]
    public async Task Renewal_DeclinedUntilTheGraceIsOver_EndsIt()
    {
        await ActiveAsync();
        _app.Provider.Faults = new(Webhooks: new(Outcome: ProviderState.Failed));
        _app.JumpTo(Start.AddMonths(1).AddSeconds(1));
        await _app.SubscriptionAsync("pastDue");
        await _app.SubscriptionAsync("ended", step: TimeSpan.FromHours(6));
        Assert.False(await _app.HasPremiumAsync());
        Assert.InRange(_app.Clock.GetUtcNow(), Start.AddMonths(1).AddDays(7), Start.AddMonths(1).AddDays(8));
        // At once, after a day, and after two more: four more would be later than the grace.
        Assert.Equal(3, (await _app.ChargesAsync()).Count(one => one.State == "declined"));
        await _app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task PastDue_RenewedWithAnotherPaymentMethod_IsPaidAtOnce()
    {
        await ActiveAsync();
        _app.Provider.Faults = new(Webhooks: new(Outcome: ProviderState.Failed));
        _app.JumpTo(Start.AddMonths(1).AddSeconds(1));
        await _app.SubscriptionAsync("pastDue");
        _app.Provider.Faults = new();
        await _app.PostAsync("subscription/renew", new { paymentMethod = "pm_other" });
        await _app.PaidUntilAsync(Start.AddMonths(2));
        Assert.Contains("pm_other", _app.Provider.Operations[^1].Content, StringComparison.Ordinal);
        await _app.AssertPaidAsync(2);
    }

    [Fact]
    public async Task Cancelled_LastsAsLongAsItIsPaid_AndIsNotPaidAgain()
    {
        await ActiveAsync();
        await _app.PostAsync("subscription/cancel", new { });
        Assert.Equal("cancelled", (await _app.PostAsync("subscription/cancel", new { })).GetProperty("state").GetString());
        _app.JumpTo(Start.AddMonths(1).AddSeconds(-1));
        Assert.True(await _app.HasPremiumAsync());
        _app.JumpTo(_app.Clock.GetUtcNow().AddSeconds(2));
        await _app.SubscriptionAsync("ended");
        Assert.False(await _app.HasPremiumAsync());
        Assert.Equal(
            (HttpStatusCode.Conflict, "invalid_transition"), await _app.TryPostAsync("subscription/renew", new { }));
        await _app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task Cancelled_AndTakenBack_IsRenewed()
    {
        await ActiveAsync();
        await _app.PostAsync("subscription/cancel", new { });
        Assert.Equal("active", (await _app.PostAsync("subscription/renew", new { })).GetProperty("state").GetString());
        _app.JumpTo(Start.AddMonths(1).AddSeconds(1));
        await _app.PaidUntilAsync(Start.AddMonths(2));
        await _app.AssertPaidAsync(2);
    }

    [Fact]
    public async Task Cancelled_WhileItIsBeingPaid_KeepsWhatIsPaid()
    {
        _app.Provider.Faults = new(Webhooks: new(Hold: true));
        await _app.SubscribeAsync();
        await FinVault.Tests.Support.Eventually.TrueAsync(() => _app.Provider.Operations.Count == 1, "the provider has it");
        Assert.Equal("cancelled", (await _app.PostAsync("subscription/cancel", new { })).GetProperty("state").GetString());
        await _app.Provider.ReleaseAsync(reversed: false);
        await _app.PaidUntilAsync(Start.AddMonths(1), "cancelled");
        Assert.True(await _app.HasPremiumAsync());
        await _app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task Subscribe_ManyAtOnce_IsOneSubscription()
    {
        (HttpStatusCode Status, string? Code)[] answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => _app.TryPostAsync("subscription", new { paymentMethod = SubscriptionApp.Card })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Accepted),
            answer => Assert.Equal((HttpStatusCode.Conflict, "already_subscribed"), answer));
        await _app.SubscriptionAsync("active");
        await _app.AssertPaidAsync(1);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    public async Task Event_BeforeTheAnswer_OrRepeated_PaysOnce(bool early, int copies)
    {
        _app.Provider.Faults = new(Webhooks: new(Copies: copies, Early: early));
        await ActiveAsync();
        string charge = Assert.Single(await _app.ChargesAsync()).Id;
        SimulatedOperation made = Assert.Single(_app.Provider.Operations);
        object again = new { reference = charge, amount = 1_000, currency = "USD", fee = made.Fee };
        Assert.Equal(
            (HttpStatusCode.OK, "done", false), await _app.SendEventAsync("EVT_OTHER", "charge_success", again));
        await _app.AssertPaidAsync(1);
        Assert.Equal([SubscriptionMessages.Paid], await _app.MessagesAsync());
    }

    [Fact]
    public async Task Event_ThatContradictsWhatIsSo_IsSetAside()
    {
        await ActiveAsync();
        string charge = Assert.Single(await _app.ChargesAsync()).Id;
        object failed = new { reference = charge, amount = 1_000, currency = "USD", failure = "late news" };
        Assert.Equal(
            (HttpStatusCode.OK, "setAside", false), await _app.SendEventAsync("EVT_LATE", "charge_failed", failed));
        object less = new { reference = charge, amount = 999, currency = "USD" };
        Assert.Equal(
            (HttpStatusCode.OK, "setAside", false), await _app.SendEventAsync("EVT_LESS", "charge_success", less));
        await _app.AssertPaidAsync(1);
        Assert.True(await _app.HasPremiumAsync());
    }

    [Theory]
    [InlineData(ProviderFaultMode.Before)]
    [InlineData(ProviderFaultMode.After)]
    public async Task Provider_ThatDoesNotAnswer_IsAskedWhatBecameOfIt(ProviderFaultMode mode)
    {
        _app.Provider.Faults = new([new(mode, "charges", Times: 3)], new(Hold: true));
        await _app.SubscribeAsync();
        await _app.SubscriptionAsync("active", step: TimeSpan.FromMinutes(1));
        await _app.Provider.ReleaseAsync(reversed: true);
        await _app.AssertPaidAsync(1);
    }

    [Fact]
    public async Task Database_DownAfterTheBooks_PaysOnce()
    {
        _app.Provider.Faults = new(Webhooks: new(Hold: true));
        await _app.SubscribeAsync();
        await FinVault.Tests.Support.Eventually.TrueAsync(() => _app.Provider.Operations.Count == 1, "the provider has it");
        _app.App.Host.Cosmos.Faults.Add(new(FaultKind.Unavailable)
        {
            Container = Containers.Escrow, Operation = CosmosOperation.Batch, Next = 20,
        });
        SimulatedOperation made = _app.Provider.Operations[0];
        object paid = new { reference = made.Reference, amount = made.Amount, currency = "USD", fee = made.Fee };
        (HttpStatusCode status, _, _) = await _app.SendEventAsync("EVT_ONE", "charge_success", paid);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(made.Amount - made.Fee, (await _app.BalanceAsync("PLATFORM-REVENUE-USD")).Available);
        Assert.False(await _app.HasPremiumAsync());
        _app.App.Host.Cosmos.Faults.Clear();
        Assert.Equal((HttpStatusCode.OK, "done", false), await _app.SendEventAsync("EVT_ONE", "charge_success", paid));
        await _app.SubscriptionAsync("active");
        await _app.AssertPaidAsync(1);
    }

    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("")]
    [InlineData("pm card")]
    public async Task Subscribe_WithWhatIsNoToken_IsRefused(string paymentMethod) => Assert.Equal(
        (HttpStatusCode.BadRequest, "invalid_request"), await _app.TryPostAsync("subscription", new { paymentMethod }));

    private async Task ActiveAsync()
    {
        await _app.SubscribeAsync();
        await _app.PaidUntilAsync(Start.AddMonths(1));
    }

    private async Task<HttpStatusCode> StatusAsync(string route)
    {
        using HttpResponseMessage answer = await _app.Client.GetAsync($"api/v1/{route}");
        return answer.StatusCode;
    }
}
