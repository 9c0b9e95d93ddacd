using System.Net;
using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Giveaways.Tasks;

/// <summary>Condition mode over HTTP: tasks, verification in the background, ranking, and winners who are asked again.</summary>
public sealed class ConditionModeTests
{
    private readonly List<string> _tasks = [];
    private string _id = "";

    [Fact]
    public async Task Winners_AreThoseWithTheMostPoints_AndTheDrawCanBeChecked()
    {
        await using GiveawayApp app = await StartAsync(runnersUp: 2);
        (string first, string firstToken) = await app.RegisterAsync(_id);
        (string _, string lazyToken) = await app.RegisterAsync(_id);
        (string second, string secondToken) = await app.RegisterAsync(_id);
        (string fake, string fakeToken) = await app.RegisterAsync(_id);
        await DoneAsync(app, firstToken, 0, "asha");
        await DoneAsync(app, firstToken, 1, "asha");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(app, secondToken, 0, "flaky2-ravi");
        await DoneAsync(app, secondToken, 1, "ravi");
        JsonElement never = await DoneAsync(app, lazyToken, 0, "never-meera", "failed");
        Assert.Contains("does not know", never.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await DoneAsync(app, fakeToken, 0, "new-mallory", "invalidated");
        JsonElement record = await EndAsync(app);
        Assert.Equal([first, second], Names(record, "winners"));
        Assert.Empty(Names(record, "runnersUp"));
        Assert.DoesNotContain(fake, Names(record, "winners"));
        (int exitCode, string output) = Draw.DrawSamples.VerifyOffline(record.GetRawText());
        Assert.True(exitCode == 0, output);
        JsonElement report = await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}/draw/verify");
        Assert.True(report.GetProperty("verified").GetBoolean(), report.GetRawText());
    }

    [Fact]
    public async Task Verification_ThatComes90SecondsLater_IsOfTheSameRequest()
    {
        await using GiveawayApp app = await StartAsync();
        (string _, string token) = await app.RegisterAsync(_id);
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/v1/public/giveaways/{_id}/tasks/{_tasks[0]}/completions")
        {
            Content = new StringContent("{\"handle\":\"slow90-asha\"}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
            Headers = { { ParticipantToken.Header, token }, { Correlation.Header, "asked-here" } },
        };
        using HttpResponseMessage answer = await app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await UntilAsync(app, token, 0, "active");
        await WaitAsync(app, token, 0, "completed", TimeSpan.FromSeconds(15));
        app.SignIn(FinVault.Identity.Roles.Host);
        JsonElement all = await app.SendAsync(HttpMethod.Get, $"giveaways/{_id}/completions");
        JsonElement one = Assert.Single(all.GetProperty("data").EnumerateArray().ToArray());
        Assert.Equal("asked-here", one.GetProperty("correlationId").GetString());
        Assert.InRange(one.GetProperty("asked").GetInt32(), 2, 12);
    }

    [Fact]
    public async Task ATaskSentInTheLastSecond_CountsThoughTheNetworkIsSlow()
    {
        await using GiveawayApp app = await StartAsync(prizes: 1);
        (string early, string earlyToken) = await app.RegisterAsync(_id);
        (string late, string lateToken) = await app.RegisterAsync(_id);
        await DoneAsync(app, earlyToken, 1, "asha");
        JsonElement shown = await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}");
        app.Clock.AdvanceTo(shown.GetProperty("endsAt").GetDateTimeOffset().AddSeconds(-1));
        await SubmitAsync(app, lateToken, 0, "slow60-ravi");
        await UntilAsync(app, lateToken, 0, "active");
        JsonElement record = await EndAsync(app, TimeSpan.FromSeconds(5));
        Assert.Equal([late], Names(record, "winners"));
        Assert.DoesNotContain(early, Names(record, "winners"));
        Assert.Equal(0, Draw.DrawSamples.VerifyOffline(record.GetRawText()).ExitCode);
    }

    [Fact]
    public async Task ANetworkThatNeverSays_HoldsTheDrawUpForSoLongAndNoLonger()
    {
        await using GiveawayApp app = await StartAsync(prizes: 1);
        (string early, string earlyToken) = await app.RegisterAsync(_id);
        (string _, string lateToken) = await app.RegisterAsync(_id);
        await DoneAsync(app, earlyToken, 1, "asha");
        JsonElement shown = await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}");
        DateTimeOffset ends = shown.GetProperty("endsAt").GetDateTimeOffset();
        app.Clock.AdvanceTo(ends.AddSeconds(-1));
        await SubmitAsync(app, lateToken, 0, "slow400-ravi");
        await UntilAsync(app, lateToken, 0, "active");
        JsonElement record = await EndAsync(app, TimeSpan.FromSeconds(5));
        Assert.Equal([early], Names(record, "winners"));
        Assert.InRange(record.GetProperty("closedAt").GetDateTimeOffset(), ends.AddSeconds(120), ends.AddSeconds(140));
        await WaitAsync(app, lateToken, 0, "failed", TimeSpan.FromSeconds(15));
        Assert.Single((await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}/ranking")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Ranking_IsByPointsAndThenByTime_InPages_AndTellsNobodysName()
    {
        await using GiveawayApp app = await StartAsync();
        (string second, string secondToken) = await app.RegisterAsync(_id);
        (string first, string firstToken) = await app.RegisterAsync(_id);
        (string third, string thirdToken) = await app.RegisterAsync(_id);
        await app.RegisterAsync(_id);
        await DoneAsync(app, secondToken, 0, "asha");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(app, thirdToken, 0, "ravi");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(app, firstToken, 0, "meera");
        await DoneAsync(app, firstToken, 1, "meera");
        app.Client.DefaultRequestHeaders.Authorization = null;
        List<JsonElement> all = [];
        string? cursor = null;
        do
        {
            JsonElement page = await app.SendAsync(
                HttpMethod.Get, $"public/giveaways/{_id}/ranking?limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            all.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
        }
        while (cursor is not null);
        Assert.Equal(
            [(1, first, 150), (2, second, 100), (3, third, 100)],
            all.Select(one => (one.GetProperty("rank").GetInt32(), one.GetProperty("participant").GetString()!,
                one.GetProperty("points").GetInt32())));
        Assert.All(all, one => Assert.Equal(
            ["completedAt", "name", "participant", "points", "rank"], one.EnumerateObject().Select(p => p.Name).Order()));
        Assert.All(all, one => Assert.EndsWith("•••", one.GetProperty("name").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Completion_CountsOnce_ForOneParticipantAnAccount_AndNotWhenItWasTakenAway()
    {
        await using GiveawayApp app = await StartAsync();
        (string participant, string token) = await app.RegisterAsync(_id);
        (string _, string other) = await app.RegisterAsync(_id);
        await DoneAsync(app, token, 0, "asha");
        await DoneAsync(app, token, 0, "somebody-else");
        Assert.Equal(100, await PointsAsync(app, token));
        Assert.Equal((HttpStatusCode.Conflict, "handle_taken"), await app.RefusedAsync(
            HttpMethod.Post, $"public/giveaways/{_id}/tasks/{_tasks[0]}/completions", new { handle = "@ASHA" }, other));
        Assert.Equal((HttpStatusCode.NotFound, "unknown_task"), await app.RefusedAsync(
            HttpMethod.Post, $"public/giveaways/{_id}/tasks/TASK_X/completions", new { handle = "x" }, other));
        string completion = Completion.IdOf(participant, _tasks[0]);
        await app.SendAsync(
            HttpMethod.Post, $"giveaways/{_id}/completions/{completion}/invalidate", new { reason = "bought followers" });
        Assert.Equal(0, await PointsAsync(app, token));
        app.SignIn(FinVault.Identity.Roles.Host, GiveawayApp.Other);
        Assert.Equal((HttpStatusCode.NotFound, "unknown_giveaway"), await app.RefusedAsync(
            HttpMethod.Post, $"giveaways/{_id}/completions/{completion}/invalidate", new { reason = "not mine" }));
    }

    [Fact]
    public async Task AWinnerWhoUndidATask_IsReplacedBeforeAnythingIsGiven()
    {
        await using GiveawayApp app = await StartAsync(runnersUp: 1, prizes: 1);
        (string cheat, string cheatToken) = await app.RegisterAsync(_id);
        (string honest, string honestToken) = await app.RegisterAsync(_id);
        await DoneAsync(app, cheatToken, 0, "undo-mallory");
        await DoneAsync(app, cheatToken, 1, "mallory");
        await DoneAsync(app, honestToken, 0, "asha");
        JsonElement record = await EndAsync(app);
        Assert.Equal([cheat], Names(record, "winners"));
        JsonElement replacement = Assert.Single(record.GetProperty("replacements").EnumerateArray().ToArray());
        Assert.Contains("undone", replacement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(honest, replacement.GetProperty("winners")[0].GetProperty("entry").GetString());
        Assert.Equal(honest, Assert.Single(await app.WinnersAsync(_id)).GetProperty("participant").GetString());
        Assert.Equal(0, Draw.DrawSamples.VerifyOffline(record.GetRawText()).ExitCode);
    }

    [Fact]
    public async Task Tasks_AreFixedFromSchedulingOn()
    {
        await using GiveawayApp app = await StartAsync();
        Assert.Equal((HttpStatusCode.Conflict, "invalid_transition"), await app.RefusedAsync(
            HttpMethod.Put, $"giveaways/{_id}/tasks", new TaskPlan([])));
        JsonElement tasks = await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}/tasks");
        JsonElement seen = await app.SendAsync(HttpMethod.Get, $"giveaways/{_id}/tasks");
        Assert.Equal(tasks.GetRawText(), seen.GetRawText());
        Assert.Equal([100, 50], tasks.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("points").GetInt32()));
    }

    private async Task<GiveawayApp> StartAsync(int runnersUp = 0, int prizes = 2)
    {
        GiveawayApp app = await GiveawayApp.StartAsync();
        GiveawayPlan plan = app.Plan(DrawMode.Condition, prizes) with
        {
            RunnersUp = runnersUp, MinPoints = 1, EndsAt = app.Now.AddMinutes(10),
        };
        _id = (await app.CreateAsync(plan)).GetProperty("id").GetString()!;
        JsonElement tasks = await app.SendAsync(HttpMethod.Put, $"giveaways/{_id}/tasks", new TaskPlan(
        [
            new("Follow us", "instagram", TaskAction.Follow, "@finvault", 100),
            new("Share the post", "instagram", TaskAction.Share, "post/1", 50),
        ]));
        _tasks.AddRange(tasks.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()!));
        await app.SendAsync(HttpMethod.Post, $"giveaways/{_id}/schedule");
        await app.StateAsync(_id, "scheduled");
        await app.MoveAsync(_id, plan.StartsAt, "active");
        return app;
    }

    private async Task<JsonElement> DoneAsync(GiveawayApp app, string token, int task, string handle, string state = "completed")
    {
        await SubmitAsync(app, token, task, handle);
        await WaitAsync(app, token, task, state, TimeSpan.FromSeconds(1));
        return await CompletionAsync(app, token, task);
    }

    private Task<JsonElement> SubmitAsync(GiveawayApp app, string token, int task, string handle) => app.SendAsync(
        HttpMethod.Post, $"public/giveaways/{_id}/tasks/{_tasks[task]}/completions", new { handle }, token);

    // A retry or another question waits for the clock, which somebody has to move.
    private Task WaitAsync(GiveawayApp app, string token, int task, string state, TimeSpan step) => Eventually.TrueAsync(
        async () =>
        {
            if ((await CompletionAsync(app, token, task)).GetProperty("state").GetString() == state)
            {
                return true;
            }

            if (app.Clock.PendingTimers > 0)
            {
                app.Clock.Advance(step);
            }

            return false;
        },
        $"task {task} is {state}");

    private Task UntilAsync(GiveawayApp app, string token, int task, string state) => Eventually.TrueAsync(
        async () => (await CompletionAsync(app, token, task)).GetProperty("state").GetString() == state, $"task {task} is {state}");

    private async Task<JsonElement> CompletionAsync(GiveawayApp app, string token, int task)
    {
        JsonElement own = await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}/completions", token: token);
        return own.GetProperty("data").EnumerateArray().First(one => one.GetProperty("task").GetString() == _tasks[task]);
    }

    private async Task<long> PointsAsync(GiveawayApp app, string token) =>
        (await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}/participants/me", token: token)).GetProperty("points").GetInt64();

    private async Task<JsonElement> EndAsync(GiveawayApp app, TimeSpan? step = null)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                app.Clock.Advance(step ?? TimeSpan.FromSeconds(20));
                return (await app.SendAsync(HttpMethod.Get, $"giveaways/{_id}")).GetProperty("state").GetString() == "past";
            },
            $"{_id} is past");
        return await app.SendAsync(HttpMethod.Get, $"public/giveaways/{_id}/draw");
    }

    private static string[] Names(JsonElement record, string list) =>
        [.. record.GetProperty(list).EnumerateArray().Select(pick => pick.GetProperty("entry").GetString()!)];
}
