using System.Text.Json;
using FinVault.Local.SignalR;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.SignalR;

public sealed class SlowConsumerTests : IAsyncLifetime
{
    private const int Messages = 20_000;
    private static readonly string Filler = new('x', 500);
    private SignalRServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await SignalRServer.StartAsync(pace: TimeSpan.Zero);
        _server.Answer(invocation => invocation.ConnectionId);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task ClientThatDoesNotRead_DelaysNobody_AndIsToldWhatItMissed()
    {
        using RawClient slow = await RawClient.ConnectAsync(_server, "slow");
        using RawClient fast = await RawClient.ConnectAsync(_server, "fast");
        await JoinAsync(slow);
        await JoinAsync(fast);

        // The fast client gets every message while the slow one has read none.
        for (int i = 0; i < Messages; i += 100)
        {
            await SendAsync(i, 100);
            for (int j = i; j < i + 100; j++)
            {
                Assert.Equal(j, NumberOf(await fast.NextAsync()));
            }
        }

        // Then the slow one reads: what is left comes in order, and the gap is exactly what it is told.
        int expected = 0;
        long missed = 0;
        while (expected < Messages)
        {
            JsonElement record = await slow.NextAsync();
            if (record.GetProperty("target").GetString() == "conflated")
            {
                int dropped = record.GetProperty("arguments")[0].GetProperty("dropped").GetInt32();
                missed += dropped;
                expected += dropped;
                continue;
            }

            Assert.Equal(expected++, NumberOf(record));
        }

        Assert.InRange(missed, 1, Messages - OutboundQueue.MaximumMessages);
        await slow.SendAsync("""{"type":1,"invocationId":"9","target":"Still","arguments":[]}""");
        Assert.Equal("9", (await slow.NextAsync()).GetProperty("invocationId").GetString());
    }

    [Fact]
    public async Task MemoryForAClientThatDoesNotRead_IsBounded()
    {
        using RawClient slow = await RawClient.ConnectAsync(_server, "slow");
        await JoinAsync(slow);
        await SendAsync(0, 4000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAsync(4000, 40_000);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.InRange(after - before, long.MinValue, 4 * 1024 * 1024);
    }

    private async Task JoinAsync(RawClient client) => await _server.SignalR.GetHubContext(SignalRServer.Hub)
        .Groups.AddToGroupAsync(await client.ConnectionIdAsync(), "g");

    private Task SendAsync(int first, int count) => _server.SignalR.SendAsync(
        SignalRServer.Hub,
        [.. Enumerable.Range(first, count)
            .Select(i => new SignalRMessageAction("quotes", [i, Filler]) { GroupName = "g" })],
        default);

    private static int NumberOf(JsonElement record) => record.GetProperty("arguments")[0].GetInt32();
}
