using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.SignalR;

public sealed class PaceTests : IAsyncLifetime
{
    private SignalRServer _server = null!;

    public async Task InitializeAsync()
    {
        // So long that no second round comes while the test lasts.
        _server = await SignalRServer.StartAsync(pace: TimeSpan.FromHours(1));
        _server.Answer(invocation => invocation.ConnectionId);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task FirstMessage_GoesAtOnce_AndAnAnswerWaitsForNoRound()
    {
        using RawClient client = await RawClient.ConnectAsync(_server, "ada");
        await SendAsync("first");
        Assert.Equal("first", ArgumentOf(await client.NextAsync()));

        await SendAsync("second");
        await SendAsync("third");
        await client.SendAsync("""{"type":1,"invocationId":"1","target":"Any","arguments":[]}""");
        Assert.Equal(3, (await client.NextAsync()).GetProperty("type").GetInt32());
        Assert.Equal("second", ArgumentOf(await client.NextAsync()));
        Assert.Equal("third", ArgumentOf(await client.NextAsync()));
    }

    private Task SendAsync(string text) =>
        _server.SignalR.SendAsync(SignalRServer.Hub, new SignalRMessageAction("note", [text]), default);

    private static string? ArgumentOf(JsonElement record) => record.GetProperty("arguments")[0].GetString();
}
