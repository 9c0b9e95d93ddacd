using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Tests.Local.SignalR;

namespace FinVault.Tests.Portfolios;

/// <summary>A portfolio that is looked at is pushed with the ticks, once a second at most, and no longer than that.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Portfolio_ThatIsLookedAt_IsPushedWithItsTotal_OnceASecondAtMost()
    {
        string account = await HoldAsync();
        using RawClient client = await ConnectAsync(PortfolioApp.Asha);
        JsonElement watch = await _app.PostAsync("portfolios/live", new { });
        Assert.Equal(_app.Clock.GetUtcNow().AddSeconds(60), watch.GetProperty("expiresAt").GetDateTimeOffset());
        List<JsonElement> updates = [];
        for (int i = 1; i <= 4; i++)
        {
            await _app.TickAsync("TCS", 100 + i, i * 10);
            await _app.TickAsync("NEVERHELD", 100 + i, i * 10);
            updates.Add(await HearAsync(client));
        }

        JsonElement last = updates[^1];
        JsonElement row = Assert.Single(last.GetProperty("rows").EnumerateArray());
        Assert.Equal(account, last.GetProperty("accounts")[row[0].GetInt32()][0].GetString());
        Assert.Equal(("TCS", 104m, 104_000L), (row[1].GetString(), row[3].GetDecimal(), row[7].GetInt64()));
        Assert.Equal(104_000L, last.GetProperty("total")[1].GetInt64());
        long[] times = [.. updates.Select(update => update.GetProperty("at").GetInt64())];
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 1_000));
    }

    [Fact]
    public async Task Ticks_HoweverMany_CostThePortfoliosNoRead()
    {
        await HoldAsync();
        using RawClient client = await ConnectAsync(PortfolioApp.Asha);
        await _app.PostAsync("portfolios/live", new { });
        await _app.TickAsync("TCS", 101, 10);
        await HearAsync(client);
        EmbeddedCosmos cosmos = _app.Get<EmbeddedCosmos>();
        cosmos.Ledger.Reset();
        for (int i = 1; i <= 20; i++)
        {
            await _app.TickAsync("TCS", 101 + i, 10 + i);
        }

        Assert.Equal(0, Requests(cosmos));

        // A look for new watches every other second, whatever the ticks, one query each.
        await HearAsync(client);
        Assert.InRange(Requests(cosmos), 0, 6);
    }

    // Others look at the container's change feed all the time.
    private static long Requests(EmbeddedCosmos cosmos) => cosmos.Ledger.Snapshot()
        .Where(line => line.Container == "portfolios" && line.Operation is (CosmosOperation.Read or CosmosOperation.Query))
        .Sum(line => line.Requests);

    [Fact]
    public async Task Portfolio_ThatNobodyLooksAtAnyMore_IsNotPushed()
    {
        await HoldAsync();
        using RawClient client = await ConnectAsync(PortfolioApp.Asha);
        using RawClient stranger = await ConnectAsync(PortfolioApp.Harish);
        await _app.PostAsync("portfolios/live", new { });
        await _app.TickAsync("TCS", 101, 10);
        await HearAsync(client);
        _app.Clock.Advance(TimeSpan.FromSeconds(61));
        await _app.TickAsync("TCS", 102, 20, minutes: 1);
        for (int i = 0; i < 20; i++)
        {
            _app.Clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        // The next that either gets is the answer to its own call.
        foreach (RawClient one in new[] { client, stranger })
        {
            await one.SendAsync("""{"type":1,"invocationId":"w","target":"Watch","arguments":[["TCS"]]}""");
            JsonElement next = await one.NextAsync(record => record.GetProperty("type").GetInt32() is 1 or 3
                && PortfolioApp.TextOf(record, "target") != "feed");
            Assert.True(next.GetProperty("type").GetInt32() == 3, $"Not to be heard: {next}");
        }
    }

    private async Task<string> HoldAsync()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        return account;
    }

    private Task<RawClient> ConnectAsync(string user) => RawClient.ConnectAsync(
        new Uri(_app.App.Client.BaseAddress!, "api/v1/realtime/negotiate"),
        _app.App.Sessions.Issue(new CurrentUser(user, PortfolioApp.Tenant, new HashSet<string> { Roles.User })));

    // The window is by the host's clock, and begins when the pipeline has published, shortly after the tick is counted.
    private async Task<JsonElement> HearAsync(RawClient client)
    {
        using CancellationTokenSource done = new();
        Task clock = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                _app.Clock.Advance(TimeSpan.FromMilliseconds(250));
                await Task.Delay(20);
            }
        });
        JsonElement heard = await client.NextAsync(record => PortfolioApp.TextOf(record, "target") == "portfolio");
        await done.CancelAsync();
        await clock;
        return heard.GetProperty("arguments")[0];
    }
}
