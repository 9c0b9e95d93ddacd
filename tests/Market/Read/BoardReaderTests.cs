using FinVault.Local.Cosmos;
using FinVault.Market;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Read;
using FinVault.Market.Store;
using FinVault.Platform;
using FinVault.Tests.Market.App;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Market.Read;

/// <summary>What readers keep of a board, and for how long.</summary>
public sealed class BoardReaderTests
{
    // A first tick was once not seen for an hour: it was committed after the empty board had been read and before that was
    // kept as one where nothing moves.
    [Fact]
    public async Task Read_OfAShardThatChangesMeanwhile_IsNotKept()
    {
        await using MarketApp market = await MarketApp.StartAsync();
        IServiceProvider services = market.App.Host.Services;
        string[] shards = await services.GetRequiredService<TicksHub>().PartitionIdsAsync(default);
        BoardReader? boards = null;
        bool changes = true;
        AskedClock clock = new(market.Clock, () => Array.ForEach(changes ? shards : [], id => boards!.Changed(id)));
        boards = new(
            services.GetRequiredService<ShardStore>(), services.GetRequiredService<TicksHub>(), new MarketOptions(), clock);
        // On a clock that stands still nobody else reads.
        FaultSwitches store = market.App.Host.Cosmos.Faults;
        using IDisposable counted = store.Add(new FaultRule(FaultKind.Latency)
        {
            Container = Containers.Market, Operation = CosmosOperation.Query, Delay = TimeSpan.Zero,
        });

        await boards.ReadAsync(default);
        await boards.ReadAsync(default);
        Assert.Equal(2 * shards.Length, store.Injected);
        changes = false;
        await boards.ReadAsync(default);
        await boards.ReadAsync(default);
        Assert.Equal(3 * shards.Length, store.Injected);
        Array.ForEach(shards, boards.Changed);
        await boards.ReadAsync(default);
        Assert.Equal(4 * shards.Length, store.Injected);
    }

    [Theory]
    [InlineData("RELIANCE", "2024-01-02T08:00:00+05:30", 60)]
    [InlineData("RELIANCE", "2024-01-02T09:00:00+05:30", 0)]
    [InlineData("RELIANCE", "2024-01-02T12:00:00+05:30", 0)]
    [InlineData("RELIANCE", "2024-01-02T20:00:00+05:30", 240)]
    [InlineData("RELIANCE", "2024-01-06T10:00:00+05:30", 840)]
    [InlineData("TEST-A", "2024-01-06T10:00:00+05:30", 0)]
    public void Rest_LastsNoLongerThanToTheNextOpening(string symbol, string now, int minutes)
    {
        Shard shard = new("0", Exchanges.Load());
        shard.Find(symbol);

        Assert.Equal(TimeSpan.FromMinutes(minutes), BoardRest.Of(shard, At(now)));
    }

    [Fact]
    public void Rest_OfAShardWithAnOpenExchange_IsNone()
    {
        Shard shard = new("0", Exchanges.Load());
        shard.Find("RELIANCE");
        shard.Find("TEST-A");

        Assert.Equal(TimeSpan.Zero, BoardRest.Of(shard, At("2024-01-06T10:00:00+05:30")));
    }

    private static long At(string time) =>
        Micros.Of(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Something happens whenever it is asked for the time.</summary>
    private sealed class AskedClock(TimeProvider clock, Action asked) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            asked();
            return clock.GetUtcNow();
        }
    }
}
