using System.Net;
using System.Text.Json;
using FinVault.Identity;

namespace FinVault.Tests.Portfolios.Plans;

/// <summary>Losses worth taking over all accounts, by hand-reckoned numbers.</summary>
public sealed class TaxLossRouteTests : IAsyncLifetime
{
    private const string Route = $"users/{PortfolioApp.Asha}/tax-loss-opportunities";

    private PortfolioApp _app = null!;
    private string _old = null!;
    private string _new = null!;

    public async Task InitializeAsync()
    {
        _app = await PortfolioApp.StartAsync();
        _old = await _app.OpenAsync();
        _new = await _app.OpenAsync();
        await _app.RecordAsync(_old, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-06-01"));
        await _app.RecordAsync(_old, PortfolioApp.Trade("buy", "INFY", 10, 84, "2023-06-01"));
        await _app.RecordAsync(_new, PortfolioApp.Trade("buy", "TCS", 4, 92, "2023-12-20"));
        await _app.PriceAsync(0, ("TCS", 80), ("INFY", 80));
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Opportunities_MeetPurchasesOfOtherAccounts()
    {
        JsonElement[] found = [.. (await _app.GetAsync(Route)).GetProperty("opportunities").EnumerateArray()];

        // INFY cost 84 = 1.05 × 80, which is not more. Of the old lot's ten, four are replaced by the new one.
        Assert.Equal(
            [(_old, 20_000L, 8_000L, 12_000L), (_new, 4_800L, 0L, 4_800L)],
            found.Select(one => (
                one.GetProperty("account").GetString()!, Long(one, "unrealizedLoss"), Long(one, "disallowed"), Long(one, "deductible"))));
        JsonElement replacement = Assert.Single(found[0].GetProperty("replacements").EnumerateArray());
        Assert.Equal((_new, 44_800L, 8_000L), (
            replacement.GetProperty("account").GetString(), Long(replacement, "adjustedCost"), Long(replacement, "inherited")));
        Assert.Equal("2024-02-02", found[0].GetProperty("buyAgainFrom").GetString());
        Assert.Equal("2024-01-20", found[0].GetProperty("clearFrom").GetString());
        Assert.Contains("80.00 INR of it would not count", found[0].GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_TellsWhatCouldBeDeducted()
    {
        JsonElement[] found = [.. (await _app.GetAsync(Route)).GetProperty("opportunities").EnumerateArray()];
        string lot = found[0].GetProperty("lot").GetString()!;
        JsonElement trial = await _app.PostAsync($"{Route}/what-if", new { sales = new[] { new { account = _old, lot, quantity = 10 } } });
        Assert.Equal((-20_000L, 8_000L, -12_000L, -12_000L), (
            Long(trial, "gain"), Long(trial, "disallowed"), Long(trial, "deductible"), Long(trial, "shortTerm")));

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "lot_not_open"), await RefusedAsync(new { account = _old, lot, quantity = 11 }));
        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "lot_not_open"), await RefusedAsync(new { account = _new, lot, quantity = 1 }));
    }

    [Fact]
    public async Task Csv_HasARowForEach()
    {
        using HttpResponseMessage answer = await _app.App.Client.GetAsync(new Uri($"api/v1/{Route}?format=csv", UriKind.Relative));
        string[] rows = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(3, rows.Length);
        Assert.StartsWith($"{_old},TCS,", rows[1].TrimStart('\uFEFF'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_IsKeptForAnHour_AndDroppedByWhateverChangesAHolding()
    {
        string first = await ComputedAsync();
        _app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(first, await ComputedAsync());

        await _app.RecordAsync(_new, PortfolioApp.Trade("buy", "TCS", 1, 80, "2023-12-29"));
        string bought = await ComputedAsync();
        Assert.NotEqual(first, bought);

        _app.Clock.Advance(TimeSpan.FromSeconds(30));
        await _app.TargetAsync(_new, "onRequest", ("TCS", 0.5m));
        JsonElement plan = await _app.PostAsync($"portfolios/{_new}/rebalance", new { });
        await _app.PostAsync($"portfolios/{_new}/rebalance/{plan.GetProperty("id").GetString()}/confirm", new { });
        string second = await ComputedAsync();
        Assert.NotEqual(bought, second);

        _app.Clock.JumpTo(_app.Clock.GetUtcNow().AddHours(1));
        Assert.NotEqual(second, await ComputedAsync());
    }

    [Fact]
    public async Task Losses_AreTheUsersOwn()
    {
        _app.SignIn(PortfolioApp.Harish, Roles.User);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(HttpMethod.Get, Route)).Status);
        JsonElement own = await _app.GetAsync($"users/{PortfolioApp.Harish}/tax-loss-opportunities");
        Assert.Empty(own.GetProperty("opportunities").EnumerateArray());
    }

    private async Task<string> ComputedAsync() => (await _app.GetAsync(Route)).GetProperty("computedAt").GetString()!;

    private async Task<(HttpStatusCode Status, string? Code)> RefusedAsync(object sale)
    {
        var refused = await _app.RefusedAsync($"{Route}/what-if", new { sales = new[] { sale } });
        return (refused.Status, refused.Code);
    }

    private static long Long(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
