using System.Net;
using System.Text.Json;
using FinVault.Notifications;
using FinVault.Platform.Outbox;
using FinVault.Tests.Identity;
using FinVault.Tests.Local.SignalR;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Eventually = FinVault.Tests.Support.Eventually;

namespace FinVault.Tests.Notifications;

/// <summary>What users are told in the app, over HTTP and on the live connection.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    private static readonly object Alert = new { Symbol = "RELIANCE", Condition = "above 2,500.00", Price = "2,512.40" };

    private NoticeApp _app = null!;
    private string _asha = "";

    public async Task InitializeAsync()
    {
        _app = await NoticeApp.StartAsync();
        _asha = await _app.UserAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Message_IsANoticeAndAMail_OnceHoweverOftenItComes()
    {
        OutboxMessage message = await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        JsonElement notice = Assert.Single(await _app.NoticesAsync(_asha, 1));
        Assert.Equal("RELIANCE is above 2,500.00", notice.GetProperty("title").GetString());
        Assert.Equal(("high", "#/symbol/RELIANCE"), (
            notice.GetProperty("importance").GetString(), notice.GetProperty("link").GetString()));
        Mail mail = await _app.MailAsync(_asha, "RELIANCE is above 2,500.00");
        Assert.Contains("2,512.40", mail.Text, StringComparison.Ordinal);
        Assert.Contains("2,512.40", mail.Html, StringComparison.Ordinal);

        await TellAgainAsync(message);
        await _app.TellAsync(_asha, NoticeKinds.Reminder, new { Title = "last", Text = "later" });
        await _app.NoticesAsync(_asha, 2);
        await _app.MailAsync(_asha, "last");
        Assert.Equal(2, (await _app.NoticesAsync(_asha)).Length);
        Assert.Single(_app.Mailbox.Latest, one => one.Subject == mail.Subject);
    }

    [Fact]
    public async Task Notices_AreTheirUsersAlone()
    {
        string bela = await _app.UserAsync();
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        string id = (await _app.NoticesAsync(_asha, 1))[0].GetProperty("id").GetString()!;
        Assert.Empty(await _app.NoticesAsync(bela));
        Answer stolen = await _app.SendAsync(bela, HttpMethod.Post, $"notifications/{id}/read");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_notice"), (stolen.Status, stolen.Code));
        Assert.Equal(1, Unread(await _app.GetAsync(_asha, "notifications/unread")));
        Assert.Equal(0, Unread(await _app.GetAsync(bela, "notifications/unread")));
    }

    [Fact]
    public async Task Notices_ArePagedReadAndCounted()
    {
        for (int i = 0; i < 5; i++)
        {
            _app.Clock.Advance(TimeSpan.FromSeconds(1));
            await _app.TellAsync(_asha, NoticeKinds.Reminder, new { Title = $"number {i}", Text = "" });
        }

        await _app.NoticesAsync(_asha, 5);
        Answer first = await _app.GetAsync(_asha, "notifications?limit=2");
        Answer second = await _app.GetAsync(
            _asha, $"notifications?limit=3&cursor={first.Body.GetProperty("nextCursor").GetString()}");
        Assert.Equal(["number 4", "number 3"], Titles(first));
        Assert.Equal(["number 2", "number 1", "number 0"], Titles(second));
        Assert.False(second.Body.TryGetProperty("nextCursor", out _));

        string id = first.Body.GetProperty("data")[0].GetProperty("id").GetString()!;
        Answer read = await _app.SendAsync(_asha, HttpMethod.Post, $"notifications/{id}/read");
        Assert.Equal(JsonValueKind.String, read.Body.GetProperty("readAt").ValueKind);
        Assert.Equal(4, Unread(await _app.GetAsync(_asha, "notifications/unread")));
        Assert.Equal(["number 3", "number 2", "number 1", "number 0"], Titles(await _app.GetAsync(_asha, "notifications?show=unread")));
        Answer all = await _app.SendAsync(_asha, HttpMethod.Post, "notifications/read");
        Assert.Equal(4, all.Body.GetProperty("marked").GetInt32());
        Assert.Empty(await _app.NoticesAsync(_asha, "?show=unread"));
        Assert.Equal("invalid_cursor", (await _app.GetAsync(
            _asha, $"notifications?show=unread&cursor={first.Body.GetProperty("nextCursor").GetString()}")).Code);
    }

    [Fact]
    public async Task Notice_ComesOnTheLiveConnectionOfItsUserOnly()
    {
        using RawClient hers = await ConnectAsync(_asha);
        using RawClient others = await ConnectAsync("USER_01ARZ3NDEKTSV4RRFFQ69G5FAW");
        using RawClient nobodys = await ConnectAsync(null);
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        JsonElement came = await hers.NextAsync(record => record.GetProperty("type").GetInt32() == 1);
        Assert.Equal("notice", came.GetProperty("target").GetString());
        Assert.Equal("alert.fired", came.GetProperty("arguments")[0].GetProperty("kind").GetString());
        foreach (RawClient other in new[] { others, nobodys })
        {
            // The next that they get is the answer to their own call.
            await other.SendAsync("""{"type":1,"invocationId":"1","target":"WatchBoard","arguments":[""]}""");
            JsonElement next = await other.NextAsync(record => record.GetProperty("type").GetInt32() is 1 or 3);
            Assert.Equal(3, next.GetProperty("type").GetInt32());
        }
    }

    [Fact]
    public async Task TooMany_AreFoldedIntoOneThatSaysHowMany_AndMailed_NoMore()
    {
        const int Sent = 42;
        const int AnHour = 30;
        for (int i = 0; i < Sent; i++)
        {
            await _app.TellAsync(_asha, NoticeKinds.WalletLow, new { Currency = "INR", Available = i, Threshold = 100 });
        }

        await Eventually.TrueAsync(
            async () => (await _app.NoticesAsync(_asha)).Any(one => one.GetProperty("title").GetString() == "12 more"),
            "the rest is folded");
        JsonElement[] all = await _app.NoticesAsync(_asha);
        Assert.Equal(AnHour + 1, all.Length);
        JsonElement more = Assert.Single(all, one => one.GetProperty("kind").GetString() == "more");
        Assert.Equal(Sent - AnHour, more.GetProperty("count").GetInt32());
        await Eventually.TrueAsync(() => Mails("The wallet runs low") == AnHour, "those that were told are mailed");

        // The next hour is a new one, and what matters much has room of its own.
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await _app.MailAsync(_asha, "RELIANCE is above 2,500.00");
        _app.Clock.Jump(TimeSpan.FromHours(1));
        await _app.TellAsync(_asha, NoticeKinds.WalletLow, new { Currency = "INR", Available = 1, Threshold = 100 });
        await Eventually.TrueAsync(() => Mails("The wallet runs low") == AnHour + 1, "the next hour is told again");
    }

    [Fact]
    public async Task Kind_ThatIsSwitchedOff_IsNotTold_AndOneForMailOnly_IsNotListed()
    {
        await _app.SetAsync(_asha, new
        {
            TimeZone = "Asia/Kolkata",
            Kinds = new object[]
            {
                new { Kind = "wallet.low", Channels = Array.Empty<string>() },
                new { Kind = "alert.fired", Channels = new[] { "email" } },
            },
        });
        await _app.TellAsync(_asha, NoticeKinds.WalletLow, new { Currency = "INR", Available = 1, Threshold = 100 });
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, Alert);
        await _app.MailAsync(_asha, "RELIANCE is above 2,500.00");
        Assert.Empty(await _app.NoticesAsync(_asha));
        Assert.Equal(0, Mails("The wallet runs low"));
    }

    [Theory]
    [InlineData("""{"timeZone":"Nowhere/Land","quietHours":null,"kinds":[]}""", "invalid_preferences")]
    [InlineData("""{"timeZone":"Asia/Kolkata","quietHours":{"from":"22:00","to":"22:00"},"kinds":[]}""", "invalid_preferences")]
    [InlineData("""{"timeZone":"Asia/Kolkata","quietHours":{"from":"25:00","to":"07:00"},"kinds":[]}""", "invalid_preferences")]
    [InlineData("""{"timeZone":"Asia/Kolkata","quietHours":null,"kinds":[{"kind":"nothing","channels":[]}]}""", "invalid_preferences")]
    [InlineData("""{"timeZone":"Asia/Kolkata","quietHours":null,"kinds":[{"kind":"security.newDevice","channels":["inApp"]}]}""", "invalid_preferences")]
    [InlineData("""{"timeZone":"Asia/Kolkata","quietHours":null,"kinds":[{"kind":"wallet.low","channels":["pigeon"]}]}""", "invalid_body")]
    public async Task Preferences_ThatMakeNoSense_OrSwitchOffSafety_AreRefused(string body, string code)
    {
        Answer answer = await _app.SendAsync(
            _asha, HttpMethod.Put, "notifications/preferences", JsonElement.Parse(body));
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Preferences_AreKept_WithTheDefaultsOfTheRest()
    {
        await _app.SetAsync(_asha, new
        {
            TimeZone = "Europe/Berlin", QuietHours = new { From = "22:00", To = "07:00" },
            Kinds = new[] { new { Kind = "security.newDevice", Channels = new[] { "email", "inApp", "telegram" } } },
        });
        Answer kept = await _app.GetAsync(_asha, "notifications/preferences");
        PreferencesView view = kept.Read<PreferencesView>();
        Assert.Equal(("Europe/Berlin", new QuietHours("22:00", "07:00")), (view.TimeZone, view.QuietHours));
        Assert.Equal(NoticeKinds.All.Count, view.Kinds.Count);
        KindView device = view.Kinds.Single(kind => kind.Kind == NoticeKinds.NewDevice);
        Assert.Equal([NoticeChannel.InApp, NoticeChannel.Email, NoticeChannel.Telegram], device.Channels);
        Assert.Equal([NoticeChannel.InApp, NoticeChannel.Email], device.Locked);
        Assert.Equal(NoticeKinds.Find(NoticeKinds.WalletLow)!.Channels, view.Kinds.Single(k => k.Kind == NoticeKinds.WalletLow).Channels);
    }

    [Fact]
    public void EveryKind_HasAText_WhateverItsMessageLacks()
    {
        NoticeTexts texts = new();
        foreach (NoticeKind kind in NoticeKinds.All)
        {
            NoticeText text = texts.Compose(kind.Key, JsonElement.Parse("{}"), TimeZoneInfo.Utc);
            Assert.True(kind.Key == NoticeKinds.Reminder || text.Title.Length > 3, kind.Key);
        }
    }

    [Fact]
    public async Task Mail_EscapesWhatIsNotOurs()
    {
        await _app.TellAsync(_asha, NoticeKinds.AlertFired, new
        {
            Symbol = "<script>alert(1)</script>", Condition = "\"&'\r\nBcc: eve@example.in", Price = "1",
        });
        await Eventually.TrueAsync(() => _app.Mailbox.Latest.Any(one => one.Html is not null), "mail");
        Mail mail = _app.Mailbox.Latest.First(one => one.Html is not null);
        Assert.DoesNotContain("<script>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mail.Subject);
    }

    private async Task<RawClient> ConnectAsync(string? user)
    {
        Answer connection = user is null
            ? await _app.CallAsync("realtime/negotiate", new { })
            : await _app.SendAsync(user, HttpMethod.Post, "realtime/negotiate");
        return await RawClient.ConnectAsync(
            connection.Body.GetProperty("url").GetString()!, connection.Body.GetProperty("accessToken").GetString()!);
    }

    // As after a crash between telling and marking.
    private Task<ItemResponse<OutboxMessage>> TellAgainAsync(OutboxMessage message) => _app.Identities.PatchItemAsync<OutboxMessage>(
        message.Id, new PartitionKey(message.Partition), [PatchOperation.Set<DateTimeOffset?>("/deliveredAt", null)]);

    private int Mails(string subject) => _app.Mailbox.Latest.Count(one => one.Subject == subject);

    private static int Unread(Answer answer) => answer.Body.GetProperty("unread").GetInt32();

    private static string[] Titles(Answer answer) =>
        [.. answer.Body.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("title").GetString()!)];
}
