using FinVault.Local.Cosmos;
using FinVault.Tests.Market.Reference;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.App;

/// <summary>The store refuses, is slow to admit what it did, or was written by somebody else: the market is the same.</summary>
public sealed class FaultyStoreTests
{
    [Theory]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.PreconditionFailed)]
    [InlineData(FaultKind.DoneButUnavailable)]
    [InlineData(FaultKind.DoneButTimedOut)]
    public async Task Ingest_WhenAThirdOfTheWritesFail_LosesAndDoublesNothing(FaultKind kind)
    {
        List<ReferenceTick> ticks =
            [.. ReferenceTick.ReadRecording(Repository.PathTo("local/host/Feed/sample-ticks.csv.gz")).Take(3_000)];
        ReferenceMarket reference = new();
        ticks.ForEach(reference.Take);
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with
        {
            Settings = new Dictionary<string, string?> { ["Market:WindowMilliseconds"] = "0" },
        });
        using IDisposable faults = app.Host.Cosmos.Faults.Add(new FaultRule(kind)
        {
            Operation = CosmosOperation.Batch, Share = 0.33, RetryAfter = TimeSpan.FromMilliseconds(1),
        });

        HttpFeed feed = new(ticks, 100);
        await feed.SendAsync(app.Host.BaseAddress, feed.Calls, default);
        using MarketOverHttp market = new(app.Host.BaseAddress);

        Assert.Equal(ReferenceViews.Of(reference), await market.LinesAsync(ticks.Count));
        Assert.True(app.Host.Cosmos.Faults.Injected > 0, "No fault was met.");
    }
}
