using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Local.Cosmos;
using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Performance;
using FinVault.Tests.Portfolios.Snapshots;

namespace FinVault.Tests.Portfolios;

/// <summary>Both sides of a transfer stand, or none, whatever happens between them.</summary>
public sealed class TransferTests(SharedSnapshotApp shared) : IClassFixture<SharedSnapshotApp>
{
    private readonly SnapshotApp _app = shared.As(PortfolioApp.Asha);

    [Fact]
    public async Task Transfer_MovesLotsWithTheirCostAndAge_Once()
    {
        (string from, string to) = await AccountsAsync();
        object transfer = Transfer(to, 15, "move-1");
        JsonElement moved = await _app.App.PostJsonAsync($"api/v1/portfolios/{from}/transfers", transfer);
        JsonElement again = await _app.App.PostJsonAsync($"api/v1/portfolios/{from}/transfers", transfer);

        Assert.Equal(IdOf(moved, "out"), IdOf(again, "out"));
        Assert.Equal(IdOf(moved, "in"), IdOf(again, "in"));
        Assert.Equal([("2023-12-20", 10m, 100_000L), ("2023-12-27", 5, 60_000)], await LotsAsync(to));
        Assert.Equal([("2023-12-27", 5m, 60_000L)], await LotsAsync(from));
        // Between one's own accounts nothing is earned, and the total knows no flow.
        Assert.Equal(from, PortfolioApp.TextOf(moved.GetProperty("in"), "counterpart"));
        JsonElement money = await _app.App.PostJsonAsync(
            $"api/v1/portfolios/{from}/transfers",
            new { to, clientId = "money-1", currency = "INR", amount = 500, tradedAt = PortfolioApp.At("2023-12-29") });
        Assert.Equal(500, money.GetProperty("in").GetProperty("amount").GetInt64());
        foreach ((object refused, HttpStatusCode expected) in new[]
        {
            (Transfer(to, 14, "move-1"), HttpStatusCode.UnprocessableEntity),
            (Transfer(to, 6, "move-2"), HttpStatusCode.UnprocessableEntity),
            (Transfer(from, 1, "move-3"), HttpStatusCode.BadRequest),
            (Transfer("PACC_01ARZ3NDEKTSV4RRFFQ69G5FAV", 1, "move-4"), HttpStatusCode.NotFound),
            (Transfer(to, 1, "move-5", "2024-02-01"), HttpStatusCode.BadRequest),
        })
        {
            Assert.Equal(expected, await StatusAsync(from, refused));
        }

        Assert.Equal([("2023-12-27", 5m, 60_000L)], await LotsAsync(from));
    }

    [Fact]
    public async Task Transfer_ThatTheOtherAccountCannotTake_LeavesBothAsTheyWere()
    {
        (string from, string to) = await AccountsAsync();
        await _app.Get<FxStore>().PutAsync(
            new Dictionary<string, IReadOnlyDictionary<DateOnly, decimal>>
            {
                ["USD"] = new Dictionary<DateOnly, decimal> { [new(2023, 12, 20)] = 1 },
                ["INR"] = new Dictionary<DateOnly, decimal> { [new(2023, 12, 20)] = 80 },
            },
            default);
        using (OneCommitOnly())
        {
            Assert.True((int)await StatusAsync(from, Transfer(to, 15, "move-1")) >= 500);
        }

        // Before the second side is written, the symbol is kept in another currency there.
        await _app.RecordAsync(to, new
        {
            kind = "transferIn", symbol = "TCS", quantity = 1, currency = "USD", amount = 0,
            tradedAt = PortfolioApp.At("2023-12-20"),
        });
        await _app.Get<DueTransactions>().CompleteAsync(default);
        Assert.Equal(2, (await LotsAsync(from)).Count);
        Assert.Single(await LotsAsync(to));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync(from, Transfer(to, 15, "move-1")));
        // Now it is refused before anything is written.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync(from, Transfer(to, 5, "move-2")));
        Assert.Equal(2, (await LotsAsync(from)).Count);
    }

    [Fact]
    public async Task Transfer_WhoseWriterDiesInBetween_IsEndedByWhoeverComesNext()
    {
        (string from, string to) = await AccountsAsync();
        using (OneCommitOnly())
        {
            Assert.True((int)await StatusAsync(from, Transfer(to, 15, "move-1")) >= 500);
        }

        // The first side stands, and says that it is not all.
        Assert.Single(await LotsAsync(from));
        Assert.Contains(from, await _app.Get<PortfolioStore>().UnfinishedAsync(default));
        await _app.Get<DueTransactions>().CompleteAsync(default);

        Assert.Equal([("2023-12-20", 10m, 100_000L), ("2023-12-27", 5, 60_000)], await LotsAsync(to));
        Assert.DoesNotContain(from, await _app.Get<PortfolioStore>().UnfinishedAsync(default));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(from, Transfer(to, 15, "move-1")));
        Assert.Single(await LotsAsync(from));
    }

    // What a writer that dies in between has done.
    private IDisposable OneCommitOnly() => _app.App.Host.Cosmos.Faults.Add(new FaultRule(FaultKind.Unavailable)
    {
        Container = "portfolios", Operation = CosmosOperation.Batch, Skip = 1,
    });

    private async Task<(string From, string To)> AccountsAsync()
    {
        string from = await _app.OpenAsync();
        await _app.RecordAsync(from, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-20"));
        await _app.RecordAsync(from, PortfolioApp.Trade("buy", "TCS", 10, 120, "2023-12-27"));
        return (from, await _app.OpenAsync());
    }

    private static object Transfer(string to, int quantity, string clientId, string day = "2023-12-28") =>
        new { to, clientId, symbol = "TCS", quantity, tradedAt = PortfolioApp.At(day) };

    private async Task<HttpStatusCode> StatusAsync(string from, object transfer)
    {
        using HttpResponseMessage answer =
            await _app.App.Client.PostAsJsonAsync($"api/v1/portfolios/{from}/transfers", transfer);
        return answer.StatusCode;
    }

    private async Task<List<(string Day, decimal Quantity, long Cost)>> LotsAsync(string account)
    {
        JsonElement holding = await _app.App.GetJsonAsync($"api/v1/portfolios/{account}/holdings/TCS");
        return
        [
            .. holding.GetProperty("openLots").EnumerateArray().Select(lot => (
                lot.GetProperty("acquiredAt").GetString()![..10], lot.GetProperty("quantity").GetDecimal(),
                lot.GetProperty("cost").GetProperty("account").GetProperty("amount").GetInt64())),
        ];
    }

    private static string? IdOf(JsonElement transfer, string side) => PortfolioApp.TextOf(transfer.GetProperty(side), "id");
}
