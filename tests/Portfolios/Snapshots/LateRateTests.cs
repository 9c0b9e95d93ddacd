using System.Text.Json;
using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Snapshots;

/// <summary>Daily rates that are put right after snapshots went by the wrong ones.</summary>
public sealed class LateRateTests
{
    [Fact]
    public async Task Rate_ThatIsCorrected_HasItsDayAndLaterOnesMadeAgain_OfAccountsThatRestOnIt()
    {
        await using SnapshotApp app = await SnapshotApp.StartAsync();
        DateOnly[] days = [new(2023, 12, 27), new(2023, 12, 28), new(2023, 12, 29), new(2024, 1, 1)];
        await PutAsync(app, "USD", 1, days);
        await PutAsync(app, "INR", 80, days);
        // They fill in days that are over; nobody rests on them yet.
        await AgainAsync(app);
        string account = await app.OpenAsync(tracksCash: true);
        string other = await app.OpenAsync(tracksCash: true);
        await DepositAsync(app, account, "USD");
        await DepositAsync(app, other, "INR");
        await AgainAsync(app, account, other);
        List<SnapshotDocument> before = await app.SnapshotsAsync(account);
        List<SnapshotDocument> untouched = await app.SnapshotsAsync(other);

        await PutAsync(app, "INR", 90, days[2]);
        await AgainAsync(app, account, other);
        List<SnapshotDocument> after = await app.SnapshotsAsync(account);

        Assert.Equal([80_000L, 80_000, 80_000], before.Select(one => one.Total!.Value));
        Assert.Equal([80_000L, 90_000, 80_000], after.Select(one => one.Total!.Value));
        Assert.Equal([0L, 10_000, -10_000], after.Select(one => one.Fx!.Value));
        Assert.Equal(before[0].MadeAt, after[0].MadeAt);
        Assert.NotEqual(before[2].MadeAt, after[2].MadeAt);
        Assert.Equal(untouched.Select(one => one.MadeAt), (await app.SnapshotsAsync(other)).Select(one => one.MadeAt));

        // What is told again changes nothing, and a new day's rate is no correction of those before.
        await PutAsync(app, "INR", 90, days[2]);
        await PutAsync(app, "INR", 85, new DateOnly(2024, 1, 2));
        Assert.Empty(await app.Get<PortfolioDocuments>().ListAsync<LateCloseDocument>(
            LateCloseDocument.Rates, new("SELECT * FROM c"), default));
    }

    private static Task<int> PutAsync(SnapshotApp app, string currency, decimal rate, params DateOnly[] days) =>
        app.Get<FxStore>().PutAsync(
            new Dictionary<string, IReadOnlyDictionary<DateOnly, decimal>>
            {
                [currency] = days.ToDictionary(day => day, _ => rate),
            },
            default);

    private static Task<JsonElement> DepositAsync(SnapshotApp app, string account, string currency) => app.RecordAsync(
        account, new { kind = "deposit", currency, amount = 1_000, tradedAt = PortfolioApp.At("2023-12-28") });

    // Twice what it waits, and then all is made.
    private static async Task AgainAsync(SnapshotApp app, params string[] accounts)
    {
        app.Clock.JumpTo(app.Clock.GetUtcNow() + LateCloses.Wait);
        await app.Get<LateRates>().ApplyAsync(default);
        foreach (string account in accounts)
        {
            await app.MakeAsync(account);
        }
    }
}
