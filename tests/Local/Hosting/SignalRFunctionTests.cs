using System.Text.Json;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>What clients invoke reaches functions, and what these return goes back.</summary>
public class SignalRFunctionTests
{
    [Fact]
    public async Task Message_BindsArgumentsByName_AndReturnsTheFunctionsAnswer()
    {
        await using AppHost app = await StartAsync(new Journal());

        object? answer = await InvokeAsync(app, "Join", Json("""["A","B"]"""), Json("3"));

        Assert.Equal("c1: A+B x3", answer);
    }

    [Fact]
    public async Task Message_OfAnEventInAnyCase_IsFound()
    {
        await using AppHost app = await StartAsync(new Journal());

        Assert.Equal("c1: A x1", await InvokeAsync(app, "join", Json("""["A"]"""), Json("1")));
    }

    [Fact]
    public async Task Message_WithOutputBinding_SendsWhatItReturns_AndAnswersNothing()
    {
        await using AppHost app = await StartAsync(new Journal());

        Assert.Null(await InvokeAsync(app, "Shout"));
    }

    [Theory]
    [InlineData("Nobody", "No function handles 'Nobody' of hub 'tests'.", new string[0])]
    [InlineData("Join", "Join takes 2 arguments (names, times) and got 1.", new[] { "[]" })]
    [InlineData("Join", "Argument 'times' of Join is no Int32.", new[] { "[]", "\"x\"" })]
    [InlineData("Fail", "Fail failed.", new string[0])]
    [InlineData("Refuse", "only for members", new string[0])]
    public async Task Message_ThatFails_TellsTheClientWhatItMayKnow(string name, string message, string[] arguments)
    {
        await using AppHost app = await StartAsync(new Journal());

        var refused = await Assert.ThrowsAsync<HubException>(
            () => InvokeAsync(app, name, [.. arguments.Select(argument => (object)Json(argument))]));

        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public async Task Connections_ReachTheirFunction_AndThoseNobodyWantsAreIgnored()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal);

        await app.Host.SignalR.OnInvoke!(Invocation("connected", SignalRInvocationCategory.Connections), CancellationToken.None);
        await app.Host.SignalR.OnInvoke!(Invocation("disconnected", SignalRInvocationCategory.Connections), CancellationToken.None);

        Assert.Equal(["connected c1 u1"], journal.Entries);
    }

    [Fact]
    public async Task Negotiate_GivesAnAddressAndATokenForTheUserOfTheExpression()
    {
        await using AppHost app = await StartAsync(new Journal());
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/Negotiate");
        request.Headers.Add("x-user", "someone");

        JsonElement answer = await AppHost.ReadJsonAsync(await app.Client.SendAsync(request));

        Assert.StartsWith(app.Host.BaseAddress.ToString() + "client/?hub=tests", answer.GetProperty("url").GetString(), StringComparison.Ordinal);
        string payload = answer.GetProperty("accessToken").GetString()!.Split('.')[1];
        Assert.Contains("someone", System.Text.Encoding.UTF8.GetString(
            System.Buffers.Text.Base64Url.DecodeFromChars(payload)), StringComparison.Ordinal);
    }

    private static Task<AppHost> StartAsync(Journal journal) => AppHost.WithFunctionsAsync([typeof(Functions)], [journal]);

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private static Task<object?> InvokeAsync(AppHost app, string name, params object[] arguments)
    {
        SignalRInvocationContext invocation = Invocation(name, SignalRInvocationCategory.Messages);
        invocation.Arguments = arguments;
        return app.Host.SignalR.OnInvoke!(invocation, CancellationToken.None);
    }

    private static SignalRInvocationContext Invocation(string name, SignalRInvocationCategory category) => new()
    {
        Hub = "tests",
        Category = category,
        Event = name,
        ConnectionId = "c1",
        UserId = "u1",
    };

#pragma warning disable CA1822 // Function classes as an app may write them.
    public sealed class Functions(Journal journal)
    {
        [Function("Join")]
        public Task<string> Join(
            [SignalRTrigger("Tests", "messages", "Join", "names", "times")] SignalRInvocationContext invocation,
            string[] names,
            int times) => Task.FromResult($"{invocation.ConnectionId}: {string.Join('+', names)} x{times}");

        [Function("Shout")]
        [SignalROutput(HubName = "tests")]
        public SignalRMessageAction[] Shout([SignalRTrigger("tests", "messages", "Shout")] SignalRInvocationContext invocation) =>
            [new("heard", [invocation.ConnectionId])];

        [Function("Fail")]
        public void Fail([SignalRTrigger("tests", "messages", "Fail")] SignalRInvocationContext invocation) =>
            throw new InvalidOperationException($"a secret of {invocation.UserId}");

        [Function("Refuse")]
        public void Refuse([SignalRTrigger("tests", "messages", "Refuse")] SignalRInvocationContext invocation) =>
            throw new HubException(invocation is null ? "" : "only for members");

        [Function("Connected")]
        public void Connected([SignalRTrigger("tests", "connections", "connected")] SignalRInvocationContext invocation) =>
            journal.Add($"{invocation.Event} {invocation.ConnectionId} {invocation.UserId}");

        [Function("Negotiate")]
        public SignalRConnectionInfo Negotiate(
            [HttpTrigger("post")] Microsoft.AspNetCore.Http.HttpRequest request,
            [SignalRConnectionInfoInput(HubName = "tests", UserId = "{headers.x-user}")] SignalRConnectionInfo connection) =>
            request is null ? new SignalRConnectionInfo() : connection;
    }
#pragma warning restore CA1822
}
