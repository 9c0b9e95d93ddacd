using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Local.Cosmos;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Market.Store;

/// <summary>Bars of so many days that they take several transactions: whatever happens between those, none is lost.</summary>
public sealed class HistoryStoreTests : IAsyncLifetime, IDisposable
{
    private const string Symbol = "TCS";
    private const int Days = 16;
    private const int HoursADay = 6;

    private readonly Exchanges _exchanges = Exchanges.Load();
    private readonly ManualClock _clock = new();
    private EmbeddedCosmos _cosmos = null!;
    private CosmosClient _client = null!;
    private long _sequence;

    public async Task InitializeAsync()
    {
        _cosmos = EmbeddedCosmos.Open(null, _clock);
        await _cosmos.EnsureCreatedAsync(Containers.Database, Containers.All, default);
        _client = _cosmos.CreateClient();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _client.Dispose();
        _cosmos.Dispose();
    }

    [Fact]
    public async Task Store_CutBetweenItsTransactions_HasAllBarsAfterARestart()
    {
        Shard shard = Filled();
        byte[] committed = BoardOf(shard);
        using (_cosmos.Faults.Add(new(FaultKind.Unavailable)
        {
            Container = Containers.History, Operation = CosmosOperation.Batch, Skip = 1,
        }))
        {
            await Assert.ThrowsAsync<CosmosException>(() => new HistoryStore(_client).StoreAsync(PlanOf(shard), default));
        }

        Assert.InRange((await BarsAsync(ChunkKind.Minutes)).Count, 1, (Days * HoursADay) - 1);
        HistoryStore store = new(_client);
        Shard again = await RestartedAsync(committed, store);
        SymbolStorePlan plan = PlanOf(again);
        await store.StoreAsync(plan, default);
        plan.Complete();

        Assert.Equal(Days * HoursADay, (await BarsAsync(ChunkKind.Minutes)).Count);
        Assert.Equal(Days, (await BarsAsync(ChunkKind.Days)).Count);
        Assert.Empty(SymbolStorePlan.Of(again, everything: true));
    }

    [Fact]
    public async Task Store_OfAnInstanceThatLosesTheShardBetween_ChangesNothingMore()
    {
        Shard shard = Filled();
        byte[] committed = BoardOf(shard);
        using CosmosClient slow = _cosmos.CreateClient(null, new BeforeBatch(2, async () =>
        {
            HistoryStore other = new(_client);
            Shard taken = await RestartedAsync(committed, other);
            Fold(taken, Tick(LastDay(), 9, 200));
            await other.StoreAsync(PlanOf(taken), default);
        }));

        CosmosException refused = await Assert.ThrowsAsync<CosmosException>(
            () => new HistoryStore(slow).StoreAsync(PlanOf(shard), default));
        Assert.Equal(System.Net.HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal(200, (await BarsAsync(ChunkKind.Minutes))[^1].Close);
        Assert.Equal(200, (await BarsAsync(ChunkKind.Days))[^1].Close);
    }

    private async Task<Shard> RestartedAsync(byte[] board, HistoryStore store)
    {
        Shard shard = new("0", _exchanges);
        using JsonDocument document = JsonDocument.Parse(board);
        shard.Boards.Add(BoardJson.Read(document.RootElement, shard, _exchanges));
        await store.LoadRingsAsync(shard.Symbols, default);
        return shard;
    }

    private Shard Filled()
    {
        Shard shard = new("0", _exchanges);
        DateOnly last = LastDay();
        DateOnly[] days = [.. Enumerable.Range(0, 60).Select(back => last.AddDays(-back))
            .Where(_exchanges.Of(Symbol).IsTradingDay).Take(Days).Order()];
        Fold(shard, [.. days.SelectMany(day => Enumerable.Range(4, HoursADay).Select(hour => Tick(day, hour, 100)))]);
        return shard;
    }

    private DateOnly LastDay() => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime).AddDays(-4);

    private void Fold(Shard shard, params string[] ticks)
    {
        ShardFold fold = new(shard, _clock);
        fold.Apply([.. ticks.Select(tick => new Arrived(tick, _sequence++, _clock.GetUtcNow()))]);
        fold.Committed();
        Assert.Equal(ticks.Length, fold.Accepted.Count);
    }

    private static string Tick(DateOnly day, int hour, int price)
    {
        DateTime at = day.ToDateTime(new(hour, 5, price / 10));
        return JsonSerializer.Serialize(
            new { symbol = Symbol, price, volume = (hour * 10) + (price / 100), eventTime = $"{at:yyyy-MM-ddTHH:mm:ss}Z" });
    }

    private static byte[] BoardOf(Shard shard) => BoardJson.Write(shard.Id, shard.Boards[0]).WrittenSpan.ToArray();

    private static SymbolStorePlan PlanOf(Shard shard) => Assert.Single(SymbolStorePlan.Of(shard, everything: true));

    private Task<List<Bar>> BarsAsync(ChunkKind kind) => new HistoryStore(_client).ReadBarsAsync(
        Symbol, kind, Micros.Of(new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Micros.Of(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)), default);

    private sealed class Arrived(string body, long sequence, DateTimeOffset at)
        : EventData(new BinaryData(Encoding.UTF8.GetBytes(body)), sequenceNumber: sequence, enqueuedTime: at);

    /// <summary>Does something before the nth transaction is sent.</summary>
    private sealed class BeforeBatch(int number, Func<Task> act) : RequestHandler
    {
        private int _batches;

        public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers["x-ms-cosmos-is-batch-request"] is not null && ++_batches == number)
            {
                await act();
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
