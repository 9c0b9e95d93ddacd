using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Market.Ingest;
using FinVault.Portfolios;
using FinVault.Tests.Local.SignalR;
using Microsoft.Extensions.DependencyInjection;

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
            // Sooner than a second after a message there is none.
            Assert.Equal(0, await RoundAsync());
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
        int ticks = 0;
        // What was begun before is not counted: it ends. A read for each tick would be there each time.
        await Support.Eventually.TrueAsync(
            async () =>
            {
                cosmos.Ledger.Reset();
                for (int i = 0; i < 20; i++)
                {
                    ticks++;
                    await _app.TickAsync("TCS", 101 + ticks, 10 + ticks);
                }

                return Requests(cosmos) == 0;
            },
            "no read for twenty ticks");

        // Looks for new watches, whatever the ticks: one query a share.
        await HearAsync(client);
        int shares = (await _app.Get<TicksHub>().PartitionIdsAsync(default)).Length;
        Assert.InRange(Requests(cosmos), 0, (2 * shares) + 2);
    }

    [Fact]
    public async Task Portfolio_OfSymbolsOfManyPartitions_IsToldInOneMessage_ByWhoHasItsShare()
    {
        string account = await HoldAsync();
        string[] symbols = ["TCS", .. Enumerable.Range(0, 7).Select(i => $"WIDE-{i}")];
        foreach (string symbol in symbols[1..])
        {
            await _app.RecordAsync(account, PortfolioApp.Trade("buy", symbol, 10, 100, "2023-01-02"));
        }

        using RawClient client = await ConnectAsync(PortfolioApp.Asha);
        await _app.PostAsync("portfolios/live", new { });
        foreach (string symbol in symbols)
        {
            await _app.TickAsync(symbol, 101, 10);
        }

        HashSet<string> partitions = [];
        foreach (string symbol in symbols)
        {
            partitions.Add(await _app.Get<TicksHub>().PartitionOfAsync(symbol, default));
        }

        Assert.NotInRange(partitions.Count, 0, 1);
        // Another instance that has the share now tells of all that came since somebody said that they look.
        await using PortfolioPulse next = ActivatorUtilities.CreateInstance<PortfolioPulse>(_app.App.Host.Services);
        Assert.Equal(1, await RoundAsync(next));
        JsonElement update = (await client.NextAsync(
            record => PortfolioApp.TextOf(record, "target") == "portfolio")).GetProperty("arguments")[0];
        Assert.Equal(
            symbols.Order(StringComparer.Ordinal),
            update.GetProperty("rows").EnumerateArray().Select(row => row[1].GetString()!).Order(StringComparer.Ordinal));
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
        Assert.Equal(0, await RoundAsync());

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

    // The clock stands still but for a second before each: without it nothing is due. A round that was ordered meanwhile may
    // have told of it first.
    private async Task<JsonElement> HearAsync(RawClient client)
    {
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        await RoundAsync();
        JsonElement heard = await client.NextAsync(record => PortfolioApp.TextOf(record, "target") == "portfolio");
        return heard.GetProperty("arguments")[0];
    }

    /// <summary>A round of every share; how many portfolios were told.</summary>
    private async Task<int> RoundAsync(PortfolioPulse? pulse = null)
    {
        pulse ??= _app.Get<PortfolioPulse>();
        int told = 0;
        foreach (string share in await _app.Get<TicksHub>().PartitionIdsAsync(default))
        {
            told += await pulse.RoundAsync(share, default);
        }

        return told;
    }
}
