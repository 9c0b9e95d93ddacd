using System.Net;
using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Giveaways;

/// <summary>How people come in, and how many calls of theirs are taken.</summary>
public sealed class EntryTests
{
    [Fact]
    public async Task Registration_IsOnceAContact_HoweverItIsWritten()
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync();
        await app.RegisterAsync(id, "asha@example.in");
        await app.RegisterAsync(id, "+91 98123-45678");
        foreach (string same in new[] { "ASHA@example.in", " asha@Example.in", "+919812345678" })
        {
            Assert.Equal(
                (HttpStatusCode.Conflict, "already_registered"), await RefusedAsync(app, id, Form(same)));
        }

        Assert.Equal(2, (await app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}")).GetProperty("participants").GetInt32());
    }

    [Fact]
    public async Task Registration_SentAgainWithItsSecret_AnswersTheSame()
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync();
        EntryForm form = Form("asha@example.in") with { Secret = "only-i-know-this-1" };
        JsonElement first = await app.SendAsync(HttpMethod.Post, $"public/giveaways/{id}/participants", form);
        using HttpResponseMessage again = await app.TryAsync(HttpMethod.Post, $"public/giveaways/{id}/participants", form);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first.ToString(), (await AppHost.ReadJsonAsync(again)).ToString());
        Assert.Equal(
            (HttpStatusCode.Conflict, "already_registered"),
            await RefusedAsync(app, id, form with { Secret = "somebody-else-says" }));
    }

    [Theory]
    [InlineData("", "asha@example.in", true)]
    [InlineData("Asha", "asha", true)]
    [InlineData("Asha", "asha@example", true)]
    [InlineData("Asha", "919812345678", true)]
    [InlineData("Asha", "asha@example.in", false)]
    public async Task Registration_ThatCannotBe_IsRefused(string name, string contact, bool accepts)
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync();
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_registration"),
            await RefusedAsync(app, id, new EntryForm(name, contact, accepts)));
    }

    [Fact]
    public async Task Registrations_AllAtOnce_FillWhatThereIsAndNoMore()
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync(app.Plan() with { MaxParticipants = 50 });
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(async i =>
        {
            using HttpResponseMessage answer = await app.TryAsync(
                HttpMethod.Post, $"public/giveaways/{id}/participants", Form($"asha{i}@example.in"));
            return answer.StatusCode;
        }));
        Assert.Equal(50, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(70, answers.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(50, (await app.SendAsync(HttpMethod.Get, $"giveaways/{id}/participants?limit=200"))
            .GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task WhoLeaves_IsForgotten_AndCanComeBack()
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync();
        (_, string token) = await app.RegisterAsync(id, "asha@example.in");
        await app.SendAsync(HttpMethod.Delete, $"public/giveaways/{id}/participants/me", null, token);
        Assert.Equal(
            (HttpStatusCode.Unauthorized, "invalid_participant"),
            await app.RefusedAsync(HttpMethod.Get, $"public/giveaways/{id}/participants/me", null, token));
        await app.RegisterAsync(id, "asha@example.in");
    }

    [Fact]
    public async Task JoinCode_LeadsToTheGiveaway_AlsoAsQr()
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync();
        string code = (await app.SendAsync(HttpMethod.Get, $"public/giveaways/{id}")).GetProperty("joinCode").GetString()!;
        Assert.Matches("^[2-9A-HJKMNP-TV-Z]{8}$", code);
#pragma warning disable CA1308 // As people type it.
        string typed = $"{code[..4]}-{code[4..]}".ToLowerInvariant();
#pragma warning restore CA1308
        Assert.Equal(id, (await app.SendAsync(HttpMethod.Get, $"public/join/{typed}")).GetProperty("id").GetString());
        Assert.Equal((HttpStatusCode.NotFound, "unknown_giveaway"), await app.RefusedAsync(HttpMethod.Get, "public/join/NOTACODE"));
        using HttpResponseMessage qr = await app.TryAsync(HttpMethod.Get, $"public/giveaways/{id}/qr");
        Assert.Equal(QrSvg.ContentType, qr.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<svg ", await qr.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_BeyondAGiveawaysLimit_AreToldToWait_AndOtherGiveawaysAreNot()
    {
        await using GiveawayApp app = await LimitedAsync("Giveaways:CallsPerMinute", "10");
        string id = await app.ScheduledAsync();
        string other = await app.ScheduledAsync();
        for (int i = 0; i < 10; i++)
        {
            await app.RegisterAsync(id);
        }

        using HttpResponseMessage refused = await app.TryAsync(
            HttpMethod.Post, $"public/giveaways/{id}/participants", Form("late@example.in"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        await app.RegisterAsync(other);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("curl/8.5.0", true)]
    [InlineData("Wget/1.21", true)]
    [InlineData("python-requests/2.31", true)]
    [InlineData("PostmanRuntime/7.36", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", false)]
    public async Task SuspiciousAgents_HaveFiveCallsAMinute(string agent, bool suspicious)
    {
        await using GiveawayApp app = await GiveawayApp.StartAsync();
        string id = await app.ScheduledAsync();
        app.Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        for (int i = 0; i < 5; i++)
        {
            await app.RegisterAsync(id);
        }

        using HttpResponseMessage sixth = await app.TryAsync(
            HttpMethod.Post, $"public/giveaways/{id}/participants", Form("sixth@example.in"));
        Assert.Equal(suspicious ? HttpStatusCode.TooManyRequests : HttpStatusCode.Created, sixth.StatusCode);
    }

    private static EntryForm Form(string contact) => new("Asha Rao", contact, AcceptsTerms: true);

    private static Task<(HttpStatusCode Status, string? Code)> RefusedAsync(GiveawayApp app, string id, EntryForm form) =>
        app.RefusedAsync(HttpMethod.Post, $"public/giveaways/{id}/participants", form);

    private static Task<GiveawayApp> LimitedAsync(string setting, string value) => GiveawayApp.StartAsync(
        options: options => options with
        {
            Settings = new Dictionary<string, string?>(options.Settings!) { [setting] = value },
        });
}
