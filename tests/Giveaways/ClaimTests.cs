using System.Net;
using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;

namespace FinVault.Tests.Giveaways;

/// <summary>Winners claim, or do not: then runners-up get what they left, and in the end the host.</summary>
public sealed class ClaimTests : IAsyncLifetime
{
    private GiveawayApp _app = null!;

    public async Task InitializeAsync() => _app = await GiveawayApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Winner_ClaimsWhileItRuns_AndNobodyElseCan()
    {
        GiveawayPlan plan = _app.Plan(prizes: 2);
        string id = await _app.ActiveAsync(plan);
        _app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-30));
        (_, string winner) = await _app.RegisterAsync(id);
        (_, string other) = await _app.RegisterAsync(id);
        string prize = (await _app.AttemptAsync(id, winner)).GetProperty("prize").GetString()!;

        Assert.Equal((HttpStatusCode.NotFound, "unknown_prize"), await RefusedAsync(id, prize, other));
        Assert.Equal(
            (HttpStatusCode.NotFound, "unknown_prize"),
            await RefusedAsync(id, "PRIZE_01ARZ3NDEKTSV4RRFFQ69G5FAV", winner));
        JsonElement claimed = await ClaimAsync(id, prize, winner);
        Assert.Equal(("claimed", "airtime"),
            (claimed.GetProperty("state").GetString(), claimed.GetProperty("kind").GetString()));
        Assert.NotEqual(JsonValueKind.Null, claimed.GetProperty("airtime").ValueKind);
        await ClaimAsync(id, prize, winner);
        await _app.MoveAsync(id, plan.EndsAt, "past");
        Assert.Equal(
            ["claimed", "released"],
            (await _app.PrizesAsync(id)).Select(p => p.GetProperty("state").GetString()!).Order());
    }

    [Fact]
    public async Task Unclaimed_GoesToTheRunnersUpInTurn_AndThenBackToTheHost()
    {
        GiveawayPlan plan = _app.Plan(DrawMode.Draw, prizes: 1) with { ClaimHours = 1, RunnersUp = 1 };
        string id = await _app.ActiveAsync(plan);
        Dictionary<string, string> tokens = [];
        for (int i = 0; i < 3; i++)
        {
            (string participant, string token) = await _app.RegisterAsync(id);
            tokens[participant] = token;
        }

        await _app.MoveAsync(id, plan.EndsAt, "drawing");
        await _app.MoveAsync(id, plan.EndsAt.AddMinutes(2), "past");
        JsonElement first = Assert.Single(await _app.WinnersAsync(id));
        JsonElement prize = Assert.Single(await _app.PrizesAsync(id));
        string prizeId = prize.GetProperty("id").GetString()!;

        await RoundAsync(id, 1);
        string next = Winner(Assert.Single(await _app.PrizesAsync(id)))!;
        Assert.NotEqual(first.GetProperty("participant").GetString(), next);
        Assert.Equal((HttpStatusCode.NotFound, "unknown_prize"),
            await RefusedAsync(id, prizeId, tokens[first.GetProperty("participant").GetString()!]));
        List<JsonElement> winners = await _app.WinnersAsync(id);
        Assert.Equal([(1, false), (0, true)], winners.Select(w =>
            (w.GetProperty("round").GetInt32(), w.TryGetProperty("lost", out JsonElement lost) && lost.GetBoolean())));
        Assert.Equal((GiveawayApp.Wealth - 100, 100), await _app.MoneyAsync());

        await RoundAsync(id, 2);
        Assert.Equal("released", Assert.Single(await _app.PrizesAsync(id)).GetProperty("state").GetString());
        Assert.Equal((GiveawayApp.Wealth, 0), await _app.MoneyAsync());
        JsonElement over = await _app.SendAsync(HttpMethod.Get, $"giveaways/{id}");
        Assert.NotEqual(JsonValueKind.Null, over.GetProperty("completedAt").ValueKind);
        Assert.Equal((HttpStatusCode.Gone, "claim_over"), await RefusedAsync(id, prizeId, tokens[next]));
    }

    [Fact]
    public async Task RunnerUp_ClaimsWhatTheWinnerLeft()
    {
        GiveawayPlan plan = _app.Plan(DrawMode.Draw, prizes: 1) with { ClaimHours = 1, RunnersUp = 1 };
        string id = await _app.ActiveAsync(plan);
        Dictionary<string, string> tokens = [];
        for (int i = 0; i < 2; i++)
        {
            (string participant, string token) = await _app.RegisterAsync(id);
            tokens[participant] = token;
        }

        await _app.MoveAsync(id, plan.EndsAt, "drawing");
        await _app.MoveAsync(id, plan.EndsAt.AddMinutes(2), "past");
        await RoundAsync(id, 1);
        JsonElement prize = Assert.Single(await _app.PrizesAsync(id));
        await ClaimAsync(id, prize.GetProperty("id").GetString()!, tokens[Winner(prize)!]);
        await RoundAsync(id, 2);
        Assert.Equal("claimed", Assert.Single(await _app.PrizesAsync(id)).GetProperty("state").GetString());
        Assert.Equal(GiveawayApp.Wealth - 100, (await _app.MoneyAsync()).Wallet);
    }

    /// <summary>Lets the time to claim pass, and waits until the round that follows is over.</summary>
    private async Task RoundAsync(string id, int round)
    {
        JsonElement view = await _app.SendAsync(HttpMethod.Get, $"giveaways/{id}");
        int revision = view.GetProperty("revision").GetInt32();
        _app.Clock.JumpTo(view.GetProperty("claimBy").GetDateTimeOffset());
        await _app.UntilAsync(id, now => now.GetProperty("revision").GetInt32() > revision, $"round {round} is over");
    }

    private Task<JsonElement> ClaimAsync(string id, string prize, string token) => _app.SendAsync(
        HttpMethod.Post, $"public/giveaways/{id}/prizes/{prize}/claim", new ClaimRequest("+919876543210"), token);

    private Task<(HttpStatusCode Status, string? Code)> RefusedAsync(string id, string prize, string token) =>
        _app.RefusedAsync(
            HttpMethod.Post, $"public/giveaways/{id}/prizes/{prize}/claim", new ClaimRequest("+919876543210"), token);

    private static string? Winner(JsonElement prize) => prize.GetProperty("winner").GetString();
}
