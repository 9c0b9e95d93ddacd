using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Payments;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>Withdrawals over HTTP: who may, how much, and how they end.</summary>
public sealed class WithdrawalTests : IAsyncLifetime
{
    private const long Small = 1_000_000;
    private const long Large = 5_000_001;

    private PaymentsApp _app = null!;

    // A minute before midnight: limits are of a day.
    public async Task InitializeAsync() => _app = await WithdrawalApp.StartAsync(
        clock: new ManualClock(new DateTimeOffset(2024, 1, 2, 23, 59, 0, TimeSpan.Zero)));

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Withdrawal_UpToTheLimit_IsPaidWithoutAnybodyElse()
    {
        string id = _app.NewId();
        await _app.WithdrawAsync(id, 5_000_000);
        await _app.UntilAsync(id, "completed");
        await _app.AssertPaidAsync(id, 5_000_000);
    }

    [Fact]
    public async Task Balance_OfAMerchant_TellsWhatIsEarnedAndWhatIsBeingWithdrawn()
    {
        await _app.WithdrawAsync(_app.NewId(), Large);
        JsonElement balance = await _app.GetAsync($"merchants/{WithdrawalApp.Merchant}/balance/INR");
        Assert.Equal(
            (WithdrawalApp.Earned - Large, Large),
            (balance.GetProperty("available").GetInt64(), balance.GetProperty("held").GetInt64()));
        JsonElement other = await _app.GetAsync($"merchants/{WithdrawalApp.Merchant}/balance/USD");
        Assert.Equal(0, other.GetProperty("available").GetInt64());
    }

    [Fact]
    public async Task Withdrawal_AboveTheLimit_NeedsASecondPerson()
    {
        string id = _app.NewId();
        JsonElement asked = await _app.WithdrawAsync(id, Large);
        Assert.Equal("awaitingApproval", asked.GetProperty("state").GetString());
        Assert.Equal((WithdrawalApp.Earned - Large, Large), await _app.BalanceAsync(WithdrawalApp.Account));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "second_person_needed"),
            await _app.TryPostAsync($"{WithdrawalApp.Route}/{id}/approve", new { }));
        Assert.Empty(_app.Provider.Operations);
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.Tenant, Roles.Merchant);
        JsonElement approved = await _app.PostAsync($"{WithdrawalApp.Route}/{id}/approve", new { });
        Assert.Equal(PaymentsApp.Meera, approved.GetProperty("decidedBy").GetString());
        await _app.UntilAsync(id, "completed");
        await _app.AssertPaidAsync(id, Large);
    }

    [Fact]
    public async Task Withdrawal_WhenManyApproveAtOnce_IsPaidOnce()
    {
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Large);
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.Tenant, Roles.Merchant);
        object?[] meera = [.. Enumerable.Range(0, 4).Select(_ => _app.Client.DefaultRequestHeaders.Authorization)];
        _app.SignInAs(WithdrawalApp.Third, PaymentsApp.Tenant, Roles.Merchant);
        object?[] third = [.. Enumerable.Range(0, 4).Select(_ => _app.Client.DefaultRequestHeaders.Authorization)];
        HttpStatusCode[] answers = await Task.WhenAll(meera.Zip(third).SelectMany(pair => new[] { pair.First, pair.Second })
            .Select(async token =>
            {
                using HttpRequestMessage request = new(HttpMethod.Post, $"api/v1/{WithdrawalApp.Route}/{id}/approve");
                request.Headers.Authorization = (System.Net.Http.Headers.AuthenticationHeaderValue)token!;
                request.Content = JsonContent.Create(new { });
                using HttpResponseMessage answer = await _app.Client.SendAsync(request);
                return answer.StatusCode;
            }));
        // One person's approval counts and may be repeated; the other's comes too late.
        Assert.Equal(4, answers.Count(status => status == HttpStatusCode.Accepted));
        Assert.Equal(4, answers.Count(status => status == HttpStatusCode.Conflict));
        await _app.UntilAsync(id, "completed");
        await _app.AssertPaidAsync(id, Large);
    }

    [Fact]
    public async Task Withdrawal_TurnedDown_GivesTheMoneyBack()
    {
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Large);
        JsonElement rejected = await _app.PostAsync($"{WithdrawalApp.Route}/{id}/reject", new { reason = "Not now" });
        Assert.Equal("rejected", rejected.GetProperty("state").GetString());
        await _app.AssertReturnedAsync(id, "withdrawal.rejected");
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.Tenant, Roles.Merchant);
        using HttpResponseMessage late = await _app.Client.PostAsJsonAsync(
            $"api/v1/{WithdrawalApp.Route}/{id}/approve", new { });
        JsonElement problem = JsonElement.Parse(await late.Content.ReadAsStringAsync());
        Assert.Equal(
            (HttpStatusCode.Conflict, "rejected", "approved", "approve"),
            (late.StatusCode, problem.GetProperty("from").GetString(), problem.GetProperty("to").GetString(),
                problem.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task Withdrawal_ThatNobodyDecides_LapsesAfterAWeek()
    {
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Large);
        // A week of this clock would be a week of every timer; so it was asked for a week ago.
        await _app.Documents.PatchItemAsync<object>(
            id, new(PaymentsApp.Tenant), [PatchOperation.Increment("/changedAt", -TimeSpan.FromDays(7).TotalMilliseconds)]);
        await _app.Get<Withdrawals>().CompleteAsync(default);
        Assert.Equal("rejected", await _app.StateAsync(id));
        await _app.AssertReturnedAsync(id, "withdrawal.rejected");
    }

    [Fact]
    public async Task Withdrawal_WithTheSameId_IsOne()
    {
        string id = _app.NewId();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _app.WithdrawAsync(id, Small)));
        await _app.UntilAsync(id, "completed");
        await _app.WithdrawAsync(id, Small);
        await _app.AssertPaidAsync(id, Small);
        Assert.Equal(
            "different_content",
            (await _app.TryPostAsync(WithdrawalApp.Route, new { id, amount = Small + 1, currency = "INR" })).Code);
        Assert.Single((await _app.GetAsync(WithdrawalApp.Route)).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData(WithdrawalApp.Earned + 1, "insufficient_funds")]
    [InlineData(100_000_001, "spend_limit_exceeded")]
    [InlineData(0, "invalid_request")]
    public async Task Withdrawal_OfTooMuch_IsRefused(long amount, string code)
    {
        string id = _app.NewId();
        Assert.Equal(code, (await _app.TryPostAsync(WithdrawalApp.Route, new { id, amount, currency = "INR" })).Code);
        Assert.Equal((WithdrawalApp.Earned, 0), await _app.BalanceAsync(WithdrawalApp.Account));
        Assert.Empty(_app.Provider.Operations);
    }

    [Fact]
    public async Task Withdrawals_OfOneDay_StayWithinItsLimit()
    {
        // The account holds more than a day allows.
        await _app.Ledger.TransferAsync(
            new("MORE", LedgerAccount.PlatformId(AccountKind.Provider, "INR"), WithdrawalApp.Account, 500_000_000, "INR"), default);
        string[] codes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => (await _app.TryPostAsync(
            WithdrawalApp.Route, new { id = _app.NewId(), amount = 60_000_000, currency = "INR" })).Code ?? "taken"));
        Assert.Equal((3, 3), (codes.Count(code => code == "taken"), codes.Count(code => code == "spend_limit_exceeded")));
        // What is given back may be withdrawn again.
        string waiting = (await _app.GetAsync(WithdrawalApp.Route)).GetProperty("data")[0].GetProperty("id").GetString()!;
        await _app.PostAsync($"{WithdrawalApp.Route}/{waiting}/reject", new { reason = "no" });
        await _app.WithdrawAsync(_app.NewId(), 60_000_000);
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await _app.WithdrawAsync(_app.NewId(), 60_000_000);
    }

    [Fact]
    public async Task Withdrawal_OfAnotherTenant_IsNotThere()
    {
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Large);
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.OtherTenant, Roles.Merchant);
        Assert.Equal("unknown_withdrawal", (await _app.TryPostAsync($"{WithdrawalApp.Route}/{id}/approve", new { })).Code);
        Assert.Equal(
            "not_found", (await _app.TryPostAsync(WithdrawalApp.Route, new { id, amount = Small, currency = "INR" })).Code);
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.Tenant, Roles.Cashier);
        Assert.Equal(
            HttpStatusCode.Forbidden, (await _app.TryPostAsync($"{WithdrawalApp.Route}/{id}/approve", new { })).Status);
        _app.SignIn(Roles.Merchant);
        Assert.Equal(
            "merchant_not_payable",
            (await _app.TryPostAsync(
                $"merchants/{WithdrawalApp.Unpayable}/withdrawals", new { id = _app.NewId(), amount = Small, currency = "INR" })).Code);
    }

    [Fact]
    public async Task Trap5_PayoutSuccessBeforeTheAnswer_IsBookedOnce()
    {
        _app.Provider.Faults = new(Webhooks: new(Early: true, Copies: 3));
        string id = _app.NewId();
        JsonElement asked = await _app.WithdrawAsync(id, Small);
        // The event was there before the provider had answered the call.
        Assert.Equal("completed", asked.GetProperty("state").GetString());
        await _app.AssertPaidAsync(id, Small);
    }

    [Fact]
    public async Task Trap5_PayoutFailedThreeTimes_IsOneRefund()
    {
        _app.Provider.Faults = new(Webhooks: new(Copies: 3, Outcome: ProviderState.Failed));
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Small);
        await _app.UntilAsync(id, "failed");
        object data = new { reference = id, amount = Small, currency = "INR", failure = "account_closed" };
        // The same event from a provider that does not believe us, and others that say the same.
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "done", i > 0), await _app.SendEventAsync("evt-1", "payout_failed", data));
            Assert.Equal((HttpStatusCode.OK, "done", false), await _app.SendEventAsync($"other-{i}", "payout_failed", data));
        }

        await _app.AssertReturnedAsync(id, "withdrawal.failed");
    }

    [Fact]
    public async Task Trap5_SuccessAfterFailure_ChangesNothingAndIsSetAside()
    {
        _app.Provider.Faults = new(Webhooks: new(Hold: true));
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Small);
        object data = new { reference = id, amount = Small, currency = "INR" };
        Assert.Equal((HttpStatusCode.OK, "done", false), await _app.SendEventAsync("evt-1", "payout_failed", data));
        Assert.Equal((HttpStatusCode.OK, "setAside", false), await _app.SendEventAsync("evt-2", "payout_success", data));
        await _app.AssertReturnedAsync(id, "withdrawal.failed");
    }

    [Theory]
    [InlineData(1, "INR")]
    [InlineData(Small, "USD")]
    public async Task Event_ThatNamesAnotherAmount_IsSetAside(long amount, string currency)
    {
        _app.Provider.Faults = new(Webhooks: new(Hold: true));
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Small);
        Assert.Equal(
            (HttpStatusCode.OK, "setAside", false),
            await _app.SendEventAsync("evt", "payout_success", new { reference = id, amount, currency }));
        Assert.Equal("sent", await _app.StateAsync(id));
    }

    [Theory]
    [InlineData(ProviderFaultMode.Before)]
    [InlineData(ProviderFaultMode.After)]
    [InlineData(ProviderFaultMode.Slow)]
    public async Task Withdrawal_WhoseCallIsNotAnswered_IsLookedUpAndPaidOnce(ProviderFaultMode mode)
    {
        _app.Provider.Faults = new([new(mode, "payouts")], new(Hold: true));
        string id = _app.NewId();
        Task<JsonElement> asking = _app.WithdrawAsync(id, Small);
        if (mode == ProviderFaultMode.Slow)
        {
            // Its own wait and ours for it: 13 s are over before its 15 s are.
            await _app.Clock.WhenDueAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(13));
            _app.Clock.Advance(TimeSpan.FromSeconds(13));
        }

        Assert.Equal("approved", (await asking).GetProperty("state").GetString());
        _app.Clock.Advance(TimeSpan.FromSeconds(60));
        await _app.Get<Withdrawals>().CompleteAsync(default);
        await _app.Provider.ReleaseAsync(reversed: false);
        await _app.UntilAsync(id, "completed");
        await _app.AssertPaidAsync(id, Small);
    }

    [Fact]
    public async Task Withdrawal_ThatTheProviderRefuses_IsGivenBack()
    {
        _app.Provider.Faults = new([new(ProviderFaultMode.Refuse, "payouts")]);
        string id = _app.NewId();
        JsonElement asked = await _app.WithdrawAsync(id, Small);
        Assert.Equal("failed", asked.GetProperty("state").GetString());
        Assert.DoesNotContain("refused", asked.GetRawText(), StringComparison.OrdinalIgnoreCase);
        await _app.AssertReturnedAsync(id, "withdrawal.failed");
    }

    [Fact]
    public async Task Withdrawal_WhoseEventNeverComes_IsLookedUp()
    {
        _app.Provider.Faults = new(Webhooks: new(Hold: true));
        string id = _app.NewId();
        await _app.WithdrawAsync(id, Small);
        Assert.Equal("sent", await _app.StateAsync(id));
        _app.Clock.Jump(TimeSpan.FromMinutes(11));
        await _app.Get<Withdrawals>().CompleteAsync(default);
        await _app.UntilAsync(id, "completed");
        await _app.AssertPaidAsync(id, Small);
    }

    [Fact]
    public async Task Breaker_OpensAfterFiveFailures_AndProbesAfterThirtySeconds()
    {
        _app.Provider.Faults = new([new(ProviderFaultMode.Before, "payouts", Times: 5)]);
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => _app.NewId())];
        foreach (string id in ids)
        {
            Assert.Equal("approved", (await _app.WithdrawAsync(id, Small)).GetProperty("state").GetString());
        }

        // Open: refused before anything is written or held, and the provider hears nothing.
        string refused = _app.NewId();
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "unavailable"),
            await _app.TryPostAsync(WithdrawalApp.Route, new { id = refused, amount = Small, currency = "INR" }));
        Assert.Equal((WithdrawalApp.Earned - (5 * Small), 5 * Small), await _app.BalanceAsync(WithdrawalApp.Account));
        using HttpResponseMessage nothing = await _app.Client.GetAsync($"api/v1/{WithdrawalApp.Route}/{refused}");
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        // After the break one call is let through; it succeeds, and so do the others.
        _app.Clock.Advance(TimeSpan.FromSeconds(30));
        await _app.WithdrawAsync(refused, Small);
        foreach (string id in ids.Append(refused))
        {
            await _app.UntilAsync(id, "completed", TimeSpan.FromSeconds(30));
        }

        await _app.AssertBalancedAsync();
    }
}
