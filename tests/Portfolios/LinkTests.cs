using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Performance;
using FinVault.Tests.Portfolios.Snapshots;

namespace FinVault.Tests.Portfolios;

/// <summary>A link shows what its owner chose, to whoever has its token, until it ends.</summary>
public sealed class LinkTests(SharedSnapshotApp shared) : IClassFixture<SharedSnapshotApp>
{
    private readonly SnapshotApp _app = shared.As(PortfolioApp.Asha);

    [Fact]
    public async Task Link_ShowsPercentagesOrAmounts_AndEndsAtOnce()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-12-28"));
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "INFY", 10, 250, "2023-12-28"));
        await _app.TicksAsync("TCS", ("2023-12-28", 100), ("2023-12-29", 125), ("2024-01-01", 125), ("2024-01-02", 100));
        await _app.TicksAsync("INFY", ("2023-12-28", 250), ("2023-12-29", 300), ("2024-01-01", 300), ("2024-01-02", 300));
        await _app.MakeAsync(account);
        (string percentages, string id) = await MakeAsync(new { name = "Mine", shows = "percentages", accounts = new[] { account } });
        (string amounts, _) = await MakeAsync(new { name = "All", shows = "amounts", days = 1 });

        (HttpStatusCode status, string text) = await ReadAsync(percentages);
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement view = JsonElement.Parse(text);
        JsonElement first = view.GetProperty("holdings")[0];
        Assert.Equal(("INFY", 0.75), (PortfolioApp.TextOf(first, "symbol"), SnapshotApp.Value(first, "weight")));
        Assert.Equal(0.2, SnapshotApp.Value(first, "unrealized")!.Value, 12);
        Assert.Equal(-0.2, SnapshotApp.Value(view.GetProperty("holdings")[1], "dayChange")!.Value, 12);
        Assert.Equal(
            (4_250.0 / 3_500) - 1, SnapshotApp.Value(view.GetProperty("performance"), "timeWeighted")!.Value, 12);
        // Nothing in it says how much it is, nor whose.
        Assert.Equal(JsonValueKind.Null, view.GetProperty("amounts").ValueKind);
        foreach (string secret in new[] { "400000", "300000", "1000", account, PortfolioApp.Asha, "\"quantity\"" })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        JsonElement all = JsonElement.Parse((await ReadAsync(amounts)).Text);
        Assert.Equal(400_000L, SnapshotApp.Amount(all.GetProperty("amounts"), "value"));
        Assert.Equal(10m, all.GetProperty("holdings")[0].GetProperty("amounts").GetProperty("quantity").GetDecimal());

        // Only hashes are kept.
        List<JsonElement> kept = await _app.Get<PortfolioDocuments>().ListAsync<JsonElement>(
            null,
            new("SELECT * FROM c WHERE c.type IN ('link', 'linkPointer') AND "
                + $"(c.owner = '{PortfolioApp.Asha}' OR ENDSWITH(c.owners, ':{PortfolioApp.Asha}'))"),
            default);
        Assert.Equal(4, kept.Count);
        Assert.DoesNotContain(kept, one => one.GetRawText().Contains(percentages[4..], StringComparison.Ordinal));

        using HttpResponseMessage ended = await _app.App.Client.DeleteAsync(
            new Uri($"api/v1/portfolios/links/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(percentages)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(percentages[..^1] + "!")).Status);
        Assert.Equal(1, (await _app.App.GetJsonAsync("api/v1/portfolios/links")).GetProperty("data").GetArrayLength());
        _app.Clock.JumpTo(_app.Clock.GetUtcNow().AddDays(1));
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(amounts)).Status);
    }

    [Fact]
    public async Task Link_ToWhatIsSomebodyElses_IsRefused()
    {
        string account = await _app.OpenAsync();
        shared.As(PortfolioApp.Harish);
        foreach ((object body, HttpStatusCode expected) in new[]
        {
            ((object)new { name = "Not mine", shows = "amounts", accounts = new[] { account } }, HttpStatusCode.NotFound),
            (new { name = " ", shows = "amounts" }, HttpStatusCode.BadRequest),
            (new { name = "Long", shows = "amounts", days = 366 }, HttpStatusCode.BadRequest),
            (new { name = "Nothing", shows = "amounts" }, HttpStatusCode.BadRequest),
        })
        {
            using HttpResponseMessage answer = await _app.App.Client.PostAsJsonAsync("api/v1/portfolios/links", body);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Links_MadeAtOnce_AreNeverMoreThanMayBe()
    {
        CurrentUser user = new(Ids.New("USER", TimeProvider.System), PortfolioApp.Tenant, new HashSet<string> { Roles.User });
        shared.As(user.UserId);
        await _app.OpenAsync();
        PortfolioLinks links = _app.Get<PortfolioLinks>();
        MadeLink?[] made = await Task.WhenAll(Enumerable.Range(0, PortfolioLinks.MaxPerUser + 5).Select(async i =>
        {
            try
            {
                return await links.MakeAsync(user, new($"Link {i}", LinkShows.Percentages), default);
            }
            catch (ProblemException refused) when (refused.Problem == Problems.TooManyLinks)
            {
                return null;
            }
        }));

        Assert.Equal(PortfolioLinks.MaxPerUser, made.Count(one => one is not null));
        Assert.Equal(PortfolioLinks.MaxPerUser, (await links.ListAsync(user, default)).Count);
        // Whoever ends one may make another.
        await links.EndAsync(user, made.First(one => one is not null)!.Link.Id, default);
        await links.MakeAsync(user, new("Another", LinkShows.Percentages), default);
        await Assert.ThrowsAsync<ProblemException>(() => links.MakeAsync(user, new("More", LinkShows.Percentages), default));
    }

    private async Task<(string Token, string Id)> MakeAsync(object link)
    {
        JsonElement made = await _app.App.PostJsonAsync("api/v1/portfolios/links", link);
        return (made.GetProperty("token").GetString()!, made.GetProperty("link").GetProperty("id").GetString()!);
    }

    // As nobody: what is sent is the token alone.
    private async Task<(HttpStatusCode Status, string Text)> ReadAsync(string token)
    {
        using HttpClient stranger = new() { BaseAddress = _app.App.Client.BaseAddress };
        using HttpResponseMessage answer = await stranger.PostAsJsonAsync("api/v1/shared/portfolio", new { token });
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
