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

    [Theory]
    [InlineData("out")]
    [InlineData("in")]
    public async Task Reversal_OfEitherSide_TakesBothBack_Once(string side)
    {
        (string from, string to) = await AccountsAsync();
        JsonElement moved = await _app.App.PostJsonAsync($"api/v1/portfolios/{from}/transfers", Transfer(to, 15, "back-1"));
        string route = $"api/v1/portfolios/{(side == "out" ? from : to)}/transactions/{IdOf(moved, side)}/reversal";
        JsonElement reversal = await _app.App.PostJsonAsync(route, new { reason = "Not that one." });
        JsonElement again = await _app.App.PostJsonAsync(route, new { });

        Assert.Equal(IdOf(moved, side), PortfolioApp.TextOf(reversal, "reverses"));
        Assert.Equal(PortfolioApp.TextOf(reversal, "id"), PortfolioApp.TextOf(again, "id"));
        Assert.Equal([("2023-12-20", 10m, 100_000L), ("2023-12-27", 10, 120_000)], await LotsAsync(from));
        Assert.Empty(await LotsAsync(to));
        foreach (string account in new[] { from, to })
        {
            PortfolioTransaction undone = Assert.Single(
                await _app.Get<PortfolioStore>().TransactionsAsync(account, "TCS", default), one => one.Reverses is not null);
            Assert.Equal("Not that one.", undone.Note);
        }
    }

    [Fact]
    public async Task Reversal_OfWhatTheOtherAccountHasSold_IsRefused_AndChangesNeither()
    {
        (string from, string to) = await AccountsAsync();
        JsonElement moved = await _app.App.PostJsonAsync($"api/v1/portfolios/{from}/transfers", Transfer(to, 15, "sold-1"));
        await _app.RecordAsync(to, PortfolioApp.Trade("sell", "TCS", 12, 130, "2023-12-29"));

        using HttpResponseMessage answer = await _app.App.Client.PostAsJsonAsync(
            $"api/v1/portfolios/{from}/transactions/{IdOf(moved, "out")}/reversal", new { });
        JsonElement refused = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "short_sale"), (answer.StatusCode, PortfolioApp.TextOf(refused, "reason")));
        Assert.Equal([("2023-12-27", 5m, 60_000L)], await LotsAsync(from));
        Assert.Equal([("2023-12-27", 3m, 36_000L)], await LotsAsync(to));
    }

    [Fact]
    public async Task Reversal_ThatIsCutBetweenItsSides_IsFinished()
    {
        (string from, string to, JsonElement moved) = await CutAsync("cut-1");
        await _app.Get<DueTransactions>().CompleteAsync(default);

        Assert.Equal(2, (await LotsAsync(from)).Count);
        Assert.Empty(await LotsAsync(to));
        Assert.DoesNotContain(to, await _app.Get<PortfolioStore>().UnfinishedAsync(default));
        JsonElement again = await _app.App.PostJsonAsync(
            $"api/v1/portfolios/{from}/transactions/{IdOf(moved, "out")}/reversal", new { });
        Assert.Equal(IdOf(moved, "out"), PortfolioApp.TextOf(again, "reverses"));
    }

    [Fact]
    public async Task Reversal_ThatIsCut_AndThatTheGiverCannotHaveAnyMore_LeavesBothAsTheyWere()
    {
        (string from, string to, _) = await CutAsync("cut-2");
        // Meanwhile what was given is sold short, and bought back by its name: with the units back nothing was short.
        using HttpResponseMessage settled = await _app.App.Client.PutAsJsonAsync(
            $"api/v1/portfolios/{from}/settings", new { shortSelling = true });
        settled.EnsureSuccessStatusCode();
        JsonElement sale = await _app.RecordAsync(from, PortfolioApp.Trade("sell", "TCS", 15, 130, "2023-12-29"));
        string owed = PortfolioApp.TextOf(sale, "id")!;
        await _app.RecordAsync(from, new
        {
            kind = "buy", symbol = "TCS", quantity = 10, price = 120, currency = "INR",
            tradedAt = PortfolioApp.At("2023-12-30"), picks = new[] { new { lotId = owed, quantity = 10 } },
        });
        await _app.Get<DueTransactions>().CompleteAsync(default);
        await _app.Get<DueTransactions>().CompleteAsync(default);

        Assert.Empty(await LotsAsync(from));
        Assert.Equal([("2023-12-20", 10m, 100_000L), ("2023-12-27", 5, 60_000)], await LotsAsync(to));
        Assert.DoesNotContain(to, await _app.Get<PortfolioStore>().UnfinishedAsync(default));
    }

    // A transfer whose reversal died between its two sides.
    private async Task<(string From, string To, JsonElement Moved)> CutAsync(string clientId)
    {
        (string from, string to) = await AccountsAsync();
        JsonElement moved = await _app.App.PostJsonAsync($"api/v1/portfolios/{from}/transfers", Transfer(to, 15, clientId));
        using (OneCommitOnly())
        {
            using HttpResponseMessage answer = await _app.App.Client.PostAsJsonAsync(
                $"api/v1/portfolios/{from}/transactions/{IdOf(moved, "out")}/reversal", new { });
            Assert.True((int)answer.StatusCode >= 500);
        }

        Assert.Empty(await LotsAsync(to));
        Assert.Single(await LotsAsync(from));
        Assert.Contains(to, await _app.Get<PortfolioStore>().UnfinishedAsync(default));
        return (from, to, moved);
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
