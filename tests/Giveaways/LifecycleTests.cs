using System.Net;
using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;

namespace FinVault.Tests.Giveaways;

/// <summary>A giveaway's life by the clock, over HTTP.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private GiveawayApp _app = null!;

    public async Task InitializeAsync() => _app = await GiveawayApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task SlotMachine_FromDraftToPast_GivesWinnersTheirEscrowAndTheHostTheRest()
    {
        GiveawayPlan plan = _app.Plan(prizes: 3);
        string id = await _app.ScheduledAsync(plan);
        Assert.Equal((GiveawayApp.Wealth - 300, 300), await _app.MoneyAsync());
        JsonElement view = await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}");
        Assert.Equal(64, view.GetProperty("draw").GetProperty("commitment").GetString()!.Length);
        Assert.Equal(180, view.GetProperty("remainingTimeSeconds").GetInt64());

        (_, string early) = await _app.RegisterAsync(id);
        Assert.Equal(
            (HttpStatusCode.Conflict, "giveaway_not_open"),
            await _app.RefusedAsync(HttpMethod.Post, $"public/giveaways/{id}/attempts", Attempt(), early));
        await _app.MoveAsync(id, plan.StartsAt, "active");
        _app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-30));
        JsonElement won = await _app.AttemptAsync(id, early);
        Assert.True(won.GetProperty("won").GetBoolean(), $"{won}");
        await _app.MoveAsync(id, plan.EndsAt, "past");

        Assert.Equal((GiveawayApp.Wealth - 100, 100), await _app.MoneyAsync());
        List<JsonElement> prizes = await _app.PrizesAsync(id);
        Assert.Equal(["released", "released", "won"], prizes.Select(p => p.GetProperty("state").GetString()).Order());
        Assert.Single(await _app.WinnersAsync(id));
    }

    [Fact]
    public async Task Draw_WhenItEnds_GivesEveryPrizeToSomebodyElse()
    {
        GiveawayPlan plan = _app.Plan(DrawMode.Draw, prizes: 3);
        string id = await _app.ActiveAsync(plan);
        for (int i = 0; i < 5; i++)
        {
            await _app.RegisterAsync(id);
        }

        await _app.MoveAsync(id, plan.EndsAt, "drawing");
        await _app.MoveAsync(id, plan.EndsAt.AddMinutes(2), "past");

        List<JsonElement> winners = await _app.WinnersAsync(id);
        Assert.Equal(3, winners.Select(w => w.GetProperty("participant").GetString()).Distinct().Count());
        Assert.All(await _app.PrizesAsync(id), prize => Assert.True(prize.GetProperty("allocated").GetBoolean()));
    }

    private object Attempt() => new { id = FinVault.Platform.Ids.New("ATTEMPT", _app.Clock) };
}
