using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Giveaways;

/// <summary>What a host does over HTTP, and what a host may not.</summary>
public sealed class HostTests : IAsyncLifetime
{
    private GiveawayApp _app = null!;

    public async Task InitializeAsync() => _app = await GiveawayApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task AnotherTenantsGiveaway_DoesNotExist()
    {
        string id = await _app.ScheduledAsync();
        _app.SignIn(Roles.Host, GiveawayApp.Other);
        foreach ((HttpMethod method, string route, object? body) in Routes(id))
        {
            Assert.Equal((HttpStatusCode.NotFound, "unknown_giveaway"), await _app.RefusedAsync(method, route, body));
        }

        Assert.Equal(0, (await _app.SendAsync(HttpMethod.Get, "giveaways")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData(Roles.User)]
    [InlineData(Roles.Merchant)]
    [InlineData(Roles.Admin)]
    public async Task WhoIsNoHost_MayDoNothing(string role)
    {
        _app.SignIn(role);
        foreach ((HttpMethod method, string route, object? body) in Routes("EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        {
            Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await _app.RefusedAsync(method, route, body));
        }
    }

    [Fact]
    public async Task Draft_IsEditedByItsRevision_AndRemoved()
    {
        GiveawayPlan plan = _app.Plan();
        JsonElement draft = await _app.CreateAsync(plan);
        string id = draft.GetProperty("id").GetString()!;
        JsonElement edited = await _app.SendAsync(
            HttpMethod.Put, $"giveaways/{id}", new GiveawayEdit(1, plan with { Title = "Another" }));
        Assert.Equal("Another", edited.GetProperty("plan").GetProperty("title").GetString());
        Assert.Equal(
            (HttpStatusCode.Conflict, "changed_meanwhile"),
            await _app.RefusedAsync(HttpMethod.Put, $"giveaways/{id}", new GiveawayEdit(1, plan)));
        Assert.Equal(
            (HttpStatusCode.NotFound, "unknown_giveaway"),
            await _app.RefusedAsync(HttpMethod.Get, $"public/giveaways/{id}"));
        await _app.SendAsync(HttpMethod.Delete, $"giveaways/{id}");
        Assert.Equal(
            (HttpStatusCode.NotFound, "unknown_giveaway"), await _app.RefusedAsync(HttpMethod.Get, $"giveaways/{id}"));
    }

    [Fact]
    public async Task Scheduled_IsNeitherEditedNorRemoved_ButMoved()
    {
        GiveawayPlan plan = _app.Plan();
        string id = await _app.ScheduledAsync(plan);
        JsonElement before = await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}");
        Assert.Equal(
            (HttpStatusCode.Conflict, "invalid_transition"),
            await _app.RefusedAsync(HttpMethod.Put, $"giveaways/{id}", new GiveawayEdit(Revision(before, 3), plan)));
        Assert.Equal(
            (HttpStatusCode.Conflict, "invalid_transition"),
            await _app.RefusedAsync(HttpMethod.Delete, $"giveaways/{id}"));

        DateTimeOffset later = plan.StartsAt.AddMinutes(2);
        await _app.SendAsync(
            HttpMethod.Post, $"giveaways/{id}/reschedule", new Rescheduling(later, later.AddMinutes(2)));
        JsonElement after = await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}");
        Assert.NotEqual(Commitment(before), Commitment(after));
        _app.Clock.AdvanceTo(later.AddSeconds(-1));
        Assert.Equal(1, (await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}")).GetProperty("startsInSeconds").GetInt64());
        await _app.StateAsync(id, "scheduled");
        await _app.MoveAsync(id, later, "active");
        Assert.Equal(
            (HttpStatusCode.Conflict, "invalid_transition"),
            await _app.RefusedAsync(
                HttpMethod.Post, $"giveaways/{id}/reschedule", new Rescheduling(later.AddDays(1), later.AddDays(2))));
    }

    [Fact]
    public async Task Scheduling_WithoutTheMoney_IsRefusedAndLeavesNothing()
    {
        JsonElement draft = await _app.CreateAsync(_app.Plan(prizes: 2, amount: GiveawayApp.Wealth));
        string id = draft.GetProperty("id").GetString()!;
        Assert.Equal(
            (HttpStatusCode.Conflict, "insufficient_funds"),
            await _app.RefusedAsync(HttpMethod.Post, $"giveaways/{id}/schedule"));
        Assert.Equal((GiveawayApp.Wealth, 0), await _app.MoneyAsync());
        await _app.StateAsync(id, "draft");
        Assert.Empty(await _app.PrizesAsync(id));
    }

    [Fact]
    public async Task Scheduling_WhenAPrizeCannotBeReserved_GivesBackTheOthersAndCanBeTriedAgain()
    {
        GiveawayPlan plan = _app.Plan();
        GiveawayPlan wrong = plan with
        {
            Prizes = [.. plan.Prizes, new PrizeLine("Card", PrizeKind.GiftCard, 50, 1, "CARD_01ARZ3NDEKTSV4RRFFQ69G5FAV")],
        };
        JsonElement draft = await _app.CreateAsync(wrong);
        string id = draft.GetProperty("id").GetString()!;
        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/schedule");
        await _app.UntilAsync(id, view => Funding(view, "state") == "failed", "funding has failed");

        JsonElement failed = await _app.SendAsync(HttpMethod.Get, $"giveaways/{id}");
        Assert.Equal("draft", failed.GetProperty("state").GetString());
        Assert.StartsWith("unknown_card", Funding(failed, "failure"), StringComparison.Ordinal);
        Assert.Equal((GiveawayApp.Wealth, 0), await _app.MoneyAsync());
        Assert.All(await _app.PrizesAsync(id), p => Assert.Equal(JsonValueKind.Null, p.GetProperty("escrowId").ValueKind));

        // Told while it ends, a lifecycle hears of it from the timer a minute later, which this clock does not reach.
        await Eventually.TrueAsync(
            async () => (await _app.App.Host.Durable.Client.GetInstanceAsync(id))!.IsCompleted, "its lifecycle is over");
        await _app.SendAsync(
            HttpMethod.Put, $"giveaways/{id}", new GiveawayEdit(failed.GetProperty("revision").GetInt32(), plan));
        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/schedule");
        await _app.StateAsync(id, "scheduled");
        Assert.Equal((GiveawayApp.Wealth - 300, 300), await _app.MoneyAsync());
        Assert.Equal(3, (await _app.PrizesAsync(id)).Count);
    }

    [Fact]
    public async Task Paused_TakesNobodyAndNothing_UntilItGoesOn()
    {
        string id = await _app.ActiveAsync();
        (_, string token) = await _app.RegisterAsync(id);
        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/pause");
        Assert.Equal((HttpStatusCode.Conflict, "invalid_transition"),
            await _app.RefusedAsync(HttpMethod.Post, $"giveaways/{id}/pause"));
        Assert.Equal((HttpStatusCode.Conflict, "giveaway_not_open"), await _app.RefusedAsync(
            HttpMethod.Post, $"public/giveaways/{id}/participants",
            new EntryForm("Ravi", "ravi@example.in", AcceptsTerms: true)));
        Assert.Equal((HttpStatusCode.Conflict, "giveaway_not_open"), await _app.RefusedAsync(
            HttpMethod.Post, $"public/giveaways/{id}/attempts",
            new AttemptRequest("ATTEMPT_01ARZ3NDEKTSV4RRFFQ69G5FAV"), token));
        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/resume");
        await _app.AttemptAsync(id, token);
        Assert.Equal((HttpStatusCode.Conflict, "invalid_transition"),
            await _app.RefusedAsync(HttpMethod.Post, $"giveaways/{id}/resume"));
    }

    [Fact]
    public async Task PausedOverItsStart_BeginsWhenItGoesOn()
    {
        GiveawayPlan plan = _app.Plan();
        string id = await _app.ScheduledAsync(plan);
        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/pause");
        _app.Clock.AdvanceTo(plan.StartsAt.AddSeconds(10));
        await _app.StateAsync(id, "scheduled");
        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/resume");
        await _app.StateAsync(id, "active");
    }

    [Theory]
    [InlineData("scheduled")]
    [InlineData("active")]
    public async Task Cancelled_GivesBackWhatNobodyWon_AndLeavesWinnersTheirs(string when)
    {
        GiveawayPlan plan = _app.Plan();
        string id = when == "scheduled" ? await _app.ScheduledAsync(plan) : await _app.ActiveAsync(plan);
        if (when == "active")
        {
            _app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-30));
            (_, string token) = await _app.RegisterAsync(id);
            Assert.True((await _app.AttemptAsync(id, token)).GetProperty("won").GetBoolean());
        }

        await _app.SendAsync(HttpMethod.Post, $"giveaways/{id}/cancel", new Cancellation("It rains."));
        await _app.UntilAsync(
            id, view => view.GetProperty("settledAt").ValueKind != JsonValueKind.Null, $"{id} is settled");
        long kept = when == "active" ? 100 : 0;
        Assert.Equal((GiveawayApp.Wealth - kept, kept), await _app.MoneyAsync());
        JsonElement shown = await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}");
        Assert.Equal(("cancelled", "It rains."),
            (shown.GetProperty("state").GetString(), shown.GetProperty("cancelReason").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "invalid_transition"),
            await _app.RefusedAsync(HttpMethod.Post, $"giveaways/{id}/cancel", new Cancellation("Again.")));
        JsonElement draw = await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}/draw");
        DrawNotice notice = draw.Deserialize<DrawNotice>(Json.Options)!;
        Assert.Equal(
            notice.Commitment, DrawScheme.Commitment(Convert.FromHexString(notice.ServerSeed!), notice.Rules));
    }

    [Fact]
    public async Task Seed_StandsEncryptedUntilItIsRevealed()
    {
        GiveawayPlan plan = _app.Plan();
        string id = await _app.ActiveAsync(plan);
        GiveawayDocuments documents = _app.App.Host.Services.GetRequiredService<GiveawayDocuments>();
        JsonElement kept = (await documents.FindAsync<JsonDocument>(id, "draw", default))!.RootElement;
        Assert.Contains('.', kept.GetProperty("serverSeed").GetString()!);
        Assert.DoesNotContain("serverSeed", (await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}/draw")).GetRawText(),
            StringComparison.Ordinal);
        await _app.MoveAsync(id, plan.EndsAt.AddMinutes(3), "past");
        string seed = (await _app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}/draw")).GetProperty("serverSeed").GetString()!;
        Assert.DoesNotContain(seed, kept.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dashboard_CountsWhatHappened()
    {
        GiveawayPlan plan = _app.Plan();
        string id = await _app.ActiveAsync(plan);
        _app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-30));
        (_, string token) = await _app.RegisterAsync(id);
        await _app.RegisterAsync(id);
        await _app.AttemptAsync(id, token);
        JsonElement board = await _app.SendAsync(HttpMethod.Get, $"giveaways/{id}/dashboard");
        Assert.Equal((2, 1, 1),
            (board.GetProperty("entries").GetInt32(), board.GetProperty("attempts").GetInt32(),
                board.GetProperty("winners").GetInt32()));
        JsonElement kind = Assert.Single(board.GetProperty("prizes").EnumerateArray());
        Assert.Equal(("airtime", 300, 1, 100),
            (kind.GetProperty("kind").GetString(), kind.GetProperty("value").GetInt64(),
                kind.GetProperty("won").GetInt32(), kind.GetProperty("wonValue").GetInt64()));
        JsonElement row = Assert.Single(board.GetProperty("series").EnumerateArray());
        Assert.Equal((2, 1, 1),
            (row.GetProperty("entries").GetInt32(), row.GetProperty("attempts").GetInt32(),
                row.GetProperty("winners").GetInt32()));
    }

    [Fact]
    public async Task List_IsTheTenantsNewestFirst_AndGoesOnAtItsCursor()
    {
        foreach (string title in new[] { "First", "Second", "Third" })
        {
            await _app.CreateAsync(_app.Plan() with { Title = title });
            // Within one millisecond ids are in order only while no other test of this process makes any.
            _app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        JsonElement page = await _app.SendAsync(HttpMethod.Get, "giveaways?limit=2");
        Assert.Equal(["Third", "Second"], Titles(page));
        string cursor = page.GetProperty("nextCursor").GetString()!;
        JsonElement rest = await _app.SendAsync(HttpMethod.Get, $"giveaways?limit=2&cursor={cursor}");
        Assert.Equal(["First"], Titles(rest));
        Assert.Empty(Titles(await _app.SendAsync(HttpMethod.Get, "giveaways?state=active")));
    }

    [Theory]
    [InlineData("title")]
    [InlineData("prizes")]
    [InlineData("times")]
    [InlineData("days")]
    [InlineData("currency")]
    [InlineData("slots")]
    public async Task Plan_ThatCannotBe_IsRefusedWithItsFaults(string what)
    {
        GiveawayPlan plan = _app.Plan();
        GiveawayPlan wrong = what switch
        {
            "title" => plan with { Title = "x" },
            "prizes" => plan with { Prizes = [plan.Prizes[0] with { Quantity = 1_001 }] },
            "times" => plan with { EndsAt = plan.StartsAt },
            "days" => plan with { EndsAt = plan.StartsAt.AddDays(91) },
            "currency" => plan with { Currency = "XXY" },
            _ => plan with { Mode = DrawMode.Draw },
        };
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_giveaway"),
            await _app.RefusedAsync(HttpMethod.Post, "giveaways", wrong));
    }

    private static string? Funding(JsonElement view, string name) =>
        view.GetProperty("funding").GetProperty(name).GetString();

    private static string? Commitment(JsonElement view) => view.GetProperty("draw").GetProperty("commitment").GetString();

    private static int Revision(JsonElement view, int otherwise) =>
        view.TryGetProperty("revision", out JsonElement revision) ? revision.GetInt32() : otherwise;

    private static string[] Titles(JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("plan").GetProperty("title").GetString()!)];

    private (HttpMethod Method, string Route, object? Body)[] Routes(string id) =>
    [
        (HttpMethod.Get, $"giveaways/{id}", null),
        (HttpMethod.Put, $"giveaways/{id}", new GiveawayEdit(1, _app.Plan())),
        (HttpMethod.Delete, $"giveaways/{id}", null),
        (HttpMethod.Post, $"giveaways/{id}/schedule", null),
        (HttpMethod.Post, $"giveaways/{id}/reschedule", new Rescheduling(_app.Now.AddHours(1), _app.Now.AddHours(2))),
        (HttpMethod.Post, $"giveaways/{id}/pause", null),
        (HttpMethod.Post, $"giveaways/{id}/resume", null),
        (HttpMethod.Post, $"giveaways/{id}/cancel", new Cancellation("No.")),
        (HttpMethod.Get, $"giveaways/{id}/dashboard", null),
        (HttpMethod.Get, $"giveaways/{id}/prizes", null),
        (HttpMethod.Get, $"giveaways/{id}/participants", null),
    ];
}
