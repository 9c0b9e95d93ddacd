using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>What the provider sends: who may, when, how often, and what becomes of it.</summary>
public sealed class PaymentEventTests : IAsyncLifetime
{
    private PaymentsApp _app = null!;

    public async Task InitializeAsync() => _app = await PaymentsApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Event_WhenForged_IsRefusedBeforeItIsRead()
    {
        byte[] body = PaymentsApp.Bytes("this is no JSON at all");
        string good = WebhookSignature.Write(_app.Clock.GetUtcNow(), body, [PaymentsApp.Secret]);
        string?[] forged =
        [
            null,
            "",
            "t=,v1=",
            WebhookSignature.Write(_app.Clock.GetUtcNow(), body, ["another secret"]),
            WebhookSignature.Write(_app.Clock.GetUtcNow(), "another body"u8, [PaymentsApp.Secret]),
            good.Replace("t=1", "t=2", StringComparison.Ordinal),
            good[..^2],
        ];
        foreach (string? signature in forged)
        {
            using HttpResponseMessage answer = await _app.SendRawAsync(body, signature);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        // Signed, it is read, and only now found not to be JSON.
        using HttpResponseMessage read = await _app.SendRawAsync(body, good);
        Assert.Equal(HttpStatusCode.BadRequest, read.StatusCode);
    }

    [Theory]
    [InlineData(300, HttpStatusCode.OK)]
    [InlineData(-300, HttpStatusCode.OK)]
    [InlineData(301, HttpStatusCode.Unauthorized)]
    [InlineData(-301, HttpStatusCode.Unauthorized)]
    public async Task Event_WhenRecordedEarlier_IsRefusedAfterFiveMinutes(int ageSeconds, HttpStatusCode expected)
    {
        (HttpStatusCode status, _, _) = await _app.SendEventAsync(
            "evt", "ping", new { }, age: TimeSpan.FromSeconds(ageSeconds));
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Event_SignedByEitherLiveSecret_IsTaken()
    {
        string account = await _app.OpenWalletAsync();
        await _app.SendEventAsync("evt-1", "topup", PaymentsApp.TopUp(account, 100, 1, "R1"));
        await _app.SendEventAsync("evt-2", "topup", PaymentsApp.TopUp(account, 100, 1, "R2"), PaymentsApp.PreviousSecret);
        Assert.Equal(200, (await _app.GetAsync("wallets/INR")).GetProperty("available").GetInt64());
    }

    [Fact]
    public async Task Event_WhenSentThreeTimes_IsDoneOnce()
    {
        string account = await _app.OpenWalletAsync();
        object topUp = PaymentsApp.TopUp(account, 1000, 20, "R1");
        Assert.Equal((HttpStatusCode.OK, "done", false), await _app.SendEventAsync("evt", "topup", topUp));
        Assert.Equal((HttpStatusCode.OK, "done", true), await _app.SendEventAsync("evt", "topup", topUp));
        Assert.Equal((HttpStatusCode.OK, "done", true), await _app.SendEventAsync("evt", "topup", topUp));
        // Another event that tells of the same payment, and one that the simulator sends at the same moment twice.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _app.SendEventAsync($"evt-{i % 2}", "topup", topUp)));

        JsonElement wallet = await _app.GetAsync("wallets/INR");
        Assert.Equal(1000, wallet.GetProperty("available").GetInt64());
        Assert.Equal(20, wallet.GetProperty("fees").GetProperty("feeTotal").GetInt64());
        Assert.Single((await _app.GetAsync("wallets/INR/topups")).GetProperty("data").EnumerateArray());
        await _app.AssertBalancedAsync();
    }

    [Fact]
    public async Task Event_OfAnUnknownType_IsAcknowledgedAndKept()
    {
        Assert.Equal((HttpStatusCode.OK, "setAside", false), await _app.SendEventAsync("evt-1", "refund.created", new { a = 1 }));
        Assert.Equal((HttpStatusCode.OK, "setAside", true), await _app.SendEventAsync("evt-1", "refund.created", new { a = 1 }));
        await _app.SendEventAsync("evt-2", "payout_success", new { reference = "NOBODY_1", amount = 1, currency = "INR" });
        await _app.SendEventAsync("evt-3", "topup", new { gross = -1 });
        _app.SignIn(Roles.Admin);
        JsonElement[] kept = [.. (await _app.GetAsync("operations/payment-events")).GetProperty("data").EnumerateArray()];
        Assert.Equal(
            ["evt-1", "evt-2", "evt-3"], kept.Select(one => one.GetProperty("eventId").GetString()!).Order());
        Assert.All(kept, one => Assert.NotEmpty(one.GetProperty("reason").GetString()!));
        JsonElement again = await _app.PostAsync("operations/payment-events/evt-1/replay", new { });
        Assert.Equal("setAside", again.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Event_TooLarge_IsRefused()
    {
        using HttpResponseMessage answer = await _app.SendRawAsync(new byte[65 * 1024], null);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Event_WhoseWorkFails_IsDoneByTheTimer()
    {
        string account = await _app.OpenWalletAsync();
        using (_app.App.Host.Cosmos.Faults.Add(new(FaultKind.Unavailable) { Container = Containers.Ledger }))
        {
            (HttpStatusCode status, _, _) = await _app.SendEventAsync(
                "evt", "topup", PaymentsApp.TopUp(account, 1000, 20, "R1"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        }

        Assert.Equal((0, 0), await _app.BalanceAsync(Wallets.AccountOf(PaymentsApp.Tenant, "INR")));
        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(
            async () => (await _app.BalanceAsync(Wallets.AccountOf(PaymentsApp.Tenant, "INR"))).Available == 1000,
            "the top-up in the wallet");
    }
}
