using System.Text.Json;
using FinVault.Tests.Local.SignalR;

namespace FinVault.Tests.Market.App;

/// <summary>The way that lists go every second: the timer orders, and whoever ingests a partition sends.</summary>
public sealed class PackedTimerTests(PackedApp app) : IClassFixture<PackedApp>
{
    [Fact]
    public async Task Second_ThatPasses_HasEveryShareSent()
    {
        await app.TickAsync(100, "TIMED-1");
        using RawClient one = await app.ConnectAsync();
        using RawClient two = await app.ConnectAsync();
        using RawClient three = await app.ConnectAsync();
        foreach (RawClient client in new[] { one, two, three })
        {
            await PackedApp.CallAsync(client, "WatchPacked", "TIMED-1");
        }

        await app.TickAsync(101, "TIMED-1");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (RawClient client in new[] { one, two, three })
        {
            JsonElement quote = Assert.Single((await PackedApp.HearAsync(client)).GetProperty("quotes").EnumerateArray());
            Assert.Equal(101m, quote.GetProperty("price").GetDecimal());
        }
    }
}
