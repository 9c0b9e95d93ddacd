using System.Net;
using System.Text.Json;
using FinVault.Identity;

namespace FinVault.Tests.Portfolios.Plans;

/// <summary>A plan is reviewed, and then recorded whole or refused.</summary>
public sealed class RebalanceTests : IAsyncLifetime
{
    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Plan_IsWhatAHandReckons()
    {
        (string account, JsonElement plan) = await PlanAsync();
        JsonElement inside = plan.GetProperty("plan");

        // 60,000 + 30,000 + 20,000: 55,000 each. INFY is outside its band and wants 25,000, of which 20,000 are there;
        // TCS is above target, so 8 of it go (5,000 would be 8⅓), and 24,800 buy 82 INFY.
        Assert.Equal(11_000_000, inside.GetProperty("total").GetInt64());
        Assert.Equal([("sell", "TCS", 8m, 480_000L), ("buy", "INFY", 82m, -2_460_000L)], Orders(inside));
        Assert.Equal((2_000_000L, 20_000L), (
            inside.GetProperty("cashBefore").GetInt64(), inside.GetProperty("cashAfter").GetInt64()));

        // 8 × 100 gained within a year: a fifth of it.
        Assert.Equal(16_000, inside.GetProperty("tax").GetInt64());
        Assert.Equal(600m, plan.GetProperty("prices").EnumerateArray().Last().GetProperty("price").GetDecimal());
        Assert.Equal(
            "open", (await _app.GetAsync($"portfolios/{account}/rebalance/{Id(plan)}")).GetProperty("state").GetString());
        Assert.Empty(await _app.PendingAsync(account));
    }

    [Fact]
    public async Task Plan_KeepsCashForWhatIsOwed_AndLeavesThatAlone()
    {
        string account = await _app.DriftedAsync();
        await _app.SendAsync(HttpMethod.Put, $"portfolios/{account}/settings", new { shortSelling = true });
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "WIPRO", 10, 1_000, "2023-01-03"));
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300), ("WIPRO", 1_200));
        JsonElement plan = (await _app.PostAsync($"portfolios/{account}/rebalance", new { })).GetProperty("plan");

        // 60,000 + 30,000 + 20,000, and 10,000 of the short sale, which costs 12,000 to buy back.
        Assert.Equal((10_800_000L, 3_000_000L), (plan.GetProperty("total").GetInt64(), plan.GetProperty("cashBefore").GetInt64()));
        Assert.DoesNotContain(Orders(plan), order => order.Item2 == "WIPRO");
        Assert.InRange(plan.GetProperty("cashAfter").GetInt64(), 1_200_000, 3_000_000);
        await _app.TargetAsync(account, "onRequest", ("TCS", 0.5m), ("WIPRO", 0.5m));
        Assert.Equal("held_short", (await _app.RefusedAsync($"portfolios/{account}/rebalance", new { })).Reason);
    }

    [Fact]
    public async Task Confirm_RecordsAllOrdersOnce()
    {
        (string account, JsonElement plan) = await PlanAsync();
        string route = $"portfolios/{account}/rebalance/{Id(plan)}/confirm";
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _app.SendAsync(HttpMethod.Post, route)));

        Assert.All(answers, answer => Assert.Equal(
            (HttpStatusCode.OK, "confirmed"), (answer.Status, answer.Body.GetProperty("state").GetString())));
        JsonElement[] orders = await _app.PendingAsync(account);
        Assert.Equal(
            ["INFY 82 300", "TCS 8 600"],
            orders.Select(order => FormattableString.Invariant(
                $"{order.GetProperty("symbol")} {order.GetProperty("quantity").GetDecimal():0} {order.GetProperty("price").GetDecimal():0}")));
        Assert.Equal(100m, (await _app.PositionAsync(account, "TCS"))!.Quantity);
        Assert.Equal(
            (HttpStatusCode.Conflict, "plan_outdated", "confirmed"),
            await _app.RefusedAsync($"portfolios/{account}/rebalance/{Id(plan)}/cancel", new { }));
    }

    [Fact]
    public async Task Confirm_AfterAPriceMoved_IsRefusedAndLeavesNothing()
    {
        (string account, JsonElement plan) = await PlanAsync();
        await _app.PriceAsync(1, ("INFY", 302));

        Assert.Equal((HttpStatusCode.Conflict, "plan_outdated", "prices"), await ConfirmAsync(account, plan));
        Assert.Empty(await _app.PendingAsync(account));

        // It is out of date, so another takes its place.
        JsonElement next = await _app.PostAsync($"portfolios/{account}/rebalance", new { });
        Assert.Equal(
            "expired", (await _app.GetAsync($"portfolios/{account}/rebalance/{Id(plan)}")).GetProperty("state").GetString());
        Assert.Equal("open", next.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Confirm_AfterATradeOrOtherTargetsOrTooLate_IsRefused()
    {
        (string account, JsonElement plan) = await PlanAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("sell", "TCS", 1, 600, "2023-12-01"));
        Assert.Equal("holdings", (await ConfirmAsync(account, plan)).Reason);

        plan = await _app.PostAsync($"portfolios/{account}/rebalance", new { });
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        await _app.TargetAsync(account, "onRequest", ("TCS", 0.4m), ("INFY", 0.6m));
        Assert.Equal("targets", (await ConfirmAsync(account, plan)).Reason);

        plan = await _app.PostAsync($"portfolios/{account}/rebalance", new { });
        _app.Clock.JumpTo(_app.Clock.GetUtcNow().AddMinutes(15));
        Assert.Equal("expired", (await ConfirmAsync(account, plan)).Reason);
        Assert.Empty(await _app.PendingAsync(account));
    }

    [Fact]
    public async Task Account_HasOneOpenPlan()
    {
        string account = await _app.DriftedAsync();
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300));
        string route = $"portfolios/{account}/rebalance";
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _app.SendAsync(HttpMethod.Post, route)));

        JsonElement plan = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created).Body;
        Assert.Equal(4, answers.Count(answer => PortfolioApp.TextOf(answer.Body, "code") == "plan_open"));
        JsonElement cancelled = await _app.PostAsync($"{route}/{Id(plan)}/cancel", new { });
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        Assert.Equal("closed", (await ConfirmAsync(account, plan)).Reason);
        Assert.Equal(HttpStatusCode.Created, (await _app.SendAsync(HttpMethod.Post, route)).Status);
    }

    [Fact]
    public async Task Plan_OfMoreOrdersThanABatch_IsRecordedWhole()
    {
        string account = await _app.OpenAsync(tracksCash: true);
        await _app.RecordAsync(account, new
        {
            kind = "deposit", currency = "INR", amount = 100_000_000, tradedAt = PortfolioApp.At("2023-01-02"),
        });
        var symbols = Enumerable.Range(0, 120).Select(i => $"S{i:D3}").ToArray();
        await _app.PriceAsync(0, [.. symbols.Select(symbol => (symbol, 100m))]);
        await _app.SendAsync(HttpMethod.Put, $"portfolios/{account}/targets", new
        {
            rules = new { targets = symbols.ToDictionary(symbol => symbol, _ => 0.008m), band = 0.001m },
        });
        JsonElement plan = await _app.PostAsync($"portfolios/{account}/rebalance", new { });
        JsonElement confirmed = await _app.PostAsync($"portfolios/{account}/rebalance/{Id(plan)}/confirm", new { });

        JsonElement[] orders = await _app.PendingAsync(account);
        Assert.Equal(120, orders.Length);
        Assert.Equal(
            confirmed.GetProperty("transactions").EnumerateArray().Select(id => id.GetString()).Order(),
            orders.Select(order => order.GetProperty("id").GetString()).Order());
        Assert.Equal(
            Enumerable.Range(2, 120).Select(i => (long)i), orders.Select(order => order.GetProperty("sequence").GetInt64()).Order());
    }

    [Fact]
    public async Task Plan_WithoutAPriceOrTargets_IsUnavailable()
    {
        string account = await _app.OpenAsync(tracksCash: true);
        Assert.Equal("no_targets", (await _app.RefusedAsync($"portfolios/{account}/rebalance", new { })).Code);
        await _app.TargetAsync(account, "onRequest", ("NEVERSEEN", 1));
        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "plan_unavailable", "missing_price"),
            await _app.RefusedAsync($"portfolios/{account}/rebalance", new { }));
        (HttpStatusCode status, JsonElement body) = await _app.TargetAsync(account, "onRequest", ("A", 0.6m), ("B", 0.6m));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_targets"), (status, PortfolioApp.TextOf(body, "code")));
    }

    [Fact]
    public async Task Plans_AreListedNewestFirst_WithWhatBecameOfEach()
    {
        (string account, JsonElement cancelled) = await PlanAsync();
        string route = $"portfolios/{account}/rebalance";
        await _app.PostAsync($"{route}/{Id(cancelled)}/cancel", new { });
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement confirmed = await _app.PostAsync(route, new { });
        await _app.PostAsync($"{route}/{Id(confirmed)}/confirm", new { });
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement expired = await _app.PostAsync(route, new { });
        Assert.Equal("open", (await _app.GetAsync($"{route}?limit=1")).GetProperty("data")[0].GetProperty("state").GetString());
        _app.Clock.JumpTo(_app.Clock.GetUtcNow().AddMinutes(15));

        JsonElement first = await _app.GetAsync($"{route}?limit=2");
        JsonElement rest = await _app.GetAsync($"{route}?limit=2&cursor={PortfolioApp.TextOf(first, "nextCursor")}");
        JsonElement[] all = [.. new[] { first, rest }.SelectMany(page => page.GetProperty("data").EnumerateArray())];
        Assert.Equal(
            [(Id(expired), "expired"), (Id(confirmed), "confirmed"), (Id(cancelled), "cancelled")],
            all.Select(plan => (Id(plan), plan.GetProperty("state").GetString()!)));
        Assert.Null(PortfolioApp.TextOf(rest, "nextCursor"));
        Assert.Equal(
            ("owner", "INR", 2, 11_000_000L, 16_000L),
            (PortfolioApp.TextOf(all[1], "trigger"), PortfolioApp.TextOf(all[1], "currency"),
                all[1].GetProperty("orders").GetInt32(), all[1].GetProperty("total").GetInt64(), all[1].GetProperty("tax").GetInt64()));
        Assert.Equal(
            [JsonValueKind.Null, JsonValueKind.String, JsonValueKind.Null], all.Select(plan => plan.GetProperty("tradesAt").ValueKind));
    }

    [Fact]
    public async Task Plans_AreTheOwnersOnly()
    {
        (string account, JsonElement plan) = await PlanAsync();
        _app.SignIn(PortfolioApp.Harish, Roles.User);
        string route = $"portfolios/{account}";
        var answers = new[]
        {
            await _app.SendAsync(HttpMethod.Get, $"{route}/targets"),
            await _app.TargetAsync(account, "automatic", ("TCS", 1)),
            await _app.SendAsync(HttpMethod.Get, $"{route}/rebalance"),
            await _app.SendAsync(HttpMethod.Post, $"{route}/rebalance"),
            await _app.SendAsync(HttpMethod.Get, $"{route}/rebalance/{Id(plan)}"),
            await _app.SendAsync(HttpMethod.Post, $"{route}/rebalance/{Id(plan)}/confirm"),
            await _app.SendAsync(HttpMethod.Post, $"{route}/rebalance/{Id(plan)}/cancel"),
        };
        Assert.All(answers, answer => Assert.Equal("unknown_portfolio", PortfolioApp.TextOf(answer.Body, "code")));
    }

    private async Task<(string Account, JsonElement Plan)> PlanAsync()
    {
        string account = await _app.DriftedAsync();
        await _app.PriceAsync(0, ("TCS", 600), ("INFY", 300));
        return (account, await _app.PostAsync($"portfolios/{account}/rebalance", new { }));
    }

    private Task<(HttpStatusCode Status, string? Code, string? Reason)> ConfirmAsync(string account, JsonElement plan) =>
        _app.RefusedAsync($"portfolios/{account}/rebalance/{Id(plan)}/confirm", new { });

    private static string Id(JsonElement plan) => plan.GetProperty("id").GetString()!;

    private static (string, string, decimal, long)[] Orders(JsonElement plan) =>
    [
        .. plan.GetProperty("orders").EnumerateArray().Select(order => (
            order.GetProperty("side").GetString()!, order.GetProperty("symbol").GetString()!,
            order.GetProperty("quantity").GetDecimal(), order.GetProperty("cash").GetInt64())),
    ];
}
