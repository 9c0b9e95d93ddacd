using System.Text.Json;
using FinVault.Market;
using FinVault.Market.Live;
using FinVault.Tests.Local.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Market.App;

/// <summary>Who looks at a list gets one message a round with all that changed, and misses nothing.</summary>
public sealed class PackedTests(PackedApp app) : IClassFixture<PackedApp>
{
    [Fact]
    public async Task List_HoweverManySymbolsOfAllPartitionsChange_IsOneMessageOfLessThan2Kb()
    {
        string[] symbols = PackedApp.Symbols("WIDE", 40);
        await app.TickAsync(100, symbols);
        using RawClient client = await app.ConnectAsync();
        JsonElement answer = await PackedApp.CallAsync(client, "WatchPacked", symbols);
        Assert.Equal((500, 40), (answer.GetProperty("packed").GetInt32(), answer.GetProperty("quotes").GetArrayLength()));
        await app.RoundAsync();

        await app.TickAsync(101.55m, symbols);
        await app.TickAsync(101.35m, symbols);
        await app.TickAsync(101.45m, symbols);
        Assert.Equal(1, await app.RoundAsync());

        JsonElement message = await PackedApp.HearAsync(client);
        Assert.Equal(40, message.GetProperty("rows").GetArrayLength());
        Assert.InRange(message.GetRawText().Length, 1, 2_600);
        Assert.Equal(0, await app.RoundAsync());

        // Nothing but the price moves: the day's range is not said again.
        await app.TickAsync(101.50m, symbols);
        await app.RoundAsync();
        message = await PackedApp.HearAsync(client);
        Assert.InRange(message.GetRawText().Length, 1, 2_048);
        JsonElement row = message.GetProperty("rows")[0];
        Assert.Equal(7, row.GetArrayLength());
        Assert.Equal((5L, 1L, 101.5m), (row[1].GetInt64(), row[2].GetInt64(), row[3].GetDecimal()));
    }

    [Fact]
    public async Task List_OfWhoComesLater_GoesOnFromItsSnapshot()
    {
        await app.TickAsync(100, "LATE-1", "LATE-2");
        using RawClient first = await app.ConnectAsync();
        await PackedApp.CallAsync(first, "WatchPacked", "LATE-1", "LATE-2");
        await app.RoundAsync();
        await app.TickAsync(101, "LATE-1");

        using RawClient second = await app.ConnectAsync();
        JsonElement answer = await PackedApp.CallAsync(second, "WatchPacked", "LATE-1", "LATE-2", "LATE-NONE");
        Assert.Equal("LATE-NONE", answer.GetProperty("unknown")[0].GetString());
        Assert.Equal(2, answer.GetProperty("quotes")[0].GetProperty("seq").GetInt64());
        // What the second has in its snapshot only the first is told; what comes after it, both.
        Assert.Equal(1, await app.RoundAsync());
        await app.TickAsync(102, "LATE-2");
        Assert.Equal(2, await app.RoundAsync());

        JsonElement row = Assert.Single((await PackedApp.HearAsync(second)).GetProperty("rows").EnumerateArray());
        Assert.Equal(("LATE-2", 102m), (row[0].GetString(), row[3].GetDecimal()));
    }

    [Fact]
    public async Task List_WhoseSenderDies_IsToldEverythingSinceItsSnapshotByTheNext()
    {
        await app.TickAsync(100, "DIES-1", "DIES-2");
        using RawClient client = await app.ConnectAsync();
        await PackedApp.CallAsync(client, "WatchPacked", "DIES-1", "DIES-2");
        await app.RoundAsync();
        await app.TickAsync(101, "DIES-1");

        await using PackedRounds next = ActivatorUtilities.CreateInstance<PackedRounds>(app.Services);
        await app.RoundAsync(next);
        JsonElement quote = Assert.Single((await PackedApp.HearAsync(client)).GetProperty("quotes").EnumerateArray());
        Assert.Equal((101m, 2L, 1L), (quote.GetProperty("price").GetDecimal(),
            quote.GetProperty("seq").GetInt64(), quote.GetProperty("prev").GetInt64()));
        Assert.Equal(0, await app.RoundAsync(next));
    }

    [Fact]
    public async Task List_ThatIsLeft_IsSentNoMore()
    {
        await app.TickAsync(100, "LEFT-1", "LEFT-2");
        using RawClient client = await app.ConnectAsync();
        await PackedApp.CallAsync(client, "WatchPacked", "LEFT-1");
        await app.RoundAsync();

        await PackedApp.CallAsync(client, "WatchPacked", "LEFT-2");
        await app.TickAsync(101, "LEFT-1");
        Assert.Equal(0, await app.RoundAsync());

        await PackedApp.CallAsync(client, "Watch", "LEFT-1");
        await app.TickAsync(102, "LEFT-1", "LEFT-2");
        Assert.Equal(0, await app.RoundAsync());
    }

    [Fact]
    public async Task List_IsToldThatThereIsANewSymbol()
    {
        await app.TickAsync(100, "NEWS-1");
        using RawClient client = await app.ConnectAsync();
        int of = (await PackedApp.CallAsync(client, "WatchPacked")).GetProperty("of").GetInt32();
        await app.TickAsync(100, "NEWS-2");
        await app.RoundAsync();

        Assert.Equal(of + 1, (await PackedApp.HearAsync(client)).GetProperty("of").GetInt32());
    }

    [Fact]
    public async Task Nothing_IsPacked_WhereAnOperatorSaysSo()
    {
        await app.TickAsync(100, "PLAIN-1");
        MarketOptions off = new() { PackedMilliseconds = 0 };
        Watching watching = ActivatorUtilities.CreateInstance<Watching>(app.Services, off);

        WatchAnswer answer = await watching.WatchPackedAsync("nobody", ["PLAIN-1"], CancellationToken.None);
        Assert.Equal((0, "PLAIN-1"), (answer.Packed, Assert.Single(answer.Quotes).Symbol));
        IReadOnlyList<string> groups = await app.Services.GetRequiredService<WatchStore>()
            .ReadAsync("nobody", "symbols", CancellationToken.None);
        Assert.Equal([Realtime.SymbolGroup("PLAIN-1")], groups);
    }
}
