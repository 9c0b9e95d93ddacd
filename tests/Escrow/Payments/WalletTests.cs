using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>Wallets: what comes in, what it cost, what is shown of it.</summary>
public sealed class WalletTests : IAsyncLifetime
{
    private PaymentsApp _app = null!;

    public async Task InitializeAsync() => _app = await PaymentsApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Wallet_ThatWasReadJustNow_IsReadWhileTheStoreIsAway()
    {
        await _app.OpenWalletAsync();
        await _app.GetAsync("wallets/INR");
        await _app.GetAsync("wallets/INR/transactions");
        using IDisposable fault = _app.App.Host.Cosmos.Faults.Add(
            new(FaultKind.Unavailable) { Container = Containers.Ledger });
        Assert.Equal(0, (await _app.GetAsync("wallets/INR")).GetProperty("available").GetInt64());
        await _app.GetAsync("wallets/INR/transactions");
        _app.Clock.Advance(WalletCache.TimeToLive);
        // A balance that may be wrong is none: then it is a refusal that asks to come back, never a broken answer.
        using HttpResponseMessage away = await _app.Client.GetAsync("api/v1/wallets/INR");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.NotNull(away.Headers.RetryAfter);
    }

    [Fact]
    public async Task Wallet_IsForHosts_AndEachTenantsOwn()
    {
        string account = await _app.OpenWalletAsync();
        await _app.SendEventAsync("evt", "topup", PaymentsApp.TopUp(account, 700, 7, "R1"));
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.OtherTenant, Roles.Host);
        Assert.Equal(0, (await _app.GetAsync("wallets/INR")).GetProperty("available").GetInt64());
        Assert.NotEqual(account, await _app.OpenWalletAsync());
        _app.SignIn(Roles.User);
        using HttpResponseMessage refused = await _app.Client.GetAsync("api/v1/wallets/INR");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        _app.SignIn(Roles.Host);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_currency"), await _app.TryPostAsync("wallets/XYZ", new { }));
    }

    [Fact]
    public async Task Wallet_WhenOpenedAgain_KeepsItsVirtualAccount() =>
        Assert.Equal(await _app.OpenWalletAsync(), await _app.OpenWalletAsync());

    [Fact]
    public async Task Fees_AreTheWeightedAverageOfWhatWasReallyCharged()
    {
        string account = await _app.OpenWalletAsync();
        await _app.SendEventAsync("evt-1", "topup", PaymentsApp.TopUp(account, 100_000, 1_000, "R1"));
        await _app.SendEventAsync("evt-2", "topup", PaymentsApp.TopUp(account, 300_000, 9_000, "R2"));
        FeeAverage average = await _app.Get<Wallets>().FeeAverageAsync(PaymentsApp.Tenant, "INR", default);
        Assert.Equal((10_000, 400_000, 2.5m), (average.FeeTotal, average.GrossTotal, average.Percent));
        Assert.Equal(25, average.Of(1_000));
        // Half-even: 0.5 is 0, 1.5 is 2.
        Assert.Equal((0, 2), (average.Of(20), average.Of(60)));
        Assert.Equal(0, FeeAverage.None.Of(1_000));
        JsonElement topUps = (await _app.GetAsync("wallets/INR/topups")).GetProperty("data");
        Assert.Equal([9_000, 1_000], topUps.EnumerateArray().Select(one => one.GetProperty("fee").GetInt64()));
        Assert.All(topUps.EnumerateArray(), one => Assert.Equal("credited", one.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Lists_GoOnAtTheirCursors()
    {
        string account = await _app.OpenWalletAsync();
        for (int i = 0; i < 3; i++)
        {
            _app.Clock.Advance(TimeSpan.FromMilliseconds(5));
            await _app.SendEventAsync($"evt-{i}", "topup", PaymentsApp.TopUp(account, 100 + i, 0, $"R{i}"));
        }

        long[] gross = await PagesAsync("topups", "gross");
        long[] available = await PagesAsync("transactions", "available");
        Assert.Equal([102, 101, 100], gross);
        Assert.Equal([303, 201, 100], available);
    }

    [Fact]
    public async Task Wallet_IsCached_UntilItsAccountChanges()
    {
        string account = await _app.OpenWalletAsync();
        await _app.GetAsync("wallets/INR");
        await _app.GetAsync("wallets/INR/transactions");
        using (_app.App.Host.Cosmos.Faults.Add(new(FaultKind.Unavailable) { Container = Containers.Ledger }))
        {
            await _app.GetAsync("wallets/INR");
            await _app.GetAsync("wallets/INR/transactions");
        }

        await _app.SendEventAsync("evt", "topup", PaymentsApp.TopUp(account, 700, 7, "R1"));
        Assert.Equal(700, (await _app.GetAsync("wallets/INR")).GetProperty("available").GetInt64());
        Assert.Single((await _app.GetAsync("wallets/INR/transactions")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task TopUp_OfAnUnknownAccount_WaitsForAnOperator()
    {
        await _app.SendEventAsync("evt", "topup", PaymentsApp.TopUp("1234567890", 500, 5, "R1"));
        Assert.Equal((500, 0), await _app.BalanceAsync(LedgerAccount.PlatformId(AccountKind.Main, "INR")));
        _app.SignIn(Roles.Admin);
        JsonElement row = Assert.Single(
            (await _app.GetAsync("operations/topups/unallocated")).GetProperty("data").EnumerateArray());
        string assign = $"operations/topups/{row.GetProperty("id").GetString()}/assign";
        JsonElement done = await _app.PostAsync(assign, new { tenantId = PaymentsApp.Tenant });
        Assert.Equal("credited", done.GetProperty("state").GetString());
        await _app.PostAsync(assign, new { tenantId = PaymentsApp.Tenant });
        Assert.Equal(
            (HttpStatusCode.Conflict, "already_assigned"),
            await _app.TryPostAsync(assign, new { tenantId = PaymentsApp.OtherTenant }));
        Assert.Empty((await _app.GetAsync("operations/topups/unallocated")).GetProperty("data").EnumerateArray());
        Assert.Equal((500, 0), await _app.BalanceAsync(Wallets.AccountOf(PaymentsApp.Tenant, "INR")));
        Assert.Equal((0, 0), await _app.BalanceAsync(LedgerAccount.PlatformId(AccountKind.Main, "INR")));
        await _app.AssertBalancedAsync();
    }

    [Fact]
    public async Task Wallet_ThatBecomesLow_IsToldOnceEachTime()
    {
        string account = await _app.OpenWalletAsync();
        using HttpResponseMessage set = await _app.Client.PutAsync(
            "api/v1/wallets/INR/watch", System.Net.Http.Json.JsonContent.Create(new { lowThreshold = 100 }));
        await AppHost.ReadJsonAsync(set);
        Wallets wallets = _app.Get<Wallets>();
        await wallets.WarnOfLowFundsAsync(default);
        await wallets.WarnOfLowFundsAsync(default);
        Assert.Equal(1, await LowMessagesAsync());
        await _app.SendEventAsync("evt", "topup", PaymentsApp.TopUp(account, 100, 0, "R1"));
        await wallets.WarnOfLowFundsAsync(default);
        Assert.Equal(1, await LowMessagesAsync());
        string world = LedgerAccount.PlatformId(AccountKind.Provider, "INR");
        await _app.Ledger.TransferAsync(
            new("SPENT", Wallets.AccountOf(PaymentsApp.Tenant, "INR"), world, 1, "INR"), default);
        await wallets.WarnOfLowFundsAsync(default);
        Assert.Equal(2, await LowMessagesAsync());
    }

    private async Task<int> LowMessagesAsync()
    {
        QueryDefinition query = new("SELECT * FROM c WHERE c.type = 'outbox' AND c.kind = 'wallet.low'");
        using FeedIterator<OutboxMessage> rows = _app.Documents.GetItemQueryIterator<OutboxMessage>(query);
        return (await rows.ReadNextAsync()).Count;
    }

    private async Task<long[]> PagesAsync(string list, string field)
    {
        List<long> values = [];
        string? cursor = "";
        while (cursor is not null)
        {
            JsonElement page = await _app.GetAsync($"wallets/INR/{list}?limit=1&cursor={cursor}");
            values.AddRange(page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty(field).GetInt64()));
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
        }

        return [.. values];
    }
}
