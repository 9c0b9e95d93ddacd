using System.Text.Json;
using FinVault.Local.SignalR;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.SignalR;

/// <summary><c>@microsoft/signalr</c> in Node.js against the embedded service, over each of its transports.</summary>
public sealed class RealClientTests : IAsyncLifetime
{
    private SignalRServer _server = null!;

    public async Task InitializeAsync() => _server = await SignalRServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [NodeModulesTheory]
    [InlineData("WebSockets")]
    [InlineData("ServerSentEvents")]
    [InlineData("LongPolling")]
    public async Task Invocation_OfAnyMethod_ReachesTheApp_AndItsAnswerTheClient(string transport)
    {
        _server.Answer(invocation => invocation.Event switch
        {
            "Watch" => new { Symbols = invocation.Arguments![0], Count = invocation.Arguments.Length },
            "Refuse" => throw new HubException("51 symbols are too many."),
            "Break" => throw new InvalidOperationException("connection string=secret"),
            _ => null,
        });
        JsonElement[] log = await _server.RunClientAsync(
            transport, "?user=ada",
            ["start"], ["invoke", "Watch", new[] { "TCS", "INFY" }, 7, new { a = 1 }], ["invoke", "Nothing"],
            ["invoke", "Refuse"], ["invoke", "Break"], ["stop"]);

        Assert.Equal("""{"symbols":["TCS","INFY"],"count":3}""", log[1].GetProperty("result").GetRawText());
        Assert.Equal(JsonValueKind.Null, log[2].GetProperty("result").ValueKind);
        Assert.EndsWith("HubException: 51 symbols are too many.", log[3].GetProperty("error").GetString());
        Assert.EndsWith("HubException: 'Break' failed.", log[4].GetProperty("error").GetString());

        SignalRInvocationContext watch = _server.Invocations.Single(i => i.Event == "Watch");
        Assert.Equal((SignalRInvocationCategory.Messages, "finvault", "ada"), (watch.Category, watch.Hub, watch.UserId));
        Assert.Equal("finvault", watch.Query["hub"]);
        Assert.False(watch.Query.ContainsKey("access_token"));
        await Eventually.TrueAsync(() => _server.Invocations.Any(i => i.Event == "disconnected"));
        Assert.Equal(
            [SignalRInvocationCategory.Connections, SignalRInvocationCategory.Connections],
            _server.Invocations.Where(i => i.Event is "connected" or "disconnected").Select(i => i.Category));
        Assert.Single(_server.Invocations.Select(i => i.ConnectionId).Distinct());
    }

    [NodeModulesTheory]
    [InlineData("WebSockets")]
    [InlineData("ServerSentEvents")]
    [InlineData("LongPolling")]
    public async Task Messages_ToGroupsUsersAndConnections_ReachWhomTheyName(string transport)
    {
        var context = _server.SignalR.GetHubContext(SignalRServer.Hub);
        _server.SignalR.OnInvoke = async (invocation, cancellation) =>
        {
            if (invocation.Event != "Join")
            {
                return null;
            }

            await context.Groups.AddToGroupAsync(invocation.ConnectionId, "quotes:TCS", cancellation);
            await context.Groups.AddToGroupAsync(invocation.ConnectionId, "quotes:INFY", cancellation);
            await context.Groups.RemoveFromGroupAsync(invocation.ConnectionId, "quotes:INFY", cancellation);
            await _server.SignalR.SendAsync(
                SignalRServer.Hub,
                [
                    new("quotes", [new[] { new { Symbol = "TCS", Price = 3210.55m } }]) { GroupName = "quotes:TCS" },
                    new("quotes", ["not a member"]) { GroupName = "quotes:INFY" },
                    new("note", ["by user"]) { UserId = "ada" },
                    new("note", ["other user"]) { UserId = "bob" },
                    new("note", [new RawJson("""{"raw":[1,2]}"""u8.ToArray())]) { ConnectionId = invocation.ConnectionId },
                    new("note", [JsonElement.Parse("""{"é":"<&>"}"""), null!]),
                ],
                cancellation);
            await context.Clients.Groups(["quotes:TCS"]).SendAsync("note", "by context", cancellation);
            await context.Clients.AllExcept([invocation.ConnectionId]).SendAsync("note", "excepted", cancellation);
            await context.Groups.RemoveFromAllGroupsAsync(invocation.ConnectionId, cancellation);
            await context.Clients.Group("quotes:TCS").SendAsync("note", "left", cancellation);
            await context.Clients.User("ada").SendAsync("note", "last", cancellation);
            return null;
        };

        JsonElement[] log = await _server.RunClientAsync(
            transport, "?user=ada", ["start"], ["invoke", "Join"], ["receive", 6], ["stop"]);
        Assert.Equal(
            """
            [{"target":"quotes","args":[[{"symbol":"TCS","price":3210.55}]]},
             {"target":"note","args":["by user"]},
             {"target":"note","args":[{"raw":[1,2]}]},
             {"target":"note","args":[{"é":"<&>"},null]},
             {"target":"note","args":["by context"]},
             {"target":"note","args":["last"]}]
            """.Replace("\n ", "", StringComparison.Ordinal),
            log[2].GetProperty("received").GetRawText());
    }

    [NodeModulesFact]
    public async Task CutLine_IsTakenUpAgain_AsANewConnection()
    {
        _server.SignalR.OnInvoke = (invocation, _) =>
        {
            _server.Invocations.Enqueue(invocation);
            return Task.FromResult<object?>(null);
        };
        Task<JsonElement[]> running = _server.RunClientAsync(
            "WebSockets", "?user=ada", ["start"], ["reconnect"], ["invoke", "Still"], ["stop"]);
        await Eventually.TrueAsync(() => _server.Invocations.Any(i => i.Event == "Cut"));
        _server.CutAll();

        JsonElement[] log = await running;
        Assert.True(log[1].GetProperty("changed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, log[2].GetProperty("result").ValueKind);
        Assert.Equal(2, _server.Invocations.Where(i => i.Event == "connected").Select(i => i.ConnectionId).Distinct().Count());
    }
}
