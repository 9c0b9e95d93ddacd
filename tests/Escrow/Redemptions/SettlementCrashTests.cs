using System.Net;
using FinVault.Escrow;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Redemptions;

/// <summary>Settlements whose host dies, restarted on the same data folder.</summary>
public sealed class SettlementCrashTests : IDisposable
{
    private static readonly string[] Steps =
    [
        nameof(SettlementFunctions.BeginSettlement), nameof(SettlementFunctions.PayMerchantNet),
        nameof(SettlementFunctions.PayPlatformFee), nameof(SettlementFunctions.BookSettlement),
        nameof(SettlementFunctions.SettleEscrow), nameof(SettlementFunctions.CompleteRedemption),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-settle-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EveryStep_StoppedOnceBeforeItAndOnceAfter_SettlesOnce()
    {
        StopAt[] stops = [.. Steps.SelectMany(step => new StopAt[] { new(step, after: false), new(step, after: true) })];
        await using Shop shop = await Shop.OpenAsync(_folder, change: stops[0].In);
        (string escrow, string code) = await shop.WinAsync();
        string redemption = await shop.InitiateAsync(code);
        shop.AsManager();
        Task<(HttpStatusCode, string?)> confirmation = shop.ConfirmAsync(redemption);
        for (int i = 0; i < stops.Length; i++)
        {
            await PassAsync(shop, () => stops[i].Reached.IsCompleted, $"stop {i} at {Steps[i / 2]}");
            await shop.RestartAsync(_folder, i + 1 < stops.Length ? stops[i + 1].In : null);
        }

        shop.AsManager();
        await CompletesAsync(shop, redemption);
        await shop.AssertSettledOnceAsync(escrow);
        await Assert.ThrowsAnyAsync<Exception>(() => confirmation);
    }

    [Fact]
    public async Task Trap4_FirstLegPaidThenTheProcessDies_ARetryPaysOneNetAndOneFee()
    {
        StopAt stop = new(nameof(SettlementFunctions.PayMerchantNet), after: true);
        await using Shop shop = await Shop.OpenAsync(_folder, change: stop.In);
        (string escrow, string code) = await shop.WinAsync();
        string redemption = await shop.InitiateAsync(code);
        shop.AsManager();
        Task<(HttpStatusCode, string?)> confirmation = shop.ConfirmAsync(redemption);
        await PassAsync(shop, () => stop.Reached.IsCompleted, "the first leg");
        Assert.Equal([$"{escrow}-NET"], shop.App.App.Provider.Operations.Select(operation => operation.Reference));
        Assert.Equal((EscrowState.Allocated, 0), (await shop.EscrowStateAsync(escrow), await shop.EarnedAsync()));
        await shop.RestartAsync(_folder);
        shop.AsManager();
        Task<(HttpStatusCode Status, string? Code)>[] retries =
            [.. Enumerable.Range(0, 3).Select(_ => shop.ConfirmAsync(redemption))];
        await PassAsync(shop, () => Array.TrueForAll(retries, retry => retry.IsCompleted), "the retries");
        await CompletesAsync(shop, redemption);
        Assert.All(retries, retry => Assert.Null(retry.Result.Code));
        await shop.AssertSettledOnceAsync(escrow);
        await Assert.ThrowsAnyAsync<Exception>(() => confirmation);
    }

    private static Task CompletesAsync(Shop shop, string redemption) => Eventually.TrueAsync(
        async () =>
        {
            shop.App.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return await shop.StateAsync(redemption) == "completed";
        },
        "the settlement");

    // A host that has just started meets a provider that has not yet, and tries again by its clock.
    private static Task PassAsync(Shop shop, Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            shop.App.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        what);
}
