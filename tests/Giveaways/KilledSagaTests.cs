using System.Text.Json;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Giveaways;

/// <summary>
/// The process dies (SIGKILL) once before and once after every step of each saga. What one life began the next one
/// ends: one escrow a prize, one allocation, one refund, one notice.
/// </summary>
public sealed class KilledSagaTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finvault-saga-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Funding_KilledBeforeAndAfterEveryStep_ReservesEveryPrizeOnce()
    {
        string id = await BeginFundingAsync(plan => plan);
        await SagaHost.LiveAndDieAsync(Data, id, "PlanFunding", "HoldPrize", "MarkScheduled");

        await using GiveawayApp app = await LookAsync();
        await app.StateAsync(id, "scheduled");
        List<JsonElement> prizes = await app.PrizesAsync(id);
        Assert.Equal(3, prizes.Select(prize => prize.GetProperty("escrowId").GetString()).Distinct().Count());
        Assert.Equal((GiveawayApp.Wealth - 300, 300), await app.MoneyAsync());
        Assert.Equal([EscrowState.Held, EscrowState.Held, EscrowState.Held], await EscrowsAsync(app, id));
    }

    [Fact]
    public async Task Funding_KilledBeforeAndAfterEveryStepOfItsUndoing_LeavesNothingBehind()
    {
        // The last prize is a card that does not exist, which shows only when its escrow is made.
        string id = await BeginFundingAsync(plan => plan with
        {
            Prizes = [.. plan.Prizes, new PrizeLine("Card", PrizeKind.GiftCard, 50, 1, "CARD_01ARZ3NDEKTSV4RRFFQ69G5FAV")],
        });
        await SagaHost.LiveAndDieAsync(Data, id, "UndoHoldPrize", "UndoEscrowIds", "MarkFundingFailed");

        await using GiveawayApp app = await LookAsync();
        await app.UntilAsync(id, view => Funding(view) == "failed", "funding has failed");
        Assert.Equal((GiveawayApp.Wealth, 0), await app.MoneyAsync());
        Assert.All(await app.PrizesAsync(id), prize =>
            Assert.Equal(JsonValueKind.Null, prize.GetProperty("escrowId").ValueKind));
        Assert.All(await EscrowsAsync(app, id), state => Assert.Equal(EscrowState.Released, state));
    }

    [Fact]
    public async Task Settlement_KilledBeforeAndAfterEveryStep_AllocatesRefundsAndTellsOnce()
    {
        string id;
        await using (GiveawayApp app = await GiveawayApp.StartAsync(
            options: o => o with { Data = Data }, start: DateTimeOffset.UtcNow.AddMinutes(-10)))
        {
            GiveawayPlan plan = app.Plan(prizes: 3);
            id = await app.ActiveAsync(plan);
            app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-30));
            (_, string token) = await app.RegisterAsync(id);
            await app.AttemptAsync(id, token);
        }

        await SagaHost.LiveAndDieAsync(
            Data, null, "PlanSettlement", "AllocatePrize", "ReleasePrize", "NoticeWinners", "EndGiveaway");

        await using GiveawayApp after = await LookAsync();
        await after.StateAsync(id, "past");
        Assert.Equal((GiveawayApp.Wealth - 100, 100), await after.MoneyAsync());
        Assert.Equal(
            [EscrowState.Allocated, EscrowState.Released, EscrowState.Released], (await EscrowsAsync(after, id)).Order());
        List<OutboxMessage> told = await MessagesAsync(after, id);
        Assert.Single(told, message => message.Kind == GiveawayMessages.NoticeKind);
        Assert.Single(told, message => message.Kind == GiveawayMessages.EndedKind);
        Assert.Single(await after.WinnersAsync(id));
    }

    /// <summary>A host that only looks, at the time that it is.</summary>
    private Task<GiveawayApp> LookAsync() => GiveawayApp.OpenAsync(SagaHost.Options(Data));

    /// <summary>Writes what the route writes; the lifecycle begins in the lives that follow.</summary>
    private async Task<string> BeginFundingAsync(Func<GiveawayPlan, GiveawayPlan> change)
    {
        await using GiveawayApp app = await GiveawayApp.OpenAsync(SagaHost.Options(Data));
        await GiveawayApp.FundAsync(app.App.Host.Services, GiveawayApp.Wealth);
        GiveawayPlan plan = app.Plan() with
        {
            StartsAt = DateTimeOffset.UtcNow.AddDays(1), EndsAt = DateTimeOffset.UtcNow.AddDays(2),
        };
        JsonElement draft = await app.CreateAsync(change(plan));
        string id = draft.GetProperty("id").GetString()!;
        GiveawayStore store = app.App.Host.Services.GetRequiredService<GiveawayStore>();
        await store.ChangeAsync(id, before => before.BeginFunding(DateTimeOffset.UtcNow), default);
        return id;
    }

    private static string? Funding(JsonElement view) => view.GetProperty("funding").GetProperty("state").GetString();

    private static async Task<List<EscrowState>> EscrowsAsync(GiveawayApp app, string id)
    {
        Escrows escrows = app.App.Host.Services.GetRequiredService<Escrows>();
        FinVault.Platform.Page<EscrowView> page = await escrows.ListAsync(
            GiveawayApp.Tenant, null, id, new FinVault.Platform.PageRequest(100, 0, null), default);
        return [.. page.Data.Select(escrow => escrow.State)];
    }

    private static async Task<List<OutboxMessage>> MessagesAsync(GiveawayApp app, string id) =>
        await app.App.Host.Services.GetRequiredService<GiveawayDocuments>()
            .QueryAsync<OutboxMessage>(id, new QueryDefinition("SELECT * FROM c WHERE c.type = 'outbox'"), default)
            .ToListAsync();
}
