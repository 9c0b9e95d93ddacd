using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Store;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.Store;

/// <summary>Who looks at boards again and again makes only what ticked since.</summary>
public sealed class BoardJsonTests
{
    private readonly Exchanges _exchanges = Exchanges.Load();
    private readonly ManualClock _clock = new();
    private long _sequence = 1;

    [Fact]
    public void Look_AfterAnother_MakesWhatTickedSince_AndIsAsGoodAsTheFirst()
    {
        Shard written = new("0", _exchanges);
        Fold(written, "TEST-A", 100, 1);
        Fold(written, "TEST-B", 200, 1);
        Shard before = Read(written, null);
        Fold(written, "TEST-A", 101, 2);
        Shard after = Read(written, before), anew = Read(written, null);

        Assert.Same(before.Peek("TEST-B")!.State, after.Peek("TEST-B")!.State);
        Assert.Equal((2L, 101m), (after.Peek("TEST-A")!.State.Seq, after.Peek("TEST-A")!.State.Quote!.Price));
        Assert.Equal(1, before.Peek("TEST-A")!.State.Seq);
        // What stands beside the state is of the new board.
        Assert.All(after.Symbols, symbol => Assert.Same(after.Boards[0], symbol.Board));
        Assert.Equal(BoardJson.Write("0", anew.Boards[0]).WrittenSpan, BoardJson.Write("0", after.Boards[0]).WrittenSpan);
    }

    [Fact]
    public void Look_AtNumbersThatBeganAgain_TakesWhatIsThere()
    {
        Shard first = new("0", _exchanges), second = new("0", _exchanges);
        Fold(first, "TEST-A", 100, 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Fold(second, "TEST-A", 150, 1);

        Assert.Equal(150m, Read(second, Read(first, null)).Peek("TEST-A")!.State.Quote!.Price);
    }

    private Shard Read(Shard written, Shard? before)
    {
        Shard shard = new(written.Id, _exchanges);
        JsonElement document = JsonElement.Parse(BoardJson.Write(written.Id, written.Boards[0]).WrittenSpan);
        shard.Boards.Add(BoardJson.Read(document, shard, _exchanges, before));
        return shard;
    }

    private void Fold(Shard shard, string symbol, int price, int volume)
    {
        ShardFold fold = new(shard, _clock);
        string tick = JsonSerializer.Serialize(
            new { symbol, price, volume, eventTime = $"{_clock.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z" });
        fold.Apply([new Arrived(tick, _sequence++, _clock.GetUtcNow())]);
        fold.Committed();
        Assert.Single(fold.Accepted);
    }

    private sealed class Arrived(string body, long sequence, DateTimeOffset at)
        : EventData(new BinaryData(Encoding.UTF8.GetBytes(body)), sequenceNumber: sequence, enqueuedTime: at);
}
