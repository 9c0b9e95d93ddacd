using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Tests.Local.SignalR;

namespace FinVault.Tests.Giveaways;

/// <summary>The room of a giveaway on the live connection, with the outbox that speaks to it.</summary>
public sealed class RoomTests : IAsyncLifetime
{
    private GiveawayApp _app = null!;

    public async Task InitializeAsync() =>
        _app = await GiveawayApp.StartAsync(options: options => options with { FunctionTypes = null });

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Room_HearsOfTheWinnerAndTheEnd_OnceEach_UntilItIsLeft()
    {
        GiveawayPlan plan = _app.Plan(prizes: 1);
        string id = await _app.ActiveAsync(plan);
        _app.Clock.AdvanceTo(plan.EndsAt.AddSeconds(-20));
        using RawClient inside = await ConnectAsync();
        using RawClient left = await ConnectAsync();
        JsonElement joined = await InvokeAsync(inside, "JoinGiveaway", id);
        Assert.Equal((id, 20), (joined.GetProperty("id").GetString(), joined.GetProperty("remainingTimeSeconds").GetInt64()));
        await InvokeAsync(left, "JoinGiveaway", id);
        await InvokeAsync(left, "LeaveGiveaway", id);

        (string winner, string token) = await _app.RegisterAsync(id);
        await _app.AttemptAsync(id, token);
        await _app.StateAsync(id, "past");

        List<JsonElement> heard = await HearAsync(inside, until: GiveawayMessages.EndedKind);
        JsonElement won = Assert.Single(heard, message => Kind(message) == GiveawayMessages.WinnerKind);
        Assert.Equal(winner, Data(won).GetProperty("participant").GetString());
        Assert.DoesNotContain("Rao", Data(won).GetProperty("name").GetString(), StringComparison.Ordinal);
        JsonElement ended = Assert.Single(heard, message => Kind(message) == GiveawayMessages.EndedKind);
        Assert.Equal(("past", 1), (Data(ended).GetProperty("state").GetString(), Data(ended).GetProperty("winners").GetInt32()));

        // What was left hears nothing: the next that it gets is the answer to its own call.
        await left.SendAsync("""{"type":6}""");
        JsonElement again = await InvokeAsync(left, "JoinGiveaway", id);
        Assert.Equal("past", again.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("quotes:RELIANCE")]
    public async Task Room_OfNoGiveaway_CannotBeJoined(string id)
    {
        using RawClient client = await ConnectAsync();
        await client.SendAsync(Call("JoinGiveaway", id));
        JsonElement refused = await client.NextAsync(record => record.GetProperty("type").GetInt32() == 3);
        Assert.NotEmpty(refused.GetProperty("error").GetString()!);
    }

    private Task<RawClient> ConnectAsync() =>
        RawClient.ConnectAsync(new Uri(_app.Client.BaseAddress!, "api/v1/realtime/negotiate"));

    private static async Task<JsonElement> InvokeAsync(RawClient client, string method, string id)
    {
        await client.SendAsync(Call(method, id));
        JsonElement answer = await client.NextAsync(record => record.GetProperty("type").GetInt32() is 1 or 3);
        Assert.True(answer.GetProperty("type").GetInt32() == 3, $"Not to be heard: {answer}");
        Assert.False(answer.TryGetProperty("error", out JsonElement error), $"{error}");
        return answer.TryGetProperty("result", out JsonElement result) ? result : default;
    }

    private async Task<List<JsonElement>> HearAsync(RawClient client, string until)
    {
        List<JsonElement> heard = [];
        using CancellationTokenSource done = new();
        Task clock = Task.Run(async () =>
        {
            // The outbox looks at the change feed by the host's clock.
            while (!done.IsCancellationRequested)
            {
                _app.Clock.Advance(TimeSpan.FromMilliseconds(250));
                await Task.Delay(20);
            }
        });
        while (heard.Count == 0 || Kind(heard[^1]) != until)
        {
            heard.Add(await client.NextAsync(record => record.GetProperty("type").GetInt32() == 1));
        }

        await done.CancelAsync();
        await clock;
        return heard;
    }

    private static string Call(string method, string id) =>
        $$"""{"type":1,"invocationId":"{{method}}","target":"{{method}}","arguments":["{{id}}"]}""";

    private static string? Kind(JsonElement message) => message.GetProperty("target").GetString();

    private static JsonElement Data(JsonElement message) => message.GetProperty("arguments")[0].GetProperty("data");
}
