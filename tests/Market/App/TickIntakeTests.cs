using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.App;

public sealed class TickIntakeTests : IAsyncLifetime
{
    private MarketApp _app = null!;

    public async Task InitializeAsync() => _app = await MarketApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("[{0},{1}]")]
    [InlineData("{0}\n{1}\n")]
    [InlineData("{0}\r\n{1}")]
    public async Task Ticks_AsArrayOrByLine_AreTaken(string form)
    {
        string body = form.Replace("{0}", Tick("TCS", 3210.5m, 10, 1)).Replace("{1}", Tick("TCS", 3211, 15, 2));
        using HttpResponseMessage answer = await _app.PostTicksAsync(body);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(2, (await AppHost.ReadJsonAsync(answer)).GetProperty("received").GetInt32());
        await _app.ReceivedAsync(2);
        JsonElement quote = await _app.QuoteAsync("TCS");
        Assert.Equal((2, 3211m), (quote.GetProperty("seq").GetInt64(), quote.GetProperty("price").GetDecimal()));
    }

    [Theory]
    [InlineData("not json", "invalid_ticks", HttpStatusCode.BadRequest)]
    [InlineData("[{\"symbol\":\"TCS\"", "invalid_ticks", HttpStatusCode.BadRequest)]
    [InlineData("[] []", "invalid_ticks", HttpStatusCode.BadRequest)]
    [InlineData("{}\n{\n", "invalid_ticks", HttpStatusCode.BadRequest)]
    public async Task ACall_ThatIsNotJson_IsRefusedWhole(string body, string code, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await _app.PostTicksAsync(body);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, await CodeAsync(answer));
        await _app.ReceivedAsync(0);
    }

    [Fact]
    public async Task ACall_WithMoreThan5000Ticks_IsRefusedWhole()
    {
        using HttpResponseMessage answer = await _app.PostTicksAsync("[" + string.Join(',', Enumerable.Repeat("{}", 5_001)) + "]");

        Assert.Equal("too_many_ticks", await CodeAsync(answer));
        await _app.ReceivedAsync(0);
    }

    [Fact]
    public async Task ACall_OfMoreThanAMegabyte_IsRefusedWhole()
    {
        using HttpResponseMessage answer = await _app.PostTicksAsync("[\"" + new string('x', 1_000_001) + "\"]");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("body_too_large", await CodeAsync(answer));
    }

    [Fact]
    public async Task ACall_SentAgainWithItsPosition_IsAppliedOnce()
    {
        (string, string)[] headers = [("x-feed", "me"), ("x-feed-position", "7")];
        for (int time = 0; time < 3; time++)
        {
            using HttpResponseMessage answer = await _app.PostTicksAsync(Tick("TCS", 3210, 10, 1), headers);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        using HttpResponseMessage next = await _app.PostTicksAsync(Tick("TCS", 3211, 20, 2), [("x-feed", "me"), ("x-feed-position", "8")]);
        await Eventually.TrueAsync(async () => await PriceAsync("TCS") == 3211, "the next call's tick");
        await _app.ReceivedAsync(2);
    }

    [Fact]
    public async Task APosition_WithoutAFeed_IsRefused()
    {
        using HttpResponseMessage answer = await _app.PostTicksAsync(Tick("TCS", 3210, 10, 1), ("x-feed-position", "7"));

        Assert.Equal("invalid_request", await CodeAsync(answer));
    }

    [Fact]
    public async Task BadTicks_AreCountedAndKeptWithTheirReason_AndCanBeSentAgain()
    {
        await _app.TakeAsync(
            $"[{Tick("TCS", 3210, 10, 1)},{Tick("TCS", 0, 10, 2)},{Tick("TCS", 5, -1, 2)},5,{Tick("TCS", 5, 5, -600)}]", 5);
        JsonElement ingest = await _app.App.GetJsonAsync("api/v1/market/ingest");
        Assert.Equal((1, 3, 1, 4), (
            ingest.GetProperty("accepted").GetInt32(), ingest.GetProperty("rejected").GetInt32(),
            ingest.GetProperty("outOfSession").GetInt32(), ingest.GetProperty("deadLettered").GetInt32()));

        _app.SignIn(Roles.Admin);
        JsonElement letters = (await _app.App.GetJsonAsync("api/v1/operations/dead-letters")).GetProperty("data");
        JsonElement[] ticks = [.. letters.EnumerateArray().SelectMany(l => l.GetProperty("ticks").EnumerateArray())];
        Assert.Equal(
            ["invalidJson", "invalidPrice", "invalidVolume", "outOfSession"],
            ticks.Select(t => t.GetProperty("reason").GetString()).Order(StringComparer.Ordinal));

        int sent = 0;
        foreach (JsonElement letter in letters.EnumerateArray())
        {
            string path = $"api/v1/operations/dead-letters/{letter.GetProperty("shard").GetString()}/{letter.GetProperty("id").GetString()}/replay";
            sent += (await _app.App.PostJsonAsync(path, new { })).GetProperty("sent").GetInt32();
        }

        Assert.Equal(4, sent);
        await _app.ReceivedAsync(9);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(Roles.Host, HttpStatusCode.Forbidden)]
    [InlineData(Roles.Admin, HttpStatusCode.OK)]
    public async Task DeadLetters_AreForOperators(string? role, HttpStatusCode expected)
    {
        if (role is not null)
        {
            _app.SignIn(role);
        }

        using HttpResponseMessage answer = await _app.Client.GetAsync("api/v1/operations/dead-letters");

        Assert.Equal(expected, answer.StatusCode);
    }

    /// <summary>A tick some minutes after the clock's start, 10:00 IST.</summary>
    internal static string Tick(string symbol, decimal price, long volume, int minutes)
    {
        DateTime time = new DateTime(2024, 1, 2, 4, 30, 0).AddMinutes(minutes);
        return FormattableString.Invariant(
            $$"""{"symbol":"{{symbol}}","price":{{price}},"volume":{{volume}},"eventTime":"{{time:yyyy-MM-ddTHH:mm:ss}}Z"}""");
    }

    private async Task<decimal?> PriceAsync(string symbol)
    {
        JsonElement data = (await _app.App.GetJsonAsync($"api/v1/market/quotes?symbols={symbol}")).GetProperty("data");
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        return data.GetArrayLength() == 0 ? null : data[0].GetProperty("price").GetDecimal();
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString();
}
