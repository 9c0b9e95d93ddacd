using System.Net;
using System.Text;
using System.Text.Json;
using FinVault.Local.Notifications;
using FinVault.Notifications;
using FinVault.Tests.Identity;
using FinVault.Tests.Support;

namespace FinVault.Tests.Notifications;

/// <summary>Notices on their way out of the app: held, sent, tried again, given up, sent again.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private const long Chat = 4711;

    private static readonly object Alert = new { Symbol = "RELIANCE", Condition = "above 2,500.00", Price = "2,512.40" };
    private static readonly object Low = new { Currency = "INR", Available = 100, Threshold = 5000 };

    private NoticeApp _app = null!;
    private string _asha = "";

    public async Task InitializeAsync()
    {
        _app = await NoticeApp.StartAsync();
        _asha = await _app.UserAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Telegram_WhenLinked_GetsThePlainText()
    {
        await _app.LinkTelegramAsync(_asha, Chat);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        ReceivedMessage sent = await ReceivedAsync();
        Assert.Equal($"{Chat}", sent.To);
        Assert.StartsWith("RELIANCE is above 2,500.00\n\n", sent.Text, StringComparison.Ordinal);
        Assert.EndsWith("/#/symbol/RELIANCE", sent.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telegram_WhenDown_IsTriedAgain_ThenLeftAlone_ThenGivenUp_UntilAnOperatorSendsItAgain()
    {
        await _app.LinkTelegramAsync(_asha, Chat);
        _app.Outside.Answer([.. Enumerable.Repeat(503, 100)]);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await _app.AdvanceUntilAsync(
            TimeSpan.FromSeconds(60), async () => (await _app.JobsAsync("kind=NOTIFICATIONS&status=failed")).Length == 1,
            "the delivery is given up");
        JsonElement failed = Assert.Single(await _app.JobsAsync("kind=NOTIFICATIONS&status=failed"));
        Assert.Equal(12, failed.GetProperty("attempts").GetInt32());
        Assert.Equal("unavailable", failed.GetProperty("error").GetString());
        Assert.Contains(_app.Logs, log => log.Contains("The breaker of telegram", StringComparison.Ordinal));
        // What an open breaker keeps back never leaves.
        Assert.InRange(_app.Outside.Asked, 5, 12);
        Assert.Empty(_app.Outside.Received);

        await DrainAsync();
        _app.Clock.Advance(TimeSpan.FromMinutes(5));
        string id = failed.GetProperty("jobId").GetString()!;
        Assert.Equal(HttpStatusCode.Accepted, (await _app.OperateAsync(HttpMethod.Post, $"operations/jobs/{id}/retry")).Status);
        await ReceivedAsync();
    }

    [Fact]
    public async Task Telegram_ThatIsBlockedByItsUser_IsForgotten()
    {
        await _app.LinkTelegramAsync(_asha, Chat);
        _app.Outside.Answer(403);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await Eventually.TrueAsync(async () => (await DevicesAsync()).Length == 0, "the chat is forgotten");
        Assert.Empty(await _app.JobsAsync("status=failed"));
    }

    [Fact]
    public async Task Push_ReachesTheBrowser_ThatAloneCanReadIt()
    {
        await _app.SubscribeAsync(_asha, "phone");
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        ReceivedMessage sent = await ReceivedAsync();
        Assert.Equal("phone", sent.To);
        Assert.Equal(("aes128gcm", "86400", "high"), (
            sent.Headers["Content-Encoding"], sent.Headers["TTL"], sent.Headers["Urgency"]));
        Assert.StartsWith("vapid t=", sent.Headers["Authorization"], StringComparison.Ordinal);
        Assert.InRange(sent.Headers["Topic"].Length, 1, 32);
        Assert.DoesNotContain("RELIANCE", Encoding.UTF8.GetString(sent.Body), StringComparison.Ordinal);
        JsonElement read = JsonElement.Parse(PushEncryptionTests.Decrypt(sent.Body));
        Assert.Equal("RELIANCE is above 2,500.00", read.GetProperty("title").GetString());
        Assert.Equal("#/symbol/RELIANCE", read.GetProperty("link").GetString());
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Push_ToABrowserThatHasUnsubscribed_IsForgotten(int status)
    {
        await _app.SubscribeAsync(_asha, "phone");
        _app.Outside.Answer(status);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await Eventually.TrueAsync(async () => (await DevicesAsync()).Length == 0, "the browser is forgotten");
        Assert.Empty(await _app.JobsAsync("status=failed"));
        Assert.Equal(1, _app.Outside.Asked);
    }

    [Fact]
    public async Task Push_ThatIsRefused_IsGivenUpAtOnce()
    {
        await _app.SubscribeAsync(_asha, "phone");
        _app.Outside.Answer(400);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await Eventually.TrueAsync(async () => (await _app.JobsAsync("status=failed")).Length == 1, "it is given up");
        JsonElement failed = Assert.Single(await _app.JobsAsync("status=failed"));
        Assert.Equal(("delivery_refused", 1), (
            failed.GetProperty("error").GetString(), failed.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task QuietHours_HoldWhatCanWait_UntilTheyEndByTheUsersClock_AndNothingThatIsUrgent()
    {
        // 10:00 in India, 05:30 in Berlin.
        await _app.SetAsync(_asha, new
        {
            TimeZone = "Europe/Berlin", QuietHours = new { From = "22:00", To = "07:00" }, Kinds = Array.Empty<object>(),
        });
        await _app.TellAsync(_asha, NoticeKinds.WalletLow, Low);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await _app.NoticesAsync(_asha, 2);
        await _app.MailAsync(_asha, "RELIANCE is above 2,500.00");
        await Eventually.TrueAsync(async () => (await HeldAsync()).Length == 1, "the other is held");
        Assert.Equal(
            new DateTimeOffset(2024, 1, 2, 6, 0, 0, TimeSpan.Zero), (await HeldAsync())[0].GetProperty("notBefore").GetDateTimeOffset());

        _app.Clock.JumpTo(new DateTimeOffset(2024, 1, 2, 5, 59, 59, TimeSpan.Zero));
        Assert.Single(await HeldAsync());
        Assert.DoesNotContain(_app.Mailbox.Latest, one => one.Subject == "The wallet runs low");
        await _app.AdvanceUntilAsync(
            TimeSpan.FromSeconds(1), () => Task.FromResult(_app.Mailbox.Latest.Any(one => one.Subject == "The wallet runs low")),
            "it is sent when they end");
    }

    [Fact]
    public async Task Mail_ThatTheServerDoesNotTakeNow_IsSentLater()
    {
        ShakyMail shaky = new() { Failures = 2 };
        await using NoticeApp app = await NoticeApp.StartAsync(services => shaky.Around(services));
        string bela = await app.UserAsync();
        shaky.Armed = true;
        await app.TellAsync(bela, NoticeKinds.WalletLow, Low);
        await app.AdvanceUntilAsync(
            TimeSpan.FromSeconds(1), () => Task.FromResult(app.Mailbox.Latest.Any(one => one.Subject == "The wallet runs low")),
            "the mail is sent at the third try");
        await Eventually.TrueAsync(
            async () => (await app.JobsAsync("kind=EMAIL&status=completed")).Any(job => job.GetProperty("attempts").GetInt32() == 3),
            "its job says so");
    }

    private Task<JsonElement[]> HeldAsync() => FilterAsync(job => job.GetProperty("notBefore").ValueKind == JsonValueKind.String);

    private async Task<JsonElement[]> FilterAsync(Func<JsonElement, bool> wanted) =>
        [.. (await _app.JobsAsync("kind=EMAIL&status=waiting")).Where(wanted)];

    private async Task<JsonElement[]> DevicesAsync() =>
        [.. (await _app.GetAsync(_asha, "notifications/devices")).Body.GetProperty("data").EnumerateArray()];

    private async Task<ReceivedMessage> ReceivedAsync()
    {
        await Eventually.TrueAsync(() => _app.Outside.Received.Count > 0, "a message is received");
        return Assert.Single(_app.Outside.Received);
    }

    // Takes off what is left of the refusals.
    private async Task DrainAsync()
    {
        using HttpClient client = new() { BaseAddress = _app.Host.BaseAddress };
        HttpStatusCode answer;
        do
        {
            using StringContent nothing = new("""{"chat_id":0,"text":""}""");
            using HttpResponseMessage drained = await client.PostAsync("/dev/telegram/drain/sendMessage", nothing);
            answer = drained.StatusCode;
        }
        while (answer != HttpStatusCode.OK);
        _app.Outside.Forget();
    }
}
