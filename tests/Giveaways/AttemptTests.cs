using System.Net;
using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Local.Cosmos;
using FinVault.Platform;

namespace FinVault.Tests.Giveaways;

/// <summary>Attempts on prizes, one by one and all at once.</summary>
public sealed class AttemptTests : IAsyncLifetime
{
    private const int Prizes = 100;
    private const int Stampede = 5_000;

    private GiveawayApp _app = null!;

    public async Task InitializeAsync() => _app = await GiveawayApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Attempt_SentAgain_GetsTheSameAnswerAndCountsOnce()
    {
        string id = await InFinalWindowAsync(prizes: 2);
        (_, string token) = await _app.RegisterAsync(id);
        string attempt = Ids.New(AttemptRequest.Prefix, _app.Clock);

        JsonElement first = await _app.AttemptAsync(id, token, attempt);
        JsonElement again = await _app.AttemptAsync(id, token, attempt);

        Assert.Equal(first.ToString(), again.ToString());
        Assert.True(first.GetProperty("won").GetBoolean());
        JsonElement own = await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}/participants/me", null, token);
        Assert.Equal((1, 2), (own.GetProperty("attemptsMade").GetInt32(), own.GetProperty("attemptsLeft").GetInt32()));
        Assert.Equal("Airtime", Assert.Single(own.GetProperty("prizes").EnumerateArray()).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Attempt_OfWhoHasWon_IsRefused()
    {
        string id = await InFinalWindowAsync(prizes: 2);
        (_, string token) = await _app.RegisterAsync(id);
        await _app.AttemptAsync(id, token);
        Assert.Equal((HttpStatusCode.Conflict, "already_won"), await RefusedAsync(id, token));
    }

    [Fact]
    public async Task Attempts_BeyondTheirNumber_AreRefused()
    {
        GiveawayPlan plan = _app.Plan() with { Slots = new SlotPlan(2, 1_000_000_000, 0.000001m, 1) };
        string id = await _app.ActiveAsync(plan);
        (_, string token) = await _app.RegisterAsync(id);
        Assert.False((await _app.AttemptAsync(id, token)).GetProperty("won").GetBoolean());
        Assert.Equal(2, (await _app.AttemptAsync(id, token)).GetProperty("receipt").GetProperty("number").GetInt32());
        Assert.Equal((HttpStatusCode.Conflict, "no_attempts_left"), await RefusedAsync(id, token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PARTICIPANT_01ARZ3NDEKTSV4RRFFQ69G5FAV.0000000000000000")]
    [InlineData("nobody")]
    public async Task Attempt_WithoutAKnownToken_IsRefused(string token)
    {
        string id = await InFinalWindowAsync(prizes: 1);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_participant"), await RefusedAsync(id, token));
    }

    [Fact]
    public async Task Attempt_AfterTheLastPrize_IsLostAndSoldOut_AndTheGiveawayEnds()
    {
        string id = await InFinalWindowAsync(prizes: 1);
        (_, string winner) = await _app.RegisterAsync(id);
        (_, string late) = await _app.RegisterAsync(id);
        Assert.True((await _app.AttemptAsync(id, winner)).GetProperty("won").GetBoolean());
        JsonElement lost = await _app.AttemptAsync(id, late);
        Assert.Equal((false, true), (lost.GetProperty("won").GetBoolean(), lost.GetProperty("soldOut").GetBoolean()));
        await _app.StateAsync(id, "past");
    }

    [Fact]
    public async Task Stampede_Of5000On100Prizes_Has100WinnersAndEachPrizeOnce()
    {
        string id = await InFinalWindowAsync(Prizes);
        AttemptCrowd crowd = await AttemptCrowd.RegisterAsync(_app.App.Host.Services, id, Stampede, _app.Now);
        await crowd.RunAsync(_app.Client.BaseAddress!, 256);
        await crowd.AssertExactlyAsync(_app.App.Host.Services, Prizes);
    }

    [Theory]
    [InlineData(FaultKind.PreconditionFailed)]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.DoneButUnavailable)]
    public async Task Stampede_WhereAThirdOfTheWritesFail_HasNoWinnerMoreOrLess(FaultKind kind)
    {
        string id = await InFinalWindowAsync(Prizes);
        AttemptCrowd crowd = await AttemptCrowd.RegisterAsync(_app.App.Host.Services, id, 1_500, _app.Now);
        using (_app.App.Host.Cosmos.Faults.Add(new FaultRule(kind)
        {
            Container = Containers.Giveaways, Operation = CosmosOperation.Batch, Share = 0.33,
            RetryAfter = TimeSpan.FromMilliseconds(1),
        }))
        {
            await crowd.RunAsync(_app.Client.BaseAddress!, 256);
        }

        Assert.True(_app.App.Host.Cosmos.Faults.Injected > 0, "No fault was met.");
        await crowd.AssertExactlyAsync(_app.App.Host.Services, Prizes);
    }

    [Fact]
    public async Task Trap3_TwoCallersConfirmTheSamePrize_OneWinsAndNIsNeverExceeded()
    {
        // Two processes: nothing is shared but the store.
        string id = await InFinalWindowAsync(prizes: 1);
        AttemptCrowd crowd = await AttemptCrowd.RegisterAsync(_app.App.Host.Services, id, 2, _app.Now);
        await crowd.RunApartAsync(_app.App.Host.Services, processes: 2);
        await crowd.AssertExactlyAsync(_app.App.Host.Services, 1);
    }

    [Fact]
    public async Task Stampede_OverFourProcesses_HasNoWinnerMoreOrLess()
    {
        string id = await InFinalWindowAsync(prizes: 50);
        AttemptCrowd crowd = await AttemptCrowd.RegisterAsync(_app.App.Host.Services, id, 400, _app.Now);
        await crowd.RunApartAsync(_app.App.Host.Services, processes: 4);
        await crowd.AssertExactlyAsync(_app.App.Host.Services, 50);
    }

    /// <summary>Every attempt wins there, as long as there are prizes.</summary>
    private async Task<string> InFinalWindowAsync(int prizes)
    {
        GiveawayPlan plan = _app.Plan(DrawMode.SlotMachine, prizes);
        string id = await _app.ActiveAsync(plan);
        _app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-30));
        return id;
    }

    private Task<(HttpStatusCode Status, string? Code)> RefusedAsync(string id, string token) => _app.RefusedAsync(
        HttpMethod.Post, $"public/giveaways/{id}/attempts", new { id = Ids.New(AttemptRequest.Prefix, _app.Clock) }, token);
}
