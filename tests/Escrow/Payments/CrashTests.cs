using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Local.Payments;
using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>
/// Withdrawals and top-ups that are cut off before and after each of their writes, and around the provider's call; then
/// the host is started again over the same data folder. What had been begun is done once.
/// </summary>
public sealed class CrashTests
{
    private const long Amount = 10_000;

    // Without those that write beside it, so that a write is the one that is meant.
    private static readonly Type[] Functions = [typeof(WithdrawalFunctions), typeof(PaymentFunctions), typeof(WalletFunctions)];

    private static readonly string[] Written = [Containers.Escrow, Containers.Ledger];

    private static readonly CosmosOperation[] Writes =
        [CosmosOperation.Create, CosmosOperation.Batch, CosmosOperation.Patch, CosmosOperation.Replace, CosmosOperation.Upsert];

    [Fact]
    public async Task Withdrawals_CutOffAtEveryWrite_AreEachPaidOnce()
    {
        using DataFolder folder = new();
        ManualClock clock = new();
        List<string> ids = [];
        await using (PaymentsApp dying = await WithdrawalApp.StartAsync(folder.Name, clock, Functions))
        {
            // All of it within one call: the provider's event comes before its answer.
            dying.Provider.Faults = new(Webhooks: new(Early: true));
            await RequestAsync(dying, ids);
            Assert.InRange(await CutEverywhereAsync(dying, () => RequestAsync(dying, ids)), 20, 100);

            foreach (ProviderFaultMode mode in new[] { ProviderFaultMode.Before, ProviderFaultMode.After })
            {
                dying.Provider.Faults = new([new(mode, "payouts")], new(Hold: true));
                await RequestAsync(dying, ids);
                Assert.Equal("approved", await dying.StateAsync(ids[^1]));
            }
        }

        await using PaymentsApp app = await WithdrawalApp.StartAsync(folder.Name, clock, Functions);
        await AskAgainAsync(app, ids);
        foreach (string id in ids)
        {
            await app.UntilAsync(id, "completed", TimeSpan.FromSeconds(30));
        }

        await app.AssertPaidAsync(ids, Amount);
    }

    [Fact]
    public async Task Withdrawals_ThatFail_CutOffAtEveryWrite_AreEachGivenBackOnce()
    {
        ProviderFaults failing = new(Webhooks: new(Early: true, Outcome: ProviderState.Failed));
        using DataFolder folder = new();
        ManualClock clock = new();
        List<string> ids = [];
        await using (PaymentsApp dying = await WithdrawalApp.StartAsync(folder.Name, clock, Functions))
        {
            dying.Provider.Faults = failing;
            await RequestAsync(dying, ids);
            Assert.InRange(await CutEverywhereAsync(dying, () => RequestAsync(dying, ids)), 10, 100);
        }

        await using PaymentsApp app = await WithdrawalApp.StartAsync(folder.Name, clock, Functions);
        // It fails also for those that were cut off before the provider heard of them.
        app.Provider.Faults = failing;
        await AskAgainAsync(app, ids);
        foreach (string id in ids)
        {
            await app.UntilAsync(id, "failed", TimeSpan.FromSeconds(30));
        }

        foreach (string id in ids)
        {
            await app.AssertReturnedAsync(id, "withdrawal.failed");
        }
    }

    [Fact]
    public async Task TopUps_CutOffAtEveryWrite_AreEachTakenOnce()
    {
        using DataFolder folder = new();
        ManualClock clock = new();
        int count = 0;
        await using (PaymentsApp dying = await PaymentsApp.StartAsync(folder.Name, clock, functions: Functions))
        {
            string number = await dying.OpenWalletAsync();
            dying.Provider.Faults = new(Webhooks: new(Early: true));
            await RaiseAsync();
            Assert.InRange(await CutEverywhereAsync(dying, RaiseAsync), 20, 100);

            Task RaiseAsync() => dying.Provider.RaiseAsync("topup", new TopUpNotice(number, Amount, 20, "INR", $"R{++count}"));
        }

        await using PaymentsApp app = await PaymentsApp.StartAsync(folder.Name, clock, functions: Functions);
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                JsonElement topUps = (await app.GetAsync("wallets/INR/topups?limit=200")).GetProperty("data");
                return topUps.EnumerateArray().Count(one => one.GetProperty("state").GetString() == "credited") == count;
            },
            "all top-ups are in the wallet");
        Assert.Equal((count * Amount, 0), await app.BalanceAsync(Wallets.AccountOf(PaymentsApp.Tenant, "INR")));
        Assert.Equal((0, 0), await app.BalanceAsync(LedgerAccount.PlatformId(AccountKind.Main, "INR")));
        Assert.Equal(
            new FeeAverage(count * 20, count * Amount),
            await app.Get<Wallets>().FeeAverageAsync(PaymentsApp.Tenant, "INR", default));
        await app.AssertBalancedAsync();
    }

    /// <summary>Cuts a call off before and after its first write of each kind, its second, and so on to its last.</summary>
    /// <returns>How often it was cut off.</returns>
    private static async Task<int> CutEverywhereAsync(PaymentsApp app, Func<Task> call)
    {
        int cuts = 0;
        foreach (string container in Written)
        {
            foreach (CosmosOperation kind in Writes)
            {
                for (int before = 0; await CutAsync(app, container, kind, before, done: false, call); before++)
                {
                    bool again = await CutAsync(app, container, kind, before, done: true, call);
                    cuts += again ? 2 : 1;
                }
            }
        }

        return cuts;
    }

    // The rules are looked at in their order: the first lets so many writes through, the next cuts off with or without
    // the write, and the last keeps whatever else the call would write from being written. False when there was nothing
    // to cut off.
    private static async Task<bool> CutAsync(
        PaymentsApp app, string container, CosmosOperation kind, int before, bool done, Func<Task> call)
    {
        FaultSwitches faults = app.App.Host.Cosmos.Faults;
        if (before > 0)
        {
            faults.Add(new(FaultKind.Latency) { Container = container, Operation = kind, Next = before, Delay = TimeSpan.Zero });
        }

        if (done)
        {
            faults.Add(new(FaultKind.DoneButUnavailable) { Container = container, Operation = kind, Next = 1 });
        }

        faults.Add(new(FaultKind.Unavailable) { Container = container, Operation = kind });
        long injected = faults.Injected;
        await call();
        faults.Clear();
        return faults.Injected > injected + before;
    }

    private static async Task<HttpStatusCode> RequestAsync(PaymentsApp app, List<string> ids)
    {
        ids.Add(app.NewId());
        return await RequestAsync(app, ids[^1]);
    }

    private static async Task<HttpStatusCode> RequestAsync(PaymentsApp app, string id)
    {
        using HttpResponseMessage answer = await app.Client.PostAsJsonAsync(
            $"api/v1/{WithdrawalApp.Route}", new { id, amount = Amount, currency = "INR" });
        return answer.StatusCode;
    }

    /// <summary>Where nothing was written down, whoever asked and heard of a failure asks again.</summary>
    private static async Task AskAgainAsync(PaymentsApp app, List<string> ids)
    {
        foreach (string id in ids)
        {
            using HttpResponseMessage there = await app.Client.GetAsync($"api/v1/{WithdrawalApp.Route}/{id}");
            if (there.StatusCode == HttpStatusCode.NotFound)
            {
                Assert.Equal(HttpStatusCode.Accepted, await RequestAsync(app, id));
            }
        }
    }
}
