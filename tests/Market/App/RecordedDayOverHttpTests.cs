using FinVault.Tests.Market.Reference;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.App;

/// <summary>A real day through the whole app: HTTP, hub, trigger, store, and read back over HTTP.</summary>
public sealed class RecordedDayOverHttpTests
{
    [SharedDataFact("data", "ticks", "nse_ticks_2021-06-10.csv.gz")]
    public Task TheFeedOf10June2021_OverHttp_IsTheReferencesMarket() => CompareAsync("nse_ticks_2021-06-10.csv.gz");

    private static async Task CompareAsync(string file)
    {
        List<ReferenceTick> ticks = ReferenceTick.ReadRecording(Repository.Shared("data", "ticks", file));
        ReferenceMarket reference = new();
        ticks.ForEach(reference.Take);
        await using AppHost app = await AppHost.StartAsync();
        HttpFeed feed = new(ticks, 5_000);
        await feed.SendAsync(app.Host.BaseAddress, feed.Calls, default);
        using MarketOverHttp market = new(app.Host.BaseAddress);

        Assert.Equal(ReferenceViews.Of(reference), await market.LinesAsync(ticks.Count));
    }
}
